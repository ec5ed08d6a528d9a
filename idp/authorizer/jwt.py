"""Verify JSON Web Tokens as Amazon Cognito issues them."""

import binascii
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, NewType, NoReturn, Protocol

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512

from idp.authorizer.strict_json import AmbiguousObject, require_unique_members

SignedClaims = NewType("SignedClaims", Mapping[str, Any])
"""Claims of a token whose signature, issuer and times were verified. Values are as the token's JSON has them."""

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

_HASHES: Final = {"RS256": SHA256(), "RS384": SHA384(), "RS512": SHA512()}
_PADDING: Final = PKCS1v15()
_ACCESS: Final = "access"
_TO_STANDARD_ALPHABET: Final = bytes.maketrans(b"-_+/=", b"+/!!!")
_NO_LEEWAY: Final = timedelta(0)


class TokenRefused(Exception):
    """A token does not prove what was asked; `reason` is for programs, `message` for people."""

    def __init__(self, reason: RefusalReason, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


class KeySource(Protocol):
    """Where public keys come from."""

    def key(self, issuer: str, kid: str) -> RSAPublicKey | None:
        """Return the key an issuer publishes under a key id; None when there is none.

        Both arguments come from a token nobody has verified.
        """


@dataclass(frozen=True, slots=True)
class TokenVerifier:
    """What one application demands of its tokens; see `verify_token` for the meaning of each demand."""

    keys: KeySource = field(repr=False)
    issuers: Collection[str]
    token_use: str | None
    audiences: Collection[str] | None = None
    scopes: Collection[str] = ()
    leeway: timedelta = _NO_LEEWAY
    algorithms: frozenset[str] = frozenset({"RS256"})
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC), repr=False)

    def verify(self, unverified_token: str) -> SignedClaims:
        """Return the claims of a token that meets every demand.

        Raises:
            TokenRefused: it does not.
        """
        return verify_token(
            unverified_token,
            self.keys,
            now=self.clock(),
            issuers=self.issuers,
            token_use=self.token_use,
            audiences=self.audiences,
            scopes=self.scopes,
            leeway=self.leeway,
            algorithms=self.algorithms,
        )


def verify_token(
    unverified_token: str,
    keys: KeySource,
    *,
    now: datetime,
    issuers: Collection[str] | None,
    token_use: str | None,
    audiences: Collection[str] | None = None,
    scopes: Collection[str] = (),
    leeway: timedelta = _NO_LEEWAY,
    algorithms: frozenset[str] = frozenset({"RS256"}),
) -> SignedClaims:
    """Verify a token and return its claims.

    Args:
        unverified_token: compact JWS, without `Bearer `.
        keys: asked only for allowed issuers.
        now: aware UTC.
        issuers: allowed values of `iss`; None leaves the choice to `keys`.
        token_use: `id` or `access`; None accepts any token, also of issuers other than Cognito.
        audiences: allowed client ids, found in `aud` of an ID token and in `client_id` of an access token; without
            `token_use`, in `client_id` only when there is no `aud`. None accepts any.
        scopes: at least one of them must be granted; none demanded when empty.
        leeway: tolerated difference of the clocks.
        algorithms: allowed JWS algorithms, of RS256, RS384 and RS512.

    Raises:
        TokenRefused: at the first check that fails, in the order of `RefusalReason`.

    Source: Amazon Cognito Developer Guide, "Verifying JSON web tokens"; RFC 7515 section 5.2; RFC 8725 section 3.
    """
    signed_part, header, payload, signature = _parsed(unverified_token)
    unverified_claims = _object(payload)
    algorithm = _algorithm(header, algorithms)
    key = _key(keys, header, unverified_claims, issuers)
    try:
        key.verify(signature, signed_part, _PADDING, _HASHES[algorithm])
    except InvalidSignature:
        raise TokenRefused("bad_signature", "The signature does not verify.") from None
    claims = SignedClaims(_without_duplicates(payload, unverified_claims))
    _require_current(claims, now=now, leeway=leeway)
    _require_use(claims, token_use)
    _require_audience(claims, audiences, token_use)
    _require_scope(claims, scopes)
    return claims


def granted_scopes(claims: Mapping[str, Any]) -> frozenset[str]:
    """Return the scopes in `scope`, or else in `scp`: space-separated text, or a list of texts."""
    value = claims.get("scope", claims.get("scp"))
    if isinstance(value, str):
        return frozenset(value.split())
    return frozenset(item for item in value if isinstance(item, str)) if isinstance(value, list) else frozenset()


