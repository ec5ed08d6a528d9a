"""What several callers do at the same moment, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest

from idp.settings import Settings
from tests.aws.cognito_identity.conftest import UserPool

CALLERS = 6


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    return replace(settings, database_url=database_url)


def at_once(call: Callable[[int], Any]) -> list[Any]:
    """Call from several threads at the same moment; returns what each got."""
    barrier = Barrier(CALLERS)

    def start(number: int) -> Any:
        barrier.wait()
        return call(number)

    with ThreadPoolExecutor(CALLERS) as threads:
        return list(threads.map(start, range(CALLERS)))


def test_a_new_login_becomes_one_identity(admin: Any, public: Any, pool_id: str, people: UserPool) -> None:
    logins = people.login("ann")

    found = at_once(lambda _: public.get_id(IdentityPoolId=pool_id, Logins=logins)["IdentityId"])

    assert len(set(found)) == 1
    assert len(admin.list_identities(IdentityPoolId=pool_id, MaxResults=60)["Identities"]) == 1


def test_guests_who_are_all_the_same_person_become_one_identity(
    admin: Any, public: Any, pool_id: str, people: UserPool, roles: dict[str, str]
) -> None:
    logins = people.login("ann")
    guests = [public.get_id(IdentityPoolId=pool_id)["IdentityId"] for _ in range(CALLERS)]

    at_once(lambda number: public.get_credentials_for_identity(IdentityId=guests[number], Logins=logins))

    shown = admin.list_identities(IdentityPoolId=pool_id, MaxResults=60, HideDisabled=True)["Identities"]
    assert [each["Logins"] for each in shown] == [[people.provider]]
