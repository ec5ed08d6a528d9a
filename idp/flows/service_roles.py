"""Roles that AWS services act in on behalf of their users, such as an API's integration with DynamoDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.authorizer.policy import AccessRequest
from idp.domain import policy
from idp.domain.principal import Principal
from idp.flows.authorize import parsed
from idp.flows.credentials import find_role

if TYPE_CHECKING:
    from idp.domain.iam import Role
    from idp.services import Services


def find_service_session(services: Services, role_arn: str, *, service: str, session_name: str) -> Principal | None:
    """Return the principal that a service acts as in a role.

    Nothing is issued: the session lives in this process, and for one request.

    Args:
        service: such as `apigateway.amazonaws.com`.
        session_name: appears in the session's ARN.

    Returns:
        None when there is no such role, or it does not trust the service.
    """
    role = find_role(services, role_arn)
    if role is None or not _trusts(role, service):
        return None
    return Principal(
        "assumed_role",
        role.account,
        f"arn:aws:sts::{role.account}:assumed-role/{role.name}/{session_name}",
        f"{role.id}:{session_name}",
        name=role.name,
        role_arn=role.arn,
        issued_at=services.clock.now(),
    )


def _trusts(role: Role, service: str) -> bool:
    decision = policy.decide_trust(
        AccessRequest("sts:AssumeRole", role.arn, {}),
        principal_kind="service",
        principal_arns=policy.PrincipalNames(service),
        role_account=role.account,
        trust_policy=parsed(role.trust_policy, "trust"),
        identity_policies=(),
    )
    return decision.allowed
