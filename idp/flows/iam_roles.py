"""IAM roles.  Source: AWS IAM API Reference; spec STS_IAM sections 2 and 7."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from idp.domain.errors import DeleteConflict, ResourceNotFound
from idp.domain.iam import ROLE_ID, Role, role_arn
from idp.flows.iam_ids import new_id
from idp.flows.inline_policies import check_policy
from idp.store.catalog import role_key

if TYPE_CHECKING:
    from idp.services import Services
    from idp.store.unit_of_work import UnitOfWork


def create_role(
    services: Services,
    account: str,
    name: str,
    *,
    trust_policy: str,
    path: str = "/",
    description: str | None = None,
    max_session_s: int = 3600,
    tags: Mapping[str, str],
) -> Role:
    """Store a new role.

    Args:
        trust_policy: JSON text.

    Raises:
        MalformedPolicyDocument.
        ResourceConflict: the account has a role of that name.
    """
    check_policy(trust_policy, "trust")
    role = Role(
        account,
        name,
        new_id(services, ROLE_ID),
        path,
        trust_policy,
        services.clock.now(),
        description=description,
        max_session_s=max_session_s,
        tags=tags,
    )
    with services.unit_of_work() as work:
        work.roles.add(role)
        work.commit()
    services.catalog.roles.forget(role_key(account, name))
    return role


def arn_of_role(services: Services, account: str, name: str) -> str:
    """Return the ARN of a role, as it would be under the path `/` if there is none: what policies are asked about."""
    role = services.catalog.roles.find(role_key(account, name))
    return role_arn(account, "/", name) if role is None else role.arn


def get_role(services: Services, account: str, name: str) -> Role:
    """Return a role; raises ResourceNotFound."""
    with services.reading() as work:
        return _role(work, account, name)


def list_roles(services: Services, account: str, *, path_prefix: str, after: str, limit: int) -> list[Role]:
    """Return up to `limit` roles below a path, by path and name, after both (as one text) of the last before."""
    with services.reading() as work:
        return work.roles.list_page(account, path_prefix=path_prefix, after=after, limit=limit)


def update_assume_role_policy(services: Services, account: str, name: str, trust_policy: str) -> None:
    """Replace who may assume the role; raises MalformedPolicyDocument, ResourceNotFound."""
    check_policy(trust_policy, "trust")
    with services.unit_of_work() as work:
        _role(work, account, name)
        work.roles.set_trust_policy(account, name, trust_policy)
        work.commit()
    services.catalog.roles.forget(role_key(account, name))


def delete_role(services: Services, account: str, name: str) -> None:
    """Delete a role; its sessions lose all rights.

    Raises:
        ResourceNotFound.
        DeleteConflict: it has policies.
    """
    with services.unit_of_work() as work:
        role = _role(work, account, name)
        if work.inline_policies.list_names(role.id, limit=1):
            raise DeleteConflict
        work.roles.delete(account, name)
        work.commit()
    services.catalog.roles.forget(role_key(account, name))
    services.catalog.grants.forget(role.id)


def _role(work: UnitOfWork, account: str, name: str) -> Role:
    role = work.roles.find(account, name)
    if role is None:
        raise ResourceNotFound(f"The role with name {name} cannot be found.")
    return role
