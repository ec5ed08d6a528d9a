"""Temporary credentials: who may assume a role, and the sessions they get.  Source: spec STS_IAM sections 1 and 2."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from idp.authorizer.policy import AccessRequest
from idp.domain import policy
from idp.domain.errors import AccessDenied, InvalidParameter, PackedPolicyTooLarge
from idp.domain.iam import principal_tags
from idp.domain.identity_pool import COGNITO_IDENTITY
from idp.domain.role_session import RoleSession, TemporaryCredentials
from idp.domain.session_tags import check_session_tags, inherited_context, requested_context
from idp.flows.authorize import (
    ConditionKeys,
    condition_keys,
    grants_of,
    identity_policies,
    names_of,
    parsed,
    session_policies_of,
)
from idp.flows.iam_ids import new_secret
from idp.flows.inline_policies import check_policy
from idp.flows.role_sessions import new_session_key_id, seal_session
from idp.store.catalog import role_key

if TYPE_CHECKING:
    from idp.domain.iam import Grants, Role
    from idp.domain.principal import Principal
    from idp.domain.session_request import SessionRequest
    from idp.domain.web_identity import WebIdentity
    from idp.services import Services

DEFAULT_LIFETIME = timedelta(hours=1)
CHAINING_LIMIT = timedelta(hours=1)

NOT_FOR_ROOT = "Roles may not be assumed by root accounts."
TOO_LONG = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
TOO_LONG_IN_CHAIN = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
NOT_TRUSTED = "Not authorized to perform sts:AssumeRoleWithWebIdentity"

_ROLE_ARN = re.compile(r"arn:aws:iam::([0-9]{12}):role/(?:[!-~]+/)?([\w+=,.@-]{1,64})", re.ASCII)


def assume_role(services: Services, principal: Principal, request: SessionRequest) -> TemporaryCredentials:
    """Give a signed caller a session of a role whose trust policy lets it.

    Raises:
        InvalidParameter, InvalidTags, MalformedPolicyDocument, PackedPolicyTooLarge: the request is none.
        AccessDenied: no such role, or neither its trust policy nor the caller's own allow it.

    Source: AWS API_AssumeRole.
    """
    if principal.is_root:
        raise AccessDenied(NOT_FOR_ROOT)
    role = find_role(services, request.role_arn)
    check_session_tags(request.tags, request.transitive_tag_keys, caller=principal)
    _check_session_policy(request)
    grants = grants_of(services, principal)
    for action in ("sts:AssumeRole", "sts:TagSession") if request.tags else ("sts:AssumeRole",):
        if role is None or grants is None or not _trusts(services, role, principal, grants, action, request):
            raise AccessDenied(
                f"User: {principal.arn} is not authorized to perform: {action} on resource: {request.role_arn}"
            )
    assert role is not None, "refused above"
    return issue_role_session(
        services,
        role,
        session_name=request.session_name,
        lifetime=_lifetime(role, request, limit=CHAINING_LIMIT if principal.kind == "assumed_role" else None),
        session_policies=request.session_policies,
        context={**inherited_context(principal), **principal_tags(dict(request.tags))},
        transitive_tag_keys=(*principal.transitive_tag_keys, *request.transitive_tag_keys),
    )


def assume_role_with_web_identity(
    services: Services, identity: WebIdentity, request: SessionRequest
) -> TemporaryCredentials:
    """Give an identity of an identity pool a session of a role whose trust policy lets it.

    Raises:
        InvalidParameter, MalformedPolicyDocument, PackedPolicyTooLarge: the request is none.
        AccessDenied: no such role, or it does not trust the identity.

    Source: AWS API_AssumeRoleWithWebIdentity.
    """
    role = find_role(services, request.role_arn)
    _check_session_policy(request)
    if role is None or not trusts_web_identity(role, identity):
        raise AccessDenied(NOT_TRUSTED)
    return issue_role_session(
        services,
        role,
        session_name=request.session_name,
        lifetime=_lifetime(role, request, limit=None),
        session_policies=request.session_policies,
        context=identity.context,
    )


def assume_role_as_service(
    services: Services, role_arn: str, *, service: str, session_name: str, lifetime: timedelta = DEFAULT_LIFETIME
) -> TemporaryCredentials:
    """Give one of our own services a session of a role that trusts it.

    Args:
        service: such as `lambda.amazonaws.com`.

    Raises:
        AccessDenied: no such role, or it does not trust the service.
    """
    role = find_role(services, role_arn)
    if role is None or not trusts_service(role, service):
        raise AccessDenied(f"{service} is not authorized to perform: sts:AssumeRole on resource: {role_arn}")
    return issue_role_session(services, role, session_name=session_name, lifetime=lifetime)


def issue_role_session(
    services: Services,
    role: Role,
    *,
    session_name: str,
    lifetime: timedelta,
    session_policies: tuple[str, ...] | None = None,
    guest: bool = False,
    context: Mapping[str, str | tuple[str, ...]] | None = None,
    transitive_tag_keys: tuple[str, ...] = (),
) -> TemporaryCredentials:
    """Make a session of a role, nothing asked; arguments are the attributes of `RoleSession`."""
    now = services.clock.now()
    session = RoleSession(
        access_key_id=new_session_key_id(services),
        secret_access_key=new_secret(services),
        account=role.account,
        role_arn=role.arn,
        role_id=role.id,
        session_name=session_name,
        issued_at=now,
        expires_at=now + lifetime,
        session_policies=session_policies,
        guest=guest,
        context=context or {},
        transitive_tag_keys=transitive_tag_keys,
    )
    return TemporaryCredentials(session, seal_session(services, session))


def find_role(services: Services, arn: str) -> Role | None:
    """Return the role of an ARN, whatever its account; None when there is none.

    Raises:
        InvalidParameter: the text is no role's ARN.
    """
    parts = _ROLE_ARN.fullmatch(arn)
    if parts is None:
        raise InvalidParameter(f"{arn} is invalid")
    role = services.catalog.roles.find(role_key(parts[1], parts[2]))
    return role if role is not None and role.arn == arn else None


def trusts_web_identity(role: Role, identity: WebIdentity) -> bool:
    """Say whether a role's trust policy lets the identity in.

    An identity pool of another account is let in only by a trust policy that depends on `aud`; else anybody's pool were.

    Source: spec STS_IAM section 2; AWS API_AssumeRoleWithWebIdentity.
    """
    if not _trusts_bearer(role, identity.context):
        return False
    return identity.pool_account == role.account or not _trusts_bearer(role, identity.context_without_audience)


def trusts_service(role: Role, service: str) -> bool:
    """Say whether a role's trust policy lets a service in, such as `lambda.amazonaws.com`."""
    return policy.decide_trust(
        AccessRequest("sts:AssumeRole", role.arn, {}),
        principal_kind="service",
        principal_arns=policy.PrincipalNames(service),
        role_account=role.account,
        trust_policy=parsed(role.trust_policy, "trust"),
        identity_policies=(),
    ).allowed


