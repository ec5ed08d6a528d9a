"""Who a public request names: a user of the client's pool, or nobody.

Requests in the name of nobody go on as far as those of a user, where a client hides who exists (spec USER_POOLS
section 2.12); so flows take both in one form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from idp.domain.errors import UserNotFound
from idp.domain.origin import UNKNOWN_ORIGIN, Origin
from idp.flows.lookups import find_user, get_pool_of

if TYPE_CHECKING:
    from idp.domain.client import Client
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.services import Services


class NameUnknown(UserNotFound):
    """Nobody goes by the name that a client gave (told only where existence may be told)."""

    sentence = "Username/client id combination not found."


@dataclass(frozen=True, slots=True)
class NamedUser:
    """A name as typed at a client, and who goes by it.

    Attributes:
        user: None for nobody.
        origin: where the request comes from.
    """

    client: Client
    user_pool: UserPool
    name: str
    user: User | None
    origin: Origin = UNKNOWN_ORIGIN

    @property
    def subject(self) -> str:
        """Return what attempts are counted by: the user, whatever they are called today; else the name."""
        return self.user.sub if self.user is not None else self.user_pool.fold(self.name)


def name_user(services: Services, client: Client, name: str, *, origin: Origin = UNKNOWN_ORIGIN) -> NamedUser:
    """Look a name up in the client's pool."""
    user_pool = get_pool_of(services, client)
    with services.reading() as work:
        return NamedUser(client, user_pool, name, find_user(work, user_pool, name), origin)


def name_user_by_request(
    services: Services, client: Client, name: str, *, secret_hash: str | None, origin: Origin
) -> NamedUser:
    """Look up whom an unsigned API request names, and check its SECRET_HASH over a name they go by.

    Raises:
        NotAuthorized.
    """
    named = name_user(services, client, name, origin=origin)
    names = (name,) if named.user is None else (name, named.user.username)
    named.client.check_secret_hash(secret_hash, *names)
    return named
