"""Who signed a request by Signature Version 4: from the wire to a `Principal`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from idp.authorizer.sigv4 import (
    Signature,
    SignatureRefused,
    SigningKeyCache,
    WireRequest,
    check_scope,
    check_signature,
    parse_signature,
)
from idp.domain.principal import Principal, root_of
from idp.flows.principals import SignerExpired, SignerUnknown, find_signer, is_known

if TYPE_CHECKING:
    from idp.services import Services

ACCOUNT_ID = re.compile(r"[0-9]{12}")
UNSIGNED = "Missing Authentication Token"
CLOCK_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Caller:
    """A verified signer and the region that the signature's scope names."""

    principal: Principal
    region: str


def authenticate(
    services: Services,
    request: WireRequest,
    *,
    signing_name: str,
    clock_skew: timedelta = CLOCK_SKEW,
    unsigned_message: str = UNSIGNED,
    keys: SigningKeyCache | None = None,
    explain: bool = False,
) -> Caller:
    """Verify a request's signature.

    With `settings.any_credentials`, keys that the store does not know are taken for the root of an account: of the one
    they name if they are 12 digits, else of the default one. Keys that it knows are verified all the same.

    Args:
        signing_name: the service that the signature's scope must name.
        clock_skew: how far the signature's time may be off.
        unsigned_message: the sentence for a request without a signature.
        keys: where derived keys are kept; None derives anew.
        explain: tell of a wrong signature what was to be signed.

    Raises:
        SignatureRefused: not signed, or not by whom it says; `code` is the JSON protocols' name.

    Source: spec SIGV4 sections 5 to 7.
    """
    signature = parse_signature(request, unsigned_message=unsigned_message)
    if services.settings.any_credentials and not is_known(services, signature.access_key_id):
        return _any_caller(services, signature)
    check_scope(signature, service=signing_name, now=services.clock.now(), window=clock_skew)
    try:
        signer = find_signer(services, signature.access_key_id, signature.session_token)
    except SignerExpired as error:
        raise SignatureRefused(
            "ExpiredTokenException", "The security token included in the request is expired"
        ) from error
    except SignerUnknown as error:
        raise SignatureRefused(
            "UnrecognizedClientException", "The security token included in the request is invalid."
        ) from error
    check_signature(request, signature, signer.secret_access_key, keys=keys, explain=explain)
    return Caller(signer.principal, signature.region)


def _any_caller(services: Services, signature: Signature) -> Caller:
    key = signature.access_key_id
    account = key if ACCOUNT_ID.fullmatch(key) else services.settings.account
    return Caller(root_of(account, key), signature.region or services.settings.region)
