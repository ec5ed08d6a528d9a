"""The whole API on one page: method, path, what answers, and with what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from idp.admin import clients, index, outbox, user_pools, users
from idp.admin.client_records import Client, ClientPage
from idp.admin.records import Record
from idp.admin.user_pool_records import UserPool, UserPoolPage
from idp.admin.user_records import User, UserPage

POOLS: Final = "/user-pools"
POOL: Final = f"{POOLS}/<userPoolId>"
CLIENTS: Final = f"{POOL}/clients"
USERS: Final = f"{POOL}/users"


@dataclass(frozen=True, slots=True)
class Route:
    """An operation at its path.

    Attributes:
        view: takes the call, and `path`, `query` and `body` as its annotations say; its name is the operation's.
        answer: what it returns; None for nothing.
        tag: the heading that it stands under in the document.
        is_open: anybody may ask, and everybody gets the same.
    """

    method: Literal["GET", "POST", "DELETE"]
    path: str
    view: Callable[..., Any]
    answer: type[Record] | None
    tag: str
    is_open: bool = False

    @property
    def name(self) -> str:
        """Return the operation's name."""
        return self.view.__name__

    @property
    def status(self) -> int:
        """Return the status of success."""
        return 204 if self.answer is None else 201 if self.method == "POST" else 200


ROUTES: Final = (
    Route("GET", "/", index.get_index, index.Index, "about", is_open=True),
    Route("GET", "/problems", index.list_problems, index.ProblemKinds, "about", is_open=True),
    Route("GET", POOLS, user_pools.list_user_pools, UserPoolPage, "user pools"),
    Route("POST", POOLS, user_pools.create_user_pool, UserPool, "user pools"),
    Route("GET", POOL, user_pools.get_user_pool, UserPool, "user pools"),
    Route("DELETE", POOL, user_pools.delete_user_pool, None, "user pools"),
    Route("GET", CLIENTS, clients.list_clients, ClientPage, "clients"),
    Route("POST", CLIENTS, clients.create_client, Client, "clients"),
    Route("GET", f"{CLIENTS}/<clientId>", clients.get_client, Client, "clients"),
    Route("DELETE", f"{CLIENTS}/<clientId>", clients.delete_client, None, "clients"),
    Route("GET", USERS, users.list_users, UserPage, "users"),
    Route("POST", USERS, users.create_user, User, "users"),
    Route("GET", f"{USERS}/<username>", users.get_user, User, "users"),
    Route("DELETE", f"{USERS}/<username>", users.delete_user, None, "users"),
    Route("GET", "/outbox", outbox.list_messages, outbox.Messages, "outbox"),
)
