"""Who signed a request: from its signature to a `Principal`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from idp.authorizer.sigv4 import (
    Signature,
    SignatureRefused,
    WireRequest,
    check_scope,
    check_signature,
    parse_signature,
)
from idp.domain.principal import Principal, root_of
from idp.flows.principals import SignerExpired, SignerUnknown, find_signer, is_known

if TYPE_CHECKING:
    from idp.aws.directory import Service
    from idp.aws.http import HttpRequest
    from idp.services import Services

ACCOUNT_ID = re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True)
class Caller:
    """A verified signer and the region that the signature's scope names."""

    principal: Principal
    region: str


def authenticate(services: Services, service: Service, request: HttpRequest) -> Caller:
    """Verify a request's signature.

    With `settings.any_credentials`, keys that the store does not know are taken for the root of an account: of the one
    they name if they are 12 digits, else of the default one. Keys that it knows are verified all the same.

    Raises:
        SignatureRefused: not signed, or not by whom it says; `code` is the JSON protocols' name.

    Source: spec SIGV4 sections 5 to 7.
    """
    wire = WireRequest(request.method, request.raw_path, request.raw_query, request.headers, request.body)
    signature = parse_signature(wire, unsigned_message=service.unsigned_message)
    if services.settings.any_credentials and not is_known(services, signature.access_key_id):
        return _any_caller(services, signature)
    check_scope(signature, service=service.signing_name, now=services.clock.now(), window=service.clock_skew)
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
    check_signature(wire, signature, signer.secret_access_key)
    return Caller(signer.principal, signature.region)


def _any_caller(services: Services, signature: Signature) -> Caller:
    key = signature.access_key_id
    account = key if ACCOUNT_ID.fullmatch(key) else services.settings.account
    return Caller(root_of(account, key), signature.region or services.settings.region)
