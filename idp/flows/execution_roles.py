"""Execution roles: what a function may do is what its role may, if the role trusts Lambda."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from idp.backends.lambda_runtime import RoleCredentials
from idp.domain.errors import InvalidParameter
from idp.flows.authorize import require
from idp.flows.credentials import issue_role_session, trusts_service
from idp.store.catalog import role_key

if TYPE_CHECKING:
    from idp.domain.function import Function
    from idp.domain.iam import Role
    from idp.domain.principal import Principal
    from idp.services import Services

LAMBDA = "lambda.amazonaws.com"
SESSION_LIFETIME = timedelta(hours=1)
"""The runtime ends every process before."""


def require_passable(services: Services, principal: Principal, role: str) -> None:
    """Let the principal give a role to Lambda.

    Args:
        role: ARN.

    Raises:
        AccessDenied: its policies do not allow iam:PassRole.

    Source: IAM User Guide, "Granting a user permissions to pass a role to an AWS service".
    """
    if not principal.is_root:
        require(services, principal, "iam:PassRole", role, {"iam:PassedToService": LAMBDA})


def require_assumable(services: Services, role: str) -> None:
    """Refuse a role that does not trust Lambda.

    A role that does not exist is taken, unlike on AWS: its function runs without credentials.

    Raises:
        InvalidParameter: in Lambda's words.
    """
    found = _find_role(services, role)
    if found is not None and not trusts_service(found, LAMBDA):
        raise InvalidParameter("The role defined for the function cannot be assumed by Lambda.")


def issue_execution_session(services: Services, function: Function) -> RoleCredentials | None:
    """Return a new session of the function's role, named after the function.

    Returns:
        None when the role does not exist, or does not trust Lambda any more.
    """
    role = _find_role(services, function.role)
    if role is None or role.account != function.account or not trusts_service(role, LAMBDA):
        return None
    session = issue_role_session(services, role, session_name=function.name, lifetime=SESSION_LIFETIME)
    return RoleCredentials(session.access_key_id, session.secret_access_key, session.session_token)


def _find_role(services: Services, arn: str) -> Role | None:
    account, resource = arn.split(":", 5)[4:]
    role = services.catalog.roles.find(role_key(account, resource.rpartition("/")[2]))
    return role if role is not None and role.arn == arn else None
