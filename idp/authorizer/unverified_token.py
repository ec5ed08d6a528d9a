"""Take a compact JWS apart, strictly, and believe nothing in it."""

import binascii
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NoReturn

import orjson

from idp.authorizer.strict_json import AmbiguousObject, require_unique_members

RefusalReason = Literal[
    "malformed",
    "algorithm",
    "wrong_issuer",
    "unknown_key",
    "bad_signature",
    "expired",
    "not_yet_valid",
    "wrong_use",
    "wrong_audience",
    "missing_scope",
]

MAX_HEADER_CHARACTERS: Final = 2_048
MAX_PAYLOAD_CHARACTERS: Final = 65_536
MAX_SIGNATURE_CHARACTERS: Final = 2_048

_TO_STANDARD_ALPHABET: Final = bytes.maketrans(b"-_+/=", b"+/!!!")


class TokenRefused(Exception):
    """A token does not prove what was asked; `reason` is for programs, `message` for people."""

    def __init__(self, reason: RefusalReason, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


@dataclass(frozen=True, slots=True)
class UnverifiedToken:
    """The parts of a token.

    Attributes:
        signed_part: the very bytes the signature is over.
        payload: JSON, as it came.
        claims: the same, parsed.
    """

    signed_part: bytes = field(repr=False)
    header: dict[str, Any]
    payload: bytes = field(repr=False)
    claims: dict[str, Any] = field(repr=False)
    signature: bytes = field(repr=False)


def parse_token(token: str) -> UnverifiedToken:
    """Split and decode a token; whether its claims name a member twice is left to `require_unique_claims`.

    Raises:
        TokenRefused: it is too long, not three parts of base64url, or not two JSON objects.

    Source: RFC 7515 section 5.2, steps 1 to 7; RFC 8725 section 3.
    """
    try:
        signed_part, signature = token.encode("ascii").rsplit(b".", 1)
        header, payload = signed_part.split(b".")
    except ValueError:
        refuse_malformed("A token has three parts of ASCII.")
    if (
        len(header) > MAX_HEADER_CHARACTERS
        or len(payload) > MAX_PAYLOAD_CHARACTERS
        or len(signature) > MAX_SIGNATURE_CHARACTERS
    ):
        refuse_malformed("The token is too long.")
    raw_header, raw_payload = _decoded(header), _decoded(payload)
    parsed_header = _object(raw_header)
    _require_unique(raw_header, parsed_header)
    return UnverifiedToken(signed_part, parsed_header, raw_payload, _object(raw_payload), _decoded(signature))


def require_unique_claims(token: UnverifiedToken) -> None:
    """Check that no claim is named twice; worth its price only once the signature is verified.

    Raises:
        TokenRefused: one is.
    """
    _require_unique(token.payload, token.claims)


def refuse_malformed(message: str) -> NoReturn:
    """Raise TokenRefused for a token that breaks the format."""
    raise TokenRefused("malformed", message) from None


def _decoded(part: bytes) -> bytes:
    """Decode base64url strictly: one text for each value, so that no changed token stays valid.

    Source: RFC 7515 section 2; RFC 4648 sections 3.3 and 3.5.
    """
    standard = part.translate(_TO_STANDARD_ALPHABET) + b"=" * (-len(part) % 4)
    try:
        value = binascii.a2b_base64(standard, strict_mode=True)
    except binascii.Error:
        refuse_malformed("A part of the token is not base64url.")
    partial = len(value) % 3
    if partial and binascii.b2a_base64(value[-partial:], newline=False) != standard[-4:]:
        refuse_malformed("A part of the token is not base64url.")
    return value


def _object(text: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        refuse_malformed("A part of the token is not JSON.")
    if not isinstance(value, dict):
        refuse_malformed("A part of the token is not a JSON object.")
    return value


def _require_unique(text: bytes, parsed: dict[str, Any]) -> None:
    try:
        require_unique_members(text, parsed)
    except AmbiguousObject:
        refuse_malformed("A part of the token names a member twice.")
