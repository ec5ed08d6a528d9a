"""Long-term access keys of IAM users and of accounts' roots.  Source: AWS IAM API Reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.domain.errors import LimitExceeded, ResourceNotFound
from idp.domain.iam import ACCESS_KEY_ID, AccessKey
from idp.flows.iam_ids import KEY_ID_CHARACTERS, new_id, new_secret
from idp.flows.iam_users import find_named

if TYPE_CHECKING:
    from idp.services import Services
    from idp.store.unit_of_work import UnitOfWork

MAX_KEYS = 2


def create_access_key(services: Services, account: str, user_name: str | None) -> AccessKey:
    """Make a key; its secret is told this once.

    Args:
        user_name: None for the account's root.

    Raises:
        ResourceNotFound: no such user.
        LimitExceeded: the owner has two keys.
    """
    key_id, secret = new_id(services, ACCESS_KEY_ID, characters=KEY_ID_CHARACTERS), new_secret(services)
    with services.unit_of_work() as work:
        key = AccessKey(key_id, account, secret, services.clock.now(), _owner_id(work, account, user_name))
        if len(work.access_keys.of_owner(account, key.user_id)) >= MAX_KEYS:
            raise LimitExceeded(f"Cannot exceed quota for AccessKeysPerUser: {MAX_KEYS}")
        work.access_keys.add(key)
        work.commit()
    return key


def list_access_keys(services: Services, account: str, user_name: str | None) -> list[AccessKey]:
    """Return the owner's keys, oldest first; raises ResourceNotFound."""
    with services.reading() as work:
        return work.access_keys.of_owner(account, _owner_id(work, account, user_name))


def update_access_key(services: Services, account: str, user_name: str | None, key_id: str, *, active: bool) -> None:
    """Switch a key on or off; raises ResourceNotFound."""
    with services.unit_of_work() as work:
        owner_id = _owner_id(work, account, user_name)
        if not work.access_keys.set_active(account, owner_id, key_id, active=active):
            raise ResourceNotFound(_not_found(key_id))
        work.commit()
    services.catalog.access_keys.forget(key_id)


def delete_access_key(services: Services, account: str, user_name: str | None, key_id: str) -> None:
    """Delete a key; raises ResourceNotFound."""
    with services.unit_of_work() as work:
        if not work.access_keys.delete(account, _owner_id(work, account, user_name), key_id):
            raise ResourceNotFound(_not_found(key_id))
        work.commit()
    services.catalog.access_keys.forget(key_id)


def _owner_id(work: UnitOfWork, account: str, user_name: str | None) -> str | None:
    return None if user_name is None else find_named(work, account, user_name).id


def _not_found(key_id: str) -> str:
    return f"The Access Key with id {key_id} cannot be found."