def _parsed(token: str) -> tuple[bytes, dict[str, Any], bytes, bytes]:
    """Return the signed bytes, the header, the payload's JSON and the signature."""
    try:
        signed_part, signature = token.encode("ascii").rsplit(b".", 1)
        header, payload = signed_part.split(b".")
    except ValueError:
        _refuse_malformed("A token has three parts of ASCII.")
    if (
        len(header) > MAX_HEADER_CHARACTERS
        or len(payload) > MAX_PAYLOAD_CHARACTERS
        or len(signature) > MAX_SIGNATURE_CHARACTERS
    ):
        _refuse_malformed("The token is too long.")
    raw_header = _decoded(header)
    parsed_header = _without_duplicates(raw_header, _object(raw_header))
    return signed_part, parsed_header, _decoded(payload), _decoded(signature)


def _decoded(part: bytes) -> bytes:
    """Decode base64url strictly: one text for each value, so that no changed token stays valid.

    Source: RFC 7515 section 2; RFC 4648 sections 3.3 and 3.5.
    """
    standard = part.translate(_TO_STANDARD_ALPHABET) + b"=" * (-len(part) % 4)
    try:
        value = binascii.a2b_base64(standard, strict_mode=True)
    except binascii.Error:
        _refuse_malformed("A part of the token is not base64url.")
    partial = len(value) % 3
    if partial and binascii.b2a_base64(value[-partial:], newline=False) != standard[-4:]:
        _refuse_malformed("A part of the token is not base64url.")
    return value


def _object(text: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        _refuse_malformed("A part of the token is not JSON.")
    if not isinstance(value, dict):
        _refuse_malformed("A part of the token is not a JSON object.")
    return value


def _without_duplicates(text: bytes, parsed: dict[str, Any]) -> dict[str, Any]:
    try:
        require_unique_members(text, parsed)
    except AmbiguousObject:
        _refuse_malformed("A part of the token names a member twice.")
    return parsed


def _algorithm(header: dict[str, Any], allowed: frozenset[str]) -> str:
    """Return the algorithm, which the verifier chooses and the token may only confirm.

    Source: RFC 8725 section 3.1.
    """
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in allowed or algorithm not in _HASHES:
        raise TokenRefused("algorithm", "The token's algorithm is not allowed.")
    if "crit" in header:
        _refuse_malformed("The token has critical header parameters, and none is understood.")
    return algorithm


def _key(
    keys: KeySource, header: dict[str, Any], unverified_claims: dict[str, Any], issuers: Collection[str] | None
) -> RSAPublicKey:
    issuer, kid = unverified_claims.get("iss"), header.get("kid")
    if not isinstance(issuer, str) or (issuers is not None and issuer not in issuers):
        raise TokenRefused("wrong_issuer", "The token's issuer is not allowed.")
    key = keys.key(issuer, kid) if isinstance(kid, str) else None
    if key is None:
        raise TokenRefused("unknown_key", "The token's issuer publishes no such key.")
    return key


def _require_current(claims: SignedClaims, *, now: datetime, leeway: timedelta) -> None:
    seconds, tolerance = now.timestamp(), leeway.total_seconds()
    if seconds >= _seconds(claims, "exp") + tolerance:
        raise TokenRefused("expired", "The token has expired.")
    for name in ("nbf", "iat"):
        if name in claims and _seconds(claims, name) > seconds + tolerance:
            raise TokenRefused("not_yet_valid", "The token is not yet valid.")


def _seconds(claims: SignedClaims, name: str) -> int:
    value = claims.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        _refuse_malformed(f"The claim {name} is not a whole number of seconds.")
    return value


def _require_use(claims: SignedClaims, token_use: str | None) -> None:
    if token_use is not None and claims.get("token_use") != token_use:
        raise TokenRefused("wrong_use", f"The token is not an {token_use} token.")


def _require_audience(claims: SignedClaims, audiences: Collection[str] | None, token_use: str | None) -> None:
    if audiences is None:
        return
    by_client_id = token_use == _ACCESS or (token_use is None and "aud" not in claims)
    value = claims.get("client_id" if by_client_id else "aud")
    held = value if isinstance(value, list) else [value]
    if not any(isinstance(item, str) and item in audiences for item in held):
        raise TokenRefused("wrong_audience", "The token was issued for another client.")


def _require_scope(claims: SignedClaims, scopes: Collection[str]) -> None:
    if scopes and granted_scopes(claims).isdisjoint(scopes):
        raise TokenRefused("missing_scope", "The token lacks the scope.")


def _refuse_malformed(message: str) -> NoReturn:
    raise TokenRefused("malformed", message) from None
