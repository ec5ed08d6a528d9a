"""Sign-in at OpenID Connect and social providers, as their relying party.

Source: OpenID Connect Core 1.0 section 3.1; RFC 7636; RFC 9207; RFC 9700 sections 2.1 and 4.4; spec USER_POOLS section 10.5.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from idp.authorizer.jwt import verify_token
from idp.authorizer.unverified_token import TokenRefused
from idp.domain.authorization_code import challenge_of
from idp.domain.mapped_attributes import as_text
from idp.domain.oauth_error import AuthorizationRefused
from idp.domain.openid_claims import IdentityRefused, check_id_token, checked_subject
from idp.domain.openid_endpoints import (
    Endpoints,
    NoEndpoints,
    completed_endpoints,
    configured_endpoints,
    issuers_of,
    social_endpoints,
)
from idp.domain.provider_kinds import OIDC
from idp.domain.social_claims import apple_name, person_claims
from idp.domain.upstream import UpstreamIdentity
from idp.flows.upstream_exchange import error_told, request_tokens, request_user_info, with_query
from idp.outbound.openid_providers import DiscoveryFailed

if TYPE_CHECKING:
    from idp.domain.identity_provider import IdentityProvider
    from idp.domain.upstream import UpstreamRequest
    from idp.domain.user_pool import UserPool
    from idp.services import Services

CLOCK_SKEW = timedelta(minutes=1)
BAD_REQUEST = 400
_FORM_POST_SCOPES = frozenset({"name", "email"})

log = logging.getLogger(__name__)


def authorization_url(
    services: Services,
    user_pool: UserPool,  # noqa: ARG001 - as for providers of all kinds; those of SAML need it
    provider: IdentityProvider,
    request: UpstreamRequest,
    *,
    prompt: str | None,
    login_hint: str | None,
) -> str:
    """Return the address at a provider that asks it who the user is.

    All providers are sent a code challenge, those that do not know it pass over it (RFC 6749 section 3.1); only OpenID
    Connect providers are sent `prompt` and `login_hint` (spec section 9.3).

    Unknown: whether Cognito uses PKCE here; it protects the code whether or not.

    Raises:
        AuthorizationRefused: the provider's addresses are unknown.
    """
    endpoints = _endpoints(services, provider)
    parameters = {
        "client_id": provider.details["client_id"],
        "redirect_uri": request.callback_url,
        "scope": provider.details["authorize_scopes"],
        "response_type": "code",
        "state": request.state,
        "code_challenge": challenge_of(request.code_verifier),
        "code_challenge_method": "S256",
    }
    if endpoints.jwks_uri is not None:
        parameters["nonce"] = request.nonce
    if provider.type == OIDC:
        hints = {"prompt": prompt, "login_hint": login_hint}
        parameters |= {name: value for name, value in hints.items() if value is not None}
    if _answers_by_post(provider):
        parameters["response_mode"] = "form_post"
    return with_query(endpoints.authorize_url, parameters)


def redeem(
    services: Services,
    user_pool: UserPool,  # noqa: ARG001 - as for providers of all kinds; those of SAML need it
    provider: IdentityProvider,
    request: UpstreamRequest,
    *,
    parameters: Mapping[str, str],
) -> UpstreamIdentity:
    """Return whom a provider's answer names, after asking the provider itself.

    Args:
        parameters: what the browser brought to `request.callback_url`.

    Raises:
        AuthorizationRefused: the provider tells of a failure, does not answer, or is not believed.
    """
    endpoints = _endpoints(services, provider)
    code = _checked_code(provider, endpoints, parameters)
    tokens = request_tokens(services, provider, endpoints, request, code)
    access_token = tokens.get("access_token")
    with _refusals_told(provider):
        id_claims = _id_claims(services, provider, endpoints, request, tokens)
    info = request_user_info(services, provider, endpoints, access_token)
    with _refusals_told(provider):
        user_claims = _user_claims(provider, id_claims, info, parameters)
        return _identity(provider, tokens, id_claims, user_claims)


def _endpoints(services: Services, provider: IdentityProvider) -> Endpoints:
    """Return where a provider is asked; its own word is asked for only when its details lack an address.

    Unknown: what Cognito does with a provider whose issuer does not answer when it is made; here it may be made, and only
    its sign-ins fail, so that providers can be set up before, or without a way to, their issuers.
    """
    if provider.type != OIDC:
        return social_endpoints(provider, services.settings.social_providers_url)
    configured = configured_endpoints(provider)
    if configured is not None:
        return configured
    try:
        return completed_endpoints(provider, services.openid_providers.configuration(provider.details["oidc_issuer"]))
    except (DiscoveryFailed, NoEndpoints) as error:
        log.warning("the provider %s of %s cannot be asked: %s", provider.name, provider.pool_id, error)
        raise AuthorizationRefused(
            "server_error", f"{provider.name} Error - the endpoints of its issuer cannot be discovered"
        ) from error


def _answers_by_post(provider: IdentityProvider) -> bool:
    """Say whether the provider insists on posting its answer.  Source: Sign in with Apple REST API, `response_mode`."""
    scopes = provider.details["authorize_scopes"].split()
    return provider.type == "SignInWithApple" and not _FORM_POST_SCOPES.isdisjoint(scopes)


def _checked_code(provider: IdentityProvider, endpoints: Endpoints, parameters: Mapping[str, str]) -> str:
    """Return the code in an answer that comes from the provider that was asked.

    Unknown: which status Cognito tells of an error that came by way of the browser; 400, as in the one it was seen to tell.
    """
    issuer = parameters.get("iss")
    if issuer not in issuers_of(provider) and (issuer is not None or endpoints.names_itself):
        raise AuthorizationRefused("invalid_request", f"{provider.name} Error - the answer is another issuer's")
    if "error" in parameters:
        told = error_told(provider, BAD_REQUEST, parameters["error"], parameters.get("error_description", ""))
        raise AuthorizationRefused("invalid_request", told)
    if not parameters.get("code"):
        raise AuthorizationRefused("invalid_request", f"{provider.name} Error - the answer has no code")
    return parameters["code"]


def _id_claims(
    services: Services,
    provider: IdentityProvider,
    endpoints: Endpoints,
    request: UpstreamRequest,
    tokens: Mapping[str, Any],
) -> Mapping[str, Any]:
    """Return the claims of the ID token, verified; none for a provider that gives no such tokens.

    Only RS256 is taken: a token signed by the client's secret, or by nothing, is refused.  Source: spec section 10.5.
    """
    if endpoints.jwks_uri is None:
        return {}
    id_token = tokens.get("id_token")
    if not isinstance(id_token, str):
        raise IdentityRefused("Bad id_token: there is none.")
    client_id = provider.details["client_id"]
    claims = verify_token(
        id_token,
        services.openid_providers.keys_at(endpoints.jwks_uri),
        now=services.clock.now(),
        issuers=issuers_of(provider),
        token_use=None,
        audiences=(client_id,),
        leeway=CLOCK_SKEW,
    )
    check_id_token(claims, client_id=client_id, nonce=request.nonce, access_token=tokens.get("access_token"))
    return claims


def _user_claims(
    provider: IdentityProvider, id_claims: Mapping[str, Any], info: Mapping[str, Any], parameters: Mapping[str, str]
) -> Mapping[str, Any]:
    """Return what is told of the user beside the ID token, once it is sure to be the same user.

    Args:
        info: the answer of userInfo; empty when nobody was asked.
        parameters: what the browser brought.

    Source: OpenID Connect Core 1.0 section 5.3.2.
    """
    if provider.type == "SignInWithApple":
        return apple_name(parameters["user"]) if "user" in parameters else {}
    if provider.type == "Google":
        return person_claims(info, checked_subject(id_claims.get("sub")))
    if info and id_claims and info.get("sub") != id_claims.get("sub"):
        raise IdentityRefused("The user of userInfo is not that of the id_token.")
    return info


def _identity(
    provider: IdentityProvider, tokens: Mapping[str, Any], id_claims: Mapping[str, Any], info: Mapping[str, Any]
) -> UpstreamIdentity:
    """Return the identity; claims of the ID token go before those of userInfo.

    Source: spec section 10.2; AWS Developer Guide, "Inbound federation Lambda trigger": `tokenResponse` is the whole
    answer of the token endpoint, its tokens included.
    """
    claims = {**info, **id_claims}
    return UpstreamIdentity(
        subject=checked_subject(claims.get(provider.kind.subject_claim)),
        claims=claims,
        evidence={
            "tokenResponse": _texts(tokens),
            "idToken": _texts(id_claims),
            "userInfo": _texts(info),
        },
    )


def _texts(claims: Mapping[str, Any]) -> dict[str, str]:
    return {name: as_text(value) for name, value in claims.items() if value is not None}


@contextmanager
def _refusals_told(provider: IdentityProvider) -> Iterator[None]:
    """Tell clients why a provider is not believed, in words that hold nothing of its tokens."""
    try:
        yield
    except IdentityRefused as error:
        raise AuthorizationRefused("invalid_request", f"{provider.name} Error - {error.reason}") from error
    except TokenRefused as error:
        subject = "Bad id_token issuer" if error.reason == "wrong_issuer" else "Bad id_token"
        raise AuthorizationRefused("invalid_request", f"{provider.name} Error - {subject}: {error.message}") from error
