"""Signing in and out at SAML identity providers, as their service provider.

Source: SAML Profiles sections 4.1 and 4.4; spec USER_POOLS section 10.6.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from idp.domain.oauth_error import AuthorizationRefused
from idp.domain.provider_kinds import NAME_ID
from idp.domain.saml.expectation import Expectation
from idp.domain.saml.names import service_provider
from idp.domain.saml.redirect import redirect_url
from idp.domain.saml.refusal import SamlRefused
from idp.domain.saml.requests import authentication_request, logout_request
from idp.domain.upstream import UpstreamIdentity

if TYPE_CHECKING:
    from idp.domain.identity_provider import IdentityProvider
    from idp.domain.saml.assertion import Assertion
    from idp.domain.upstream import UpstreamRequest
    from idp.domain.user_pool import UserPool
    from idp.services import Services

MAX_RESPONSE = 100_000
"""Characters of a SAMLResponse.  Source: spec USER_POOLS section 13."""


def sign_on_url(services: Services, user_pool: UserPool, provider: IdentityProvider, request: UpstreamRequest) -> str:
    """Return the address at a provider that asks it who the user is."""
    endpoint = provider.saml.sign_on_url
    message = authentication_request(
        request.request_id,
        issuer=service_provider(user_pool.id),
        destination=endpoint,
        callback_url=request.callback_url,
        issued_at=services.clock.now(),
    )
    is_signed = "RequestSigningAlgorithm" in provider.details
    sign = _signer(services, user_pool) if is_signed else None
    return redirect_url(endpoint, message, relay_state=request.state, sign=sign)


def read_response(
    services: Services,
    user_pool: UserPool,
    provider: IdentityProvider,
    *,
    saml_response: str,
    callback_url: str,
    request_id: str | None,
) -> UpstreamIdentity:
    """Return whom a provider's answer names.

    Args:
        saml_response: the form field, base64.
        callback_url: where the answer arrived, as the provider was told.
        request_id: of the request that it answers; None for a sign-in that began at the provider, whose
            `assertion_id` the caller must spend.

    Raises:
        AuthorizationRefused: nothing in it is believed, or the provider tells of a failure.
    """
    from idp.domain.saml.response import read_response as read  # noqa: PLC0415 - MiB that most servers never need

    with _refusals_told():
        if request_id is None and provider.details.get("IDPInit") != "true":
            raise SamlRefused("The provider may not begin sign-ins")
        expected = _expectation(services, user_pool, provider, callback_url=callback_url, request_id=request_id)
        return _identity(read(_decoded(saml_response), expected))


def logout_url(
    services: Services,
    user_pool: UserPool,
    provider: IdentityProvider,
    *,
    name_id: str,
    session_index: str | None,
    relay_state: str,
    request_id: str,
) -> str | None:
    """Return the address at a provider that ends a user's session there; None where it is not to be told, or takes no word.

    Args:
        name_id: as `UpstreamIdentity` has it.
        relay_state: comes back with the answer.
    """
    endpoint = provider.saml.logout_url
    if endpoint is None or provider.details.get("IDPSignout") != "true":
        return None
    message = logout_request(
        request_id,
        issuer=service_provider(user_pool.id),
        destination=endpoint,
        name_id=name_id,
        session_index=session_index,
        issued_at=services.clock.now(),
    )
    return redirect_url(endpoint, message, relay_state=relay_state, sign=_signer(services, user_pool))


def read_logout_response(
    services: Services,
    user_pool: UserPool,
    provider: IdentityProvider,
    *,
    saml_response: str,
    callback_url: str,
    request_id: str,
) -> None:
    """Take a provider's word that a user's session there has ended.

    Args:
        saml_response: the form field, base64.
        callback_url: where the answer arrived: `/saml2/logout` of the pool's site.
        request_id: of the LogoutRequest.

    Raises:
        AuthorizationRefused: it is not that word.
    """
    from idp.domain.saml.logout_response import require_logout_response  # noqa: PLC0415 - as above

    with _refusals_told():
        expected = _expectation(services, user_pool, provider, callback_url=callback_url, request_id=request_id)
        require_logout_response(_decoded(saml_response), expected)


def _expectation(
    services: Services, user_pool: UserPool, provider: IdentityProvider, *, callback_url: str, request_id: str | None
) -> Expectation:
    metadata = provider.saml
    is_encrypted = provider.details.get("EncryptedResponses") == "true"
    return Expectation(
        issuer=metadata.entity_id,
        certificates=metadata.certificates,
        audience=service_provider(user_pool.id),
        callback_url=callback_url,
        request_id=request_id,
        now=services.clock.now(),
        decryption_key=services.keyring.signer(provider.encryption_owner, "saml").private_key if is_encrypted else None,
    )


def _identity(assertion: Assertion) -> UpstreamIdentity:
    """Return the identity that an assertion tells; its NameID stands among the attributes, by the name of that claim."""
    claims = {**assertion.attributes, NAME_ID: assertion.subject}
    return UpstreamIdentity(
        subject=assertion.subject,
        claims=claims,
        evidence={"samlResponse": _texts(claims)},
        session_index=assertion.session_index,
        name_id=assertion.name_id,
        assertion_id=assertion.id,
    )


def _texts(claims: Mapping[str, str | list[str]]) -> dict[str, str]:
    """Return claims as texts; several values become one text, `[a, b]`.  Source: spec USER_POOLS section 10.2."""
    return {name: value if isinstance(value, str) else f"[{', '.join(value)}]" for name, value in claims.items()}


def _decoded(message: str) -> bytes:
    """Return the document in a form field; line breaks, which some providers send, are nothing."""
    if len(message) > MAX_RESPONSE:
        raise SamlRefused(f"The message has more than {MAX_RESPONSE} characters")
    try:
        return base64.b64decode("".join(message.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise SamlRefused("The message is not base64") from error


def _signer(services: Services, user_pool: UserPool) -> Callable[[bytes], bytes]:
    key = services.keyring.signer(user_pool.saml_owner, "saml").private_key
    return lambda signed: key.sign(signed, padding.PKCS1v15(), hashes.SHA256())


@contextmanager
def _refusals_told() -> Iterator[None]:
    """Tell clients of refusals.  Source: spec USER_POOLS sections 9.3 and 10.6, "Errors"."""
    try:
        yield
    except SamlRefused as error:
        raise AuthorizationRefused("server_error", f"Error in SAML response processing: {error.reason}. ") from error
