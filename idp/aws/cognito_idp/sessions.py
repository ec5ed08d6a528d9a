"""User sessions: listed, revoked one by one, and how a pool and its clients keep them.

No place is told of an address, since the server has no register of places.  Source: botocore 1.44's model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.aws.cognito_idp.resources import user_of, user_pool_arn, user_pool_of
from idp.aws.registry import operation
from idp.domain.session_configuration import SessionTracking
from idp.flows import session_configuration as configuration, user_sessions as flow
from idp.flows.access import authenticate_access_token
from idp.flows.clients import describe_client
from idp.flows.paging import open_page_token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from idp.aws.context import Context
    from idp.aws.types.cognito_idp import (
        AdminListUserSessionsRequest,
        AdminListUserSessionsResponse,
        AdminRevokeUserSessionRequest,
        AdminRevokeUserSessionResponse,
        GetUserPoolClientSessionConfigurationRequest,
        GetUserPoolClientSessionConfigurationResponse,
        GetUserPoolSessionConfigurationRequest,
        GetUserPoolSessionConfigurationResponse,
        ListUserSessionsRequest,
        ListUserSessionsResponse,
        RevokeUserSessionRequest,
        RevokeUserSessionResponse,
        SessionDescriptionType,
        SetUserPoolClientSessionConfigurationRequest,
        SetUserPoolClientSessionConfigurationResponse,
        SetUserPoolSessionConfigurationRequest,
        SetUserPoolSessionConfigurationResponse,
    )
    from idp.domain.client import Client
    from idp.domain.user_pool import UserPool
    from idp.flows.user_sessions import ActiveSession

LINKED = "LINKED"


@operation("cognito-idp")
def list_user_sessions(context: Context, request: ListUserSessionsRequest) -> ListUserSessionsResponse:
    grant = authenticate_access_token(context.services, request["AccessToken"])
    _require_first_page(context, request.get("NextToken"), "ListUserSessions")
    current = None if grant.session is None else grant.session.id
    return {
        "Sessions": _described(flow.list_user_sessions(context.services, grant.user_pool, grant.user, current=current))
    }


@operation("cognito-idp")
def revoke_user_session(context: Context, request: RevokeUserSessionRequest) -> RevokeUserSessionResponse:
    grant = authenticate_access_token(context.services, request["AccessToken"])
    flow.revoke_user_session(
        context.services,
        grant.user_pool,
        grant.user,
        request["SessionId"],
        is_linked=request.get("RevokeAssociatedSessions") == LINKED,
        current=None if grant.session is None else grant.session.id,
    )
    return {}


@operation("cognito-idp", resource=user_pool_arn)
def admin_list_user_sessions(context: Context, request: AdminListUserSessionsRequest) -> AdminListUserSessionsResponse:
    user_pool = user_pool_of(context, request)
    _require_first_page(context, request.get("NextToken"), "AdminListUserSessions")
    user = user_of(context, user_pool, request)
    return {"Sessions": _described(flow.list_user_sessions(context.services, user_pool, user))}


@operation("cognito-idp", resource=user_pool_arn)
def admin_revoke_user_session(
    context: Context, request: AdminRevokeUserSessionRequest
) -> AdminRevokeUserSessionResponse:
    user_pool = user_pool_of(context, request)
    flow.revoke_user_session(
        context.services,
        user_pool,
        user_of(context, user_pool, request),
        request["SessionId"],
        is_linked=request.get("RevokeAssociatedSessions") == LINKED,
    )
    return {}


@operation("cognito-idp", resource=user_pool_arn)
def get_user_pool_session_configuration(
    context: Context, request: GetUserPoolSessionConfigurationRequest
) -> GetUserPoolSessionConfigurationResponse:
    return _pool_answer(user_pool_of(context, request))


@operation("cognito-idp", resource=user_pool_arn)
def set_user_pool_session_configuration(
    context: Context, request: SetUserPoolSessionConfigurationRequest
) -> SetUserPoolSessionConfigurationResponse:
    tracking = SessionTracking.parse(request)
    saved = configuration.set_session_tracking(
        context.services, request["UserPoolId"], tracking, account=context.account
    )
    return _pool_answer(saved)


@operation("cognito-idp", resource=user_pool_arn)
def get_user_pool_client_session_configuration(
    context: Context, request: GetUserPoolClientSessionConfigurationRequest
) -> GetUserPoolClientSessionConfigurationResponse:
    return _client_answer(describe_client(context.services, user_pool_of(context, request), request["ClientId"]))


@operation("cognito-idp", resource=user_pool_arn)
def set_user_pool_client_session_configuration(
    context: Context, request: SetUserPoolClientSessionConfigurationRequest
) -> SetUserPoolClientSessionConfigurationResponse:
    minutes = request["SSOSession"]["MaxValidityMinutes"]
    user_pool = user_pool_of(context, request)
    return _client_answer(configuration.set_sso_minutes(context.services, user_pool, request["ClientId"], minutes))


def _require_first_page(context: Context, token: str | None, operation_name: str) -> None:
    """Refuse every page token: all sessions fit one page, so none was given out."""
    open_page_token(context.services, token, bound_to=[operation_name])


def _pool_answer(user_pool: UserPool) -> GetUserPoolSessionConfigurationResponse:
    tracking = user_pool.session_tracking
    return {
        "UserPoolId": user_pool.id,
        "UserSessionTracking": "ENABLED" if tracking.is_enabled else "DISABLED",
        "TokenSession": {"MaxPerUser": tracking.max_per_user},
    }


def _client_answer(client: Client) -> GetUserPoolClientSessionConfigurationResponse:
    return {
        "UserPoolId": client.pool_id,
        "ClientId": client.id,
        "SSOSession": {"MaxValidityMinutes": client.sso_minutes},
    }


def _described(sessions: Sequence[ActiveSession]) -> list[SessionDescriptionType]:
    return [_description(session) for session in sessions]


def _description(session: ActiveSession) -> SessionDescriptionType:
    described: SessionDescriptionType = {
        "SessionId": session.session_id,
        "SessionType": "SSO" if session.is_sso else "TOKEN",
        "CreateDate": session.created_at,
        "LastActiveDate": session.active_at,
        "DeviceType": session.device_name,
        "LastIPAddress": session.source,
        "IsCurrentSession": session.is_current,
    }
    if session.client_id is not None:
        described["ClientId"] = session.client_id
    if session.origin_id is not None:
        described["OriginSessionId"] = session.origin_id
    return described
