"""The same identity signs in many times at the same moment, on each kind of database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.flows.federated import Federation, a_federation

if TYPE_CHECKING:
    from idp.services import Services
    from idp.settings import Settings

AT_ONCE = 6


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """The settings of a server on that database."""
    return replace(settings, database_url=database_url)


@pytest.fixture
def federation(services: Services, idp: Any) -> Federation:
    return a_federation(services, idp, settings={"AliasAttributes": ["email"]})


def test_first_sign_ins_at_once_make_one_user(federation: Federation) -> None:
    claims = {"email": "ann@example.com", "email_verified": True}
    with ThreadPoolExecutor(AT_ONCE) as threads:
        users = list(threads.map(lambda _: federation.sign_in("s-1", claims).user, range(AT_ONCE)))

    assert {user.sub for user in users} == {users[0].sub}
    assert federation.usernames() == ["Corp_s-1"]


def test_an_identity_that_was_linked_by_an_attribute_is_settled_once(federation: Federation) -> None:
    federation.pool.sign_up()
    federation.link("ann", "ann@work.example", attribute="email")

    with ThreadPoolExecutor(AT_ONCE) as threads:
        users = list(
            threads.map(lambda _: federation.sign_in("s-1", {"email": "ann@work.example"}).user, range(AT_ONCE))
        )

    assert {user.username for user in users} == {"ann"}
    assert federation.usernames() == ["ann"]
