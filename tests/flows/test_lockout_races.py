"""Passwords tried at the same moment: no more of them are told right or wrong than one after the other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from idp.domain.client import Client
from idp.domain.errors import DomainError, PasswordAttemptsExceeded, WrongPassword
from idp.domain.user_pool import UserPool
from idp.flows.confirmation import admin_confirm_sign_up
from idp.flows.named_users import name_user
from idp.flows.sign_in import sign_in_with_password
from idp.flows.sign_up import Registration, sign_up
from idp.outbound.hashing import Argon2Hasher
from tests.fakes import START

if TYPE_CHECKING:
    from idp.services import Services
    from idp.settings import Settings
    from tests.fakes import FakeClock

AT_ONCE = 12
PASSWORD = "Passw0rd!"
SOURCE = "192.0.2.7"


class InterruptedHasher(Argon2Hasher):
    """Does something else before it tells whether a password is right."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__(memory_kib=8, passes=1, lanes=1, slots=1)
        self._meanwhile = meanwhile

    def verify(self, password: str, password_hash: str) -> bool:
        is_right = super().verify(password, password_hash)
        self._meanwhile()
        return is_right


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """The settings of a server on that database."""
    return replace(settings, database_url=database_url)


@pytest.fixture
def client(services: Services) -> Client:
    """A client of a pool where Ann signs in."""
    pool = UserPool("us-east-1_abcdefghi", "000000000000", "us-east-1", "people", {}, START, START)
    client = Client("app", pool.id, "app", {}, START, START)
    with services.unit_of_work() as work:
        work.user_pools.add(pool)
        work.clients.add(client)
        work.commit()
    sign_up(services, client, Registration("ann", PASSWORD, {}))
    user = name_user(services, client, "ann").user
    assert user is not None
    admin_confirm_sign_up(services, pool, user)
    return client


def outcome(services: Services, client: Client, password: str) -> str:
    """Try a password and return what came of it."""
    try:
        sign_in_with_password(services, client, "ann", password, source=SOURCE)
    except DomainError as refusal:
        return type(refusal).__name__
    return "signed in"


def outcomes_at_once(services: Services, client: Client) -> list[str]:
    """Try wrong passwords, each judged before the first is counted."""
    gathering = replace(services, hasher=InterruptedHasher(Barrier(AT_ONCE, timeout=20).wait))
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(lambda number: outcome(gathering, client, f"wrong {number}"), range(AT_ONCE)))


def test_five_of_many_wrong_passwords_at_once_are_told(services: Services, client: Client) -> None:
    told = outcomes_at_once(services, client)

    assert told.count(WrongPassword.__name__) == 5
    assert told.count(PasswordAttemptsExceeded.__name__) == AT_ONCE - 5


def test_one_of_many_wrong_passwords_at_once_is_told_when_a_lock_is_over(
    services: Services, client: Client, clock: FakeClock
) -> None:
    outcomes_at_once(services, client)
    clock.advance(timedelta(seconds=1))
    told = outcomes_at_once(services, client)

    assert told.count(WrongPassword.__name__) == 1
    assert told.count(PasswordAttemptsExceeded.__name__) == AT_ONCE - 1


def test_a_right_password_that_a_lock_overtakes_is_not_told(services: Services, client: Client) -> None:
    def fail_five_times() -> None:
        for _ in range(5):
            outcome(services, client, "wrong")

    overtaken = replace(services, hasher=InterruptedHasher(fail_five_times))

    assert outcome(overtaken, client, PASSWORD) == PasswordAttemptsExceeded.__name__
