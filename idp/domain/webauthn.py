"""WebAuthn: the check of what a browser answers that was asked to make a passkey, or to sign with one.

Signatures and encodings are checked by py_webauthn. What the API has an exception for is checked here first, so that
each fault has its own word.  Source: W3C WebAuthn Level 3 sections 7.1 and 7.2; spec USER_POOLS section 7.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from cryptography.exceptions import UnsupportedAlgorithm
from webauthn.authentication.verify_authentication_response import verify_authentication_response
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    parse_attestation_object,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.cose import COSECRV, COSEAlgorithmIdentifier
from webauthn.helpers.decode_credential_public_key import DecodedEC2PublicKey, DecodedRSAPublicKey
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.registration.verify_registration_response import verify_registration_response

from idp.domain.errors import (
    WebAuthnCredentialNotSupported,
    WebAuthnOriginNotAllowed,
    WebAuthnRefused,
    WebAuthnRelyingPartyMismatch,
)
from idp.domain.relying_party import ES256, RS256, RelyingParty

if TYPE_CHECKING:
    from idp.domain.passkey import Passkey

ALGORITHMS = (COSEAlgorithmIdentifier(ES256), COSEAlgorithmIdentifier(RS256))
RSA_BITS = range(2048, 8192 + 1)

# What parsers raise on bytes that are no authenticator's.
_MALFORMED = (
    WebAuthnException,
    UnsupportedAlgorithm,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    struct.error,
)


@dataclass(frozen=True, slots=True)
class Attested:
    """What a new passkey says of itself.

    Attributes:
        public_key: COSE_Key, base64url.
        aaguid: make of the authenticator, a UUID.
    """

    id: str
    public_key: str = field(repr=False)
    sign_count: int
    aaguid: str
    attachment: str | None
    transports: tuple[str, ...]


def challenge_of(credential: object) -> str:
    """Return the challenge that a browser says it answers, base64url; nothing is checked by that.

    Raises:
        WebAuthnRefused: it is no credential.
    """
    with _parsing():
        parsed = parse_registration_credential_json(cast("dict[str, Any]", credential))
        return bytes_to_base64url(parse_client_data_json(parsed.response.client_data_json).challenge)


def verify_registration(relying_party: RelyingParty, credential: object, *, challenge: str) -> Attested:
    """Check RegistrationResponseJSON, and return the passkey in it.

    Raises:
        WebAuthnOriginNotAllowed, WebAuthnRelyingPartyMismatch, WebAuthnCredentialNotSupported; WebAuthnRefused: it is
        malformed, or not for this challenge.
    """
    document = cast("dict[str, Any]", credential)  # the parser refuses what is none
    with _parsing():
        parsed = parse_registration_credential_json(document)
        origin = _checked_origin(relying_party, parsed.response.client_data_json)
        told = parse_attestation_object(parsed.response.attestation_object).auth_data
        if not hmac.compare_digest(told.rp_id_hash, hashlib.sha256(relying_party.id.encode()).digest()):
            raise WebAuthnRelyingPartyMismatch
        if relying_party.requires_user_verification and not told.flags.uv:
            raise WebAuthnCredentialNotSupported("The authenticator did not verify the user.")
        if told.attested_credential_data is None:
            raise WebAuthnRefused
        _require_supported_key(told.attested_credential_data.credential_public_key)
        verified = verify_registration_response(
            credential=parsed,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=relying_party.id,
            expected_origin=origin,
            require_user_verification=relying_party.requires_user_verification,
            supported_pub_key_algs=list(ALGORITHMS),
        )
        if verified.credential_id != parsed.raw_id:
            raise WebAuthnRefused
        attachment = parsed.authenticator_attachment
        return Attested(
            id=bytes_to_base64url(verified.credential_id),
            public_key=bytes_to_base64url(verified.credential_public_key),
            sign_count=verified.sign_count,
            aaguid=verified.aaguid,
            attachment=None if attachment is None else attachment.value,
            transports=tuple(transport.value for transport in parsed.response.transports or ()),
        )


def verify_assertion(
    relying_party: RelyingParty, passkeys: Sequence[Passkey], credential: str, *, challenge: str, sub: str
) -> tuple[Passkey, int]:
    """Check AuthenticationResponseJSON.

    Args:
        passkeys: those that may sign.
        credential: JSON text.
        sub: of the user who signs in; an authenticator that names somebody else is refused.

    Returns:
        The passkey that signed, and its count of signatures, which is above the one before if it counts.

    Raises:
        WebAuthnRefused.
    """
    with _parsing():
        parsed = parse_authentication_credential_json(credential)
        passkey = next((each for each in passkeys if each.id == bytes_to_base64url(parsed.raw_id)), None)
        handle = parsed.response.user_handle
        if passkey is None or (handle and not hmac.compare_digest(handle, sub.encode())):
            raise WebAuthnRefused
        verified = verify_authentication_response(
            credential=parsed,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=relying_party.id,
            expected_origin=_checked_origin(relying_party, parsed.response.client_data_json),
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=relying_party.requires_user_verification,
        )
        return passkey, verified.new_sign_count


def _checked_origin(relying_party: RelyingParty, client_data_json: bytes) -> str:
    """Return the origin of the page, which must be the relying party's and not a frame in another's page."""
    client_data = parse_client_data_json(client_data_json)
    if client_data.cross_origin or not relying_party.has_origin(client_data.origin):
        raise WebAuthnOriginNotAllowed
    return client_data.origin


def _require_supported_key(public_key: bytes) -> None:
    """Check kind and size of a new key, and that it is a key at all.

    Raises:
        WebAuthnCredentialNotSupported.
    """
    key = decode_credential_public_key(public_key)
    if isinstance(key, DecodedEC2PublicKey):
        is_supported = key.alg == ALGORITHMS[0] and key.crv == COSECRV.P256
    elif isinstance(key, DecodedRSAPublicKey):
        is_supported = key.alg == ALGORITHMS[1] and len(key.n.lstrip(b"\0")) * 8 in RSA_BITS
    else:
        is_supported = False
    if not is_supported:
        raise WebAuthnCredentialNotSupported("The algorithm of the passkey is not supported.")
    decoded_public_key_to_cryptography(key)


@contextmanager
def _parsing() -> Iterator[None]:
    """Turn whatever parsers raise on foreign bytes into a refusal."""
    try:
        yield
    except WebAuthnRefused:
        raise
    except _MALFORMED as error:
        raise WebAuthnRefused("The credential is malformed, or does not answer the challenge.") from error
