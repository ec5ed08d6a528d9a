"""Temporary credentials of roles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from idp.aws.context import Context
from idp.aws.errors import ServiceError
from idp.aws.registry import operation
from idp.domain.session_request import SessionRequest
from idp.domain.web_identity import ISSUER
from idp.flows import credentials
from idp.flows.openid_tokens import verify_openid_token

if TYPE_CHECKING:
    from idp.aws.types import sts as types
    from idp.domain.role_session import RoleSession, TemporaryCredentials


@operation("sts", authorizes_itself=True)
def assume_role(context: Context, request: types.AssumeRoleRequest) -> types.AssumeRoleResponse:
    assert context.principal is not None, "a signed operation"
    _refuse_what_is_not_served(request)
    wanted = _session_request(context, request)
    issued = credentials.assume_role(context.services, context.principal, wanted)
    return {
        "Credentials": _shown(issued),
        "AssumedRoleUser": _assumed_role_user(issued.session),
        **_packed_size(wanted),  # type: ignore[typeddict-item]
    }


@operation("sts")
def assume_role_with_web_identity(
    context: Context, request: types.AssumeRoleWithWebIdentityRequest
) -> types.AssumeRoleWithWebIdentityResponse:
    _refuse_what_is_not_served(request)
    identity = verify_openid_token(context.services, request["WebIdentityToken"])
    wanted = _session_request(context, request)
    issued = credentials.assume_role_with_web_identity(context.services, identity, wanted)
    return {
        "Credentials": _shown(issued),
        "SubjectFromWebIdentityToken": identity.identity_id,
        "AssumedRoleUser": _assumed_role_user(issued.session),
        "Provider": ISSUER,
        "Audience": identity.pool_id,
        **_packed_size(wanted),  # type: ignore[typeddict-item]
    }


def _session_request(context: Context, request: Mapping[str, Any]) -> SessionRequest:
    seconds = request.get("DurationSeconds")
    return SessionRequest(
        role_arn=request["RoleArn"],
        session_name=request["RoleSessionName"],
        lifetime=None if seconds is None else timedelta(seconds=seconds),
        policy=request.get("Policy"),
        tags=[(tag["Key"], tag["Value"]) for tag in request.get("Tags", ())],
        transitive_tag_keys=request.get("TransitiveTagKeys", ()),
        external_id=request.get("ExternalId"),
        context=context.condition_keys,
    )


def _refuse_what_is_not_served(request: Mapping[str, Any]) -> None:
    """Refuse what would change the session and is not there: managed policies, MFA devices, source identities.

    Raises:
        ServiceError: of the first two AWS says so too, since they do not exist.
    """
    for each in request.get("PolicyArns", ()):
        raise ServiceError("NoSuchEntity", f"Policy {each.get('arn', '')} was not found.", 404)
    if "SerialNumber" in request or "TokenCode" in request:
        raise ServiceError("AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code.", 403)
    for name in ("SourceIdentity", "ProvidedContexts", "ProviderId"):
        if name in request:
            raise ServiceError("ValidationError", f"{name} is not served by this server.")


def _shown(issued: TemporaryCredentials) -> types.Credentials:
    return {
        "AccessKeyId": issued.access_key_id,
        "SecretAccessKey": issued.secret_access_key,
        "SessionToken": issued.session_token,
        "Expiration": issued.expires_at,
    }


def _assumed_role_user(session: RoleSession) -> types.AssumedRoleUser:
    return {"AssumedRoleId": session.user_id, "Arn": session.arn}


def _packed_size(wanted: SessionRequest) -> Mapping[str, int]:
    percent = wanted.packed_percent
    return {} if percent is None else {"PackedPolicySize": percent}
