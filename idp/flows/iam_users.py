"""IAM users.  Source: AWS IAM API Reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from idp.domain.errors import DeleteConflict, ResourceNotFound
from idp.domain.iam import USER_ID, IamUser, user_arn
from idp.flows.iam_ids import new_id

if TYPE_CHECKING:
    from idp.services import Services
    from idp.store.unit_of_work import UnitOfWork


def create_user(services: Services, account: str, name: str, *, path: str = "/", tags: Mapping[str, str]) -> IamUser:
    """Store a new user; raises ResourceConflict when the account has one of that name."""
    user = IamUser(account, name, new_id(services, USER_ID), path, services.clock.now(), tags)
    with services.unit_of_work() as work:
        work.iam_users.add(user)
        work.commit()
    return user


def arn_of_user(services: Services, account: str, name: str) -> str:
    """Return the ARN of a user, as it would be under the path `/` if there is none: what policies are asked about."""
    with services.reading() as work:
        user = work.iam_users.find(account, name)
    return user_arn(account, "/", name) if user is None else user.arn


def get_user(services: Services, account: str, name: str) -> IamUser:
    """Return a user; raises ResourceNotFound."""
    with services.reading() as work:
        return find_named(work, account, name)


def list_users(services: Services, account: str, *, path_prefix: str, after: str, limit: int) -> list[IamUser]:
    """Return up to `limit` users below a path, by path and name, after both (as one text) of the last before."""
    with services.reading() as work:
        return work.iam_users.list_page(account, path_prefix=path_prefix, after=after, limit=limit)


def delete_user(services: Services, account: str, name: str) -> None:
    """Delete a user.

    Raises:
        ResourceNotFound.
        DeleteConflict: it has access keys or policies.
    """
    with services.unit_of_work() as work:
        user = find_named(work, account, name)
        if work.access_keys.of_owner(account, user.id):
            raise DeleteConflict("Cannot delete entity, must delete access keys first.")
        if work.inline_policies.list_names(user.id, limit=1):
            raise DeleteConflict
        work.iam_users.delete(account, name)
        work.commit()
    services.catalog.grants.forget(user.id)


def find_named(work: UnitOfWork, account: str, name: str) -> IamUser:
    """Return the user of that name; raises ResourceNotFound."""
    user = work.iam_users.find(account, name)
    if user is None:
        raise ResourceNotFound(f"The user with name {name} cannot be found.")
    return user
