"""Administrators act at the same moment, on each kind of database."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from idp.domain.errors import (
    AliasTaken,
    ConcurrentModification,
    DomainError,
    GroupTaken,
    InvalidParameter,
    UsernameTaken,
)
from idp.domain.group import Group
from idp.domain.user_pool import UserPool
from idp.flows.attributes import admin_update_user_attributes
from idp.flows.domains import create_domain
from idp.flows.groups import add_user_to_group, create_group
from idp.flows.invitations import Invitation, admin_create_user
from idp.flows.user_pools import update_user_pool
from idp.flows.users import admin_disable_user
from tests.fakes import START

if TYPE_CHECKING:
    from idp.services import Services
    from idp.settings import Settings

AT_ONCE = 6
ANN = "ann@example.com"


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """The settings of a server on that database."""
    return replace(settings, database_url=database_url)


def a_pool(services: Services, suffix: str = "abcdefghi", **members: Any) -> UserPool:
    """Store a pool."""
    pool = UserPool(f"us-east-1_{suffix}", "000000000000", "us-east-1", "people", members, START, START)
    with services.unit_of_work() as work:
        work.user_pools.add(pool)
        work.commit()
    return pool


def outcomes(attempt: Callable[[int], object]) -> list[str]:
    """Run attempts at once; return what came of each, sorted."""

    def outcome(number: int) -> str:
        try:
            attempt(number)
        except DomainError as refusal:
            return type(refusal).__name__
        return "done"

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return sorted(threads.map(outcome, range(AT_ONCE)))


def one_done_and(error: type[DomainError]) -> list[str]:
    return sorted([error.__name__] * (AT_ONCE - 1) + ["done"])


@pytest.mark.parametrize(
    ("members", "name"), [({}, "ann"), ({"UsernameAttributes": ["email"]}, ANN)], ids=["username", "address"]
)
def test_a_name_is_given_once(services: Services, members: Any, name: str) -> None:
    pool = a_pool(services, **members)

    came = outcomes(lambda _: admin_create_user(services, pool, Invitation(name, is_silent=True)))

    assert came == one_done_and(UsernameTaken)


def test_an_alias_is_given_once(services: Services) -> None:
    pool = a_pool(services, AliasAttributes=["email"])
    for number in range(AT_ONCE):
        admin_create_user(services, pool, Invitation(f"user-{number}", {"email": ANN}, is_silent=True))

    came = outcomes(
        lambda number: admin_update_user_attributes(services, pool, f"user-{number}", {"email_verified": "true"})
    )

    assert came == one_done_and(AliasTaken)


def test_of_changes_to_one_user_none_is_lost(services: Services) -> None:
    pool = a_pool(services)
    admin_create_user(services, pool, Invitation("ann", is_silent=True))

    came = outcomes(lambda number: admin_update_user_attributes(services, pool, "ann", {"nickname": f"n{number}"}))

    assert set(came) <= {"done", ConcurrentModification.__name__}
    with services.reading() as work:
        ann = work.users.find_by_username(pool.id, "ann")
    assert ann is not None
    assert ann.version == 1 + came.count("done")


def test_disabling_succeeds_and_stays_whoever_else_changes_the_user(services: Services) -> None:
    pool = a_pool(services)
    admin_create_user(services, pool, Invitation("ann", is_silent=True))

    def act(number: int) -> None:
        if number == 0:
            admin_disable_user(services, pool, "ann")
        else:
            admin_update_user_attributes(services, pool, "ann", {"nickname": f"n{number}"})

    came = outcomes(act)

    assert "done" in came
    with services.reading() as work:
        ann = work.users.find_by_username(pool.id, "ann")
    assert ann is not None
    assert not ann.enabled


def test_a_domain_is_one_pools(services: Services) -> None:
    pools = [a_pool(services, f"abcdefgh{number}") for number in range(AT_ONCE)]

    came = outcomes(
        lambda number: create_domain(services, pools[number], "shop", managed_login_version=None, certificate_arn=None)
    )

    assert came == one_done_and(InvalidParameter)


def test_a_group_is_made_once(services: Services) -> None:
    pool = a_pool(services)

    came = outcomes(lambda _: create_group(services, Group(pool.id, "admins", START, START)))

    assert came == one_done_and(GroupTaken)


def test_a_user_is_put_into_a_group_by_all_at_once(services: Services) -> None:
    pool = a_pool(services)
    admin_create_user(services, pool, Invitation("ann", is_silent=True))
    create_group(services, Group(pool.id, "admins", START, START))

    assert outcomes(lambda _: add_user_to_group(services, pool, "ann", "admins")) == ["done"] * AT_ONCE


def test_of_updates_to_one_pool_none_is_lost(services: Services) -> None:
    pool = a_pool(services)

    came = outcomes(
        lambda number: update_user_pool(services, pool.id, account=pool.account, name=f"n{number}", settings={})
    )

    assert set(came) <= {"done", ConcurrentModification.__name__}
    with services.reading() as work:
        stored = work.user_pools.find(pool.id)
    assert stored is not None
    assert stored.version == 1 + came.count("done")
