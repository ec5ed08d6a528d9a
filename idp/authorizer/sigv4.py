"""Verify AWS Signature Version 4: scope first, then, once the caller has found the secret, the signature itself."""

import hmac
import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256

from idp.authorizer.canonical import canonical_requests, string_to_sign
from idp.authorizer.signature import (
    ALGORITHM,
    RefusalCode,
    Signature,
    SignatureRefused,
    WireRequest,
    amz_time,
    parse_signature,
)
from idp.authorizer.signing_keys import SigningKeyCache, signing_key

__all__ = [
    "RefusalCode",
    "Signature",
    "SignatureRefused",
    "SigningKeyCache",
    "WireRequest",
    "check_scope",
    "check_signature",
    "parse_signature",
    "verify_signature",
]

DEFAULT_WINDOW = timedelta(minutes=5)
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
MISMATCH = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
)

_log = logging.getLogger(__name__)


def verify_signature(
    request: WireRequest,
    signature: Signature,
    secret_key: str,
    *,
    service: str | Collection[str],
    now: datetime,
    window: timedelta = DEFAULT_WINDOW,
    region: str | None = None,
    keys: SigningKeyCache | None = None,
) -> None:
    """Check scope and signature of a request whose secret is already known.

    Raises:
        SignatureRefused: at the first check that fails, in AWS's order.
    """
    check_scope(signature, service=service, now=now, window=window, region=region)
    check_signature(request, signature, secret_key, keys=keys)


def check_scope(
    signature: Signature,
    *,
    service: str | Collection[str],
    now: datetime,
    window: timedelta = DEFAULT_WINDOW,
    region: str | None = None,
) -> None:
    """Check all that needs no secret: time, signed host, algorithm and credential scope.

    Args:
        signature: as parsed from the request.
        service: the signing name this endpoint answers to; of several, errors name the first.
        now: aware UTC.
        window: tolerated difference of the clocks; 15 minutes for STS, IAM and DynamoDB.
        region: the only region this endpoint answers to; None accepts any.

    Raises:
        SignatureRefused: at the first check that fails.

    Source: observed order and texts, spec/SIGV4.md section 5, steps 6 to 10.
    """
    _require_current(signature, now=now, window=window)
    if not {"host", ":authority"} & {name.lower() for name in signature.signed_headers}:
        raise _invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
    if signature.algorithm != ALGORITHM:
        raise SignatureRefused(
            "IncompleteSignatureException",
            f"Unsupported AWS 'algorithm': '{signature.algorithm}' (only AWS4-HMAC-SHA256 for now). ",
        )
    if signature.credential.count("/") != 4:
        raise SignatureRefused(
            "IncompleteSignatureException",
            "Credential must have exactly 5 slash-delimited elements, "
            f"e.g. keyid/date/region/service/term, got '{signature.credential}'",
        )
    services = (service,) if isinstance(service, str) else tuple(service)
    if faults := _scope_faults(signature, services=services, region=region):
        raise _invalid(faults)


def check_signature(
    request: WireRequest,
    signature: Signature,
    secret_key: str,
    *,
    keys: SigningKeyCache | None = None,
    allow_unsigned_payload: bool = False,
    double_encode: bool = True,
    explain: bool = False,
) -> None:
    """Compare the signature with the one the secret yields, in constant time.

    Args:
        request: as received.
        signature: as parsed from the request; its scope must have been checked.
        secret_key: of the access key that the signature names.
        keys: where derived keys are kept; None derives anew.
        allow_unsigned_payload: honour `x-amz-content-sha256: UNSIGNED-PAYLOAD`, which leaves the body unprotected.
        double_encode: the path is percent-encoded once more before signing, as for every service but S3.
        explain: add the expected canonical request and string to sign to the message, as API Gateway does.

    Raises:
        SignatureRefused: the signature, or a declared hash of the body, does not match.

    Source: spec/SIGV4.md sections 2, 3 and 5, step 12.
    """
    payload_hash = _payload_hash(request, allow_unsigned=allow_unsigned_payload)
    declared = request.header("x-amz-content-sha256")
    key = _key(secret_key, signature, keys)
    expected = ""
    for attempt, canonical in enumerate(
        canonical_requests(request, signature, payload_hash=payload_hash, double_encode=double_encode)
    ):
        text = string_to_sign(canonical, signature)
        if _matches(key, text, signature.signature) and declared in (None, payload_hash):
            if attempt:
                _log.info("signature of %s matched fall-back canonical form %d", signature.access_key_id, attempt)
            return
        expected = expected or _explanation(canonical, text)
    raise _invalid(MISMATCH + expected if explain else MISMATCH)


def _require_current(signature: Signature, *, now: datetime, window: timedelta) -> None:
    """Refuse a request from outside its time.

    Unknown: how an expired presigned request is worded outside S3; it gets the same sentence with its own lifetime.
    """
    lifetime = signature.expires_in or window
    if signature.requested_at < now - lifetime:
        raise _invalid(
            f"Signature expired: {signature.amz_date} is now earlier than {amz_time(now - lifetime)} "
            f"({amz_time(now)} - {lifetime / timedelta(minutes=1):g} min.)"
        )
    if signature.requested_at > now + window:
        raise _invalid(
            f"Signature not yet current: {signature.amz_date} is still later than {amz_time(now + window)} "
            f"({amz_time(now)} + {window / timedelta(minutes=1):g} min.)"
        )


def _scope_faults(signature: Signature, *, services: tuple[str, ...], region: str | None) -> str:
    faults = ""
    if not signature.region or region not in (None, signature.region):
        faults += f"Credential should be scoped to a valid region, not '{signature.region}'. "
    if signature.service not in services:
        faults += f"Credential should be scoped to correct service: '{services[0]}'. "
    if signature.terminator != "aws4_request":
        faults += f"Credential should be scoped with a valid terminator: 'aws4_request', not '{signature.terminator}'. "
    if signature.date != signature.amz_date[:8]:
        faults += (
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            f"'{signature.date}' != '{signature.amz_date[:8]}', from '{signature.amz_date}'."
        )
    return faults


def _payload_hash(request: WireRequest, *, allow_unsigned: bool) -> str:
    if allow_unsigned and request.header("x-amz-content-sha256") == UNSIGNED_PAYLOAD:
        return UNSIGNED_PAYLOAD
    return sha256(request.body).hexdigest()


def _key(secret_key: str, signature: Signature, keys: SigningKeyCache | None) -> bytes:
    if keys is not None:
        return keys.signing_key(secret_key, signature)
    return signing_key(secret_key, date=signature.date, region=signature.region, service=signature.service)


def _matches(key: bytes, text: str, unverified_signature: str) -> bool:
    expected = hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256").hex()
    return hmac.compare_digest(expected.encode(), unverified_signature.encode("utf-8", "surrogatepass"))


def _explanation(canonical_request: str, text: str) -> str:
    return (
        f"\n\nThe Canonical String for this request should have been\n'{canonical_request}'"
        f"\n\nThe String-to-Sign should have been\n'{text}'\n"
    )


def _invalid(message: str) -> SignatureRefused:
    return SignatureRefused("InvalidSignatureException", message)
