"""User pools, clients, and what IAM decides by, kept in the process for a second at most.

They are read by every request and change rarely. A change made by this process is seen at once (`forget`); one made by
another process within a second. Users are never kept (spec PERFORMANCE, advice 12).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Generic, TypeVar

from idp.domain.client import Client
from idp.domain.domain import PoolDomain
from idp.domain.function import Function
from idp.domain.function_name import parse_function_name
from idp.domain.iam import AccessKey, Grants, IamUser, Role
from idp.domain.identity_pool import IdentityPool
from idp.domain.rest_api import RestApi
from idp.domain.user_pool import UserPool

if TYPE_CHECKING:
    from idp.store.unit_of_work import UnitOfWork

LIFETIME_S = 1.0
MAX_KEPT = 10_000
_NULL = "\x00"

Kept = TypeVar("Kept")


class Shelf(Generic[Kept]):
    """Values by id, each for a second; what is not found is not kept.

    Args:
        is_current: says of a value whose second is over whether it may be kept for one more; None lets it be loaded anew.
    """

    def __init__(
        self,
        load: Callable[[str], Kept | None],
        monotonic: Callable[[], float],
        *,
        is_current: Callable[[Kept], bool] | None = None,
    ) -> None:
        self._load = load
        self._monotonic = monotonic
        self._is_current = is_current
        self._kept: dict[str, tuple[float, Kept]] = {}

    def find(self, key: str) -> Kept | None:
        """Return the value; None when there is none."""
        if _NULL in key:  # no stored text holds one, and PostgreSQL refuses to be asked for it
            return None
        kept = self._kept.get(key)
        if kept is not None and kept[0] > self._monotonic():
            return kept[1]
        value = self._renewed(key, kept)
        if value is None:
            self._kept.pop(key, None)
            return None
        if len(self._kept) >= MAX_KEPT:
            self._kept.clear()
        self._kept[key] = (self._monotonic() + LIFETIME_S, value)
        return value

    def _renewed(self, key: str, kept: tuple[float, Kept] | None) -> Kept | None:
        if kept is not None and self._is_current is not None and self._is_current(kept[1]):
            return kept[1]
        return self._load(key)

    def forget(self, key: str) -> None:
        """Load the value anew when it is next asked for."""
        self._kept.pop(key, None)

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()


class Catalog:
    """What the process keeps.

    Attributes:
        access_keys: key and user (None: the account's root) by key id.
        grants: policies and tags by the unique id of a role or user.
        roles: by `account/name` (`role_key`).
        functions: by ARN, without a qualifier.
    """

    def __init__(
        self, reading: Callable[[], AbstractContextManager[UnitOfWork]], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._reading = reading
        self.user_pools: Shelf[UserPool] = Shelf(self._load_user_pool, monotonic)
        self.clients: Shelf[Client] = Shelf(self._load_client, monotonic)
        self.domains: Shelf[PoolDomain] = Shelf(self._load_domain, monotonic)
        self.access_keys: Shelf[tuple[AccessKey, IamUser | None]] = Shelf(self._load_access_key, monotonic)
        self.grants: Shelf[Grants] = Shelf(self._load_grants, monotonic)
        self.roles: Shelf[Role] = Shelf(self._load_role, monotonic)
        self.identity_pools: Shelf[IdentityPool] = Shelf(self._load_identity_pool, monotonic)
        self.rest_apis: Shelf[RestApi] = Shelf(self._load_rest_api, monotonic, is_current=self._is_deployed)
        self.functions: Shelf[Function] = Shelf(self._load_function, monotonic)

    def clear(self) -> None:
        """Forget everything: the database was reset."""
        self.user_pools.clear()
        self.clients.clear()
        self.domains.clear()
        self.access_keys.clear()
        self.grants.clear()
        self.roles.clear()
        self.identity_pools.clear()
        self.rest_apis.clear()
        self.functions.clear()

    def _load_user_pool(self, pool_id: str) -> UserPool | None:
        with self._reading() as work:
            return work.user_pools.find(pool_id)

    def _load_domain(self, name: str) -> PoolDomain | None:
        with self._reading() as work:
            return work.domains.find(name)

    def _load_client(self, client_id: str) -> Client | None:
        with self._reading() as work:
            return work.clients.find(client_id)

    def _load_access_key(self, key_id: str) -> tuple[AccessKey, IamUser | None] | None:
        with self._reading() as work:
            return work.access_keys.find_with_user(key_id)

    def _load_grants(self, owner_id: str) -> Grants | None:
        with self._reading() as work:
            return work.inline_policies.find_grants(owner_id)

    def _load_role(self, key: str) -> Role | None:
        account, _, name = key.partition("/")
        with self._reading() as work:
            return work.roles.find(account, name)

    def _load_identity_pool(self, pool_id: str) -> IdentityPool | None:
        with self._reading() as work:
            return work.identity_pools.find(pool_id)

    def _load_rest_api(self, api_id: str) -> RestApi | None:
        with self._reading() as work:
            return work.rest_apis.find(api_id)

    def _is_deployed(self, rest_api: RestApi) -> bool:
        """Say whether the API is the stored one: to parse it anew takes far longer than to ask."""
        with self._reading() as work:
            return work.rest_apis.find_deployment(rest_api.id) == (rest_api.version, rest_api.deployed_at)

    def _load_function(self, arn: str) -> Function | None:
        wanted = parse_function_name(arn, account="", region="")
        with self._reading() as work:
            return work.functions.find(wanted.account, wanted.region, wanted.name)


def role_key(account: str, name: str) -> str:
    """Return the key of a role in `Catalog.roles`."""
    return f"{account}/{name}"
