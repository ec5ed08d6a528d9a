"""Tokens: issued to clients themselves, exchanged, refreshed, revoked, and ended everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.aws.cognito_idp.resources import user_pool_arn, user_pool_of
from idp.aws.cognito_idp.sign_in_answers import authentication_result
from idp.aws.registry import operation
from idp.domain.errors import ClientUnauthorized
from idp.domain.origin import Origin
from idp.flows import api_sign_in, client_tokens, derived_tokens, sign_out
from idp.flows.derived_tokens import ACCESS_TOKEN, PresentedToken, Wanted
from idp.flows.lookups import get_client

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.aws.types.cognito_idp import (
        AdminUserGlobalSignOutRequest,
        AdminUserGlobalSignOutResponse,
        GetClientTokenRequest,
        GetClientTokenResponse,
        GetDerivedTokenRequest,
        GetDerivedTokenResponse,
        GetTokensFromRefreshTokenRequest,
        GetTokensFromRefreshTokenResponse,
        GlobalSignOutRequest,
        GlobalSignOutResponse,
        RevokeTokenRequest,
        RevokeTokenResponse,
    )
    from idp.flows.derived_tokens import DerivedToken


@operation("cognito-idp")
def get_client_token(context: Context, request: GetClientTokenRequest) -> GetClientTokenResponse:
    tokens = client_tokens.get_client_token(
        context.services,
        get_client(context.services, request["ClientId"]),
        request["Secret"],
        scopes=request.get("Scopes", ()),
        client_metadata=request.get("ClientMetadata"),
    )
    return {
        "ClientAuthenticationResult": {
            "AccessToken": tokens.access_token,
            "ExpiresIn": tokens.expires_in,
            "TokenType": "Bearer",
        }
    }


@operation("cognito-idp")
def get_derived_token(context: Context, request: GetDerivedTokenRequest) -> GetDerivedTokenResponse:
    derived = derived_tokens.get_derived_token(
        context.services,
        get_client(context.services, request["ClientId"]),
        request.get("ClientSecret"),
        subject=PresentedToken(
            "SubjectToken",
            request["SubjectToken"],
            request["SubjectTokenType"],
            request.get("SubjectTokenProviderName"),
        ),
        actor=PresentedToken(
            "ActorToken",
            request.get("ActorToken"),
            request.get("ActorTokenType"),
            request.get("ActorTokenProviderName"),
        ),
        wanted=Wanted(
            request.get("RequestedTokenType", ACCESS_TOKEN),
            request.get("Scopes", ()),
            request.get("Audiences", ()),
            request.get("Resources", ()),
        ),
    )
    return _derived_token(derived)


def _derived_token(derived: DerivedToken) -> GetDerivedTokenResponse:
    """Render the answer; a token that opens nothing by itself is of no type.  Source: RFC 8693 section 2.2.1."""
    answer: GetDerivedTokenResponse = {
        "IssuedToken": derived.token,
        "IssuedTokenType": derived.type,
        "TokenType": "Bearer" if derived.type == ACCESS_TOKEN else "N_A",
        "ExpiresIn": derived.expires_in,
    }
    return {**answer, "Scopes": derived.scopes} if derived.scopes else answer


@operation("cognito-idp")
def get_tokens_from_refresh_token(
    context: Context, request: GetTokensFromRefreshTokenRequest
) -> GetTokensFromRefreshTokenResponse:
    tokens = api_sign_in.get_tokens_from_refresh_token(
        context.services,
        get_client(context.services, request["ClientId"]),
        request["RefreshToken"],
        client_secret=request.get("ClientSecret"),
        device_key=request.get("DeviceKey"),
        client_metadata=request.get("ClientMetadata"),
        origin=Origin.of(context.source_ip, context.user_agent),
    )
    return {"AuthenticationResult": authentication_result(tokens)}


@operation("cognito-idp")
def revoke_token(context: Context, request: RevokeTokenRequest) -> RevokeTokenResponse:
    """Revoke a refresh token.

    Unknown: what AWS says of a client that is not there.  The operation has no ResourceNotFoundException, so we say what
    it says of a client that does not prove itself.
    """
    client = context.services.catalog.clients.find(request["ClientId"])
    if client is None or (client.secret is not None and not client.has_secret(request.get("ClientSecret") or "")):
        raise ClientUnauthorized
    sign_out.revoke_token(context.services, client, request["Token"])
    return {}


@operation("cognito-idp")
def global_sign_out(context: Context, request: GlobalSignOutRequest) -> GlobalSignOutResponse:
    sign_out.global_sign_out(context.services, request["AccessToken"])
    return {}


@operation("cognito-idp", resource=user_pool_arn)
def admin_user_global_sign_out(
    context: Context, request: AdminUserGlobalSignOutRequest
) -> AdminUserGlobalSignOutResponse:
    sign_out.admin_user_global_sign_out(context.services, user_pool_of(context, request), request["Username"])
    return {}