def _trusts_bearer(role: Role, context: ConditionKeys) -> bool:
    return policy.decide_federated_trust(
        AccessRequest("sts:AssumeRoleWithWebIdentity", role.arn, context),
        provider=COGNITO_IDENTITY,
        trust_policy=parsed(role.trust_policy, "trust"),
    ).allowed


def _trusts(
    services: Services, role: Role, principal: Principal, grants: Grants, action: str, request: SessionRequest
) -> bool:
    given = {**request.context, "sts:RoleSessionName": request.session_name}
    if request.external_id is not None:
        given["sts:ExternalId"] = request.external_id
    if request.tags:
        given |= requested_context(dict(request.tags), request.transitive_tag_keys)
    return policy.decide_trust(
        AccessRequest(action, role.arn, condition_keys(services, principal, grants, given)),
        principal_kind=principal.kind,
        principal_arns=names_of(principal),
        role_account=role.account,
        trust_policy=parsed(role.trust_policy, "trust"),
        identity_policies=identity_policies(grants),
        session_policies=session_policies_of(principal),
    ).allowed


def _check_session_policy(request: SessionRequest) -> None:
    if request.policy is not None:
        check_policy(request.policy, "session")
    if request.packed_percent is not None and request.packed_percent > 100:
        raise PackedPolicyTooLarge(f"Packed size of the session policies and tags is {request.packed_percent}%")


def _lifetime(role: Role, request: SessionRequest, *, limit: timedelta | None) -> timedelta:
    lifetime = request.lifetime or DEFAULT_LIFETIME
    if lifetime > timedelta(seconds=role.max_session_s):
        raise InvalidParameter(TOO_LONG)
    if limit is not None and lifetime > limit:
        raise InvalidParameter(TOO_LONG_IN_CHAIN)
    return lifetime
