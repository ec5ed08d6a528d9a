"""Many sign up or confirm at the same moment, on each kind of database."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from idp.domain.client import Client
from idp.domain.errors import AliasTaken, CodeExpired, ConcurrentModification, DomainError, NotAuthorized, UsernameTaken
from idp.domain.user_pool import UserPool
from idp.flows.confirmation import confirm_sign_up
from idp.flows.named_users import name_user
from idp.flows.recovery import confirm_forgot_password, forgot_password
from idp.flows.sign_up import Registration, sign_up
from tests.fakes import START

if TYPE_CHECKING:
    from idp.services import Services
    from idp.settings import Settings
    from tests.conftest import Outbox

AT_ONCE = 6
PASSWORD = "Passw0rd!"


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """The settings of a server on that database."""
    return replace(settings, database_url=database_url)


def a_client(services: Services, **settings: Any) -> Client:
    """Store a pool with these settings and a client of it."""
    pool = UserPool("us-east-1_abcdefghi", "000000000000", "us-east-1", "people", settings, START, START)
    client = Client("app", pool.id, "app", {}, START, START)
    with services.unit_of_work() as work:
        work.user_pools.add(pool)
        work.clients.add(client)
        work.commit()
    return client


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


def test_a_username_is_signed_up_once(services: Services) -> None:
    client = a_client(services)

    came = outcomes(lambda _: sign_up(services, client, Registration("ann", PASSWORD, {})))

    assert came == [UsernameTaken.__name__] * (AT_ONCE - 1) + ["done"]


def test_an_address_is_signed_up_once_where_it_is_the_username(services: Services) -> None:
    client = a_client(services, UsernameAttributes=["email"])

    came = outcomes(lambda _: sign_up(services, client, Registration("ann@example.com", PASSWORD, {})))

    assert came == [UsernameTaken.__name__] * (AT_ONCE - 1) + ["done"]


def test_an_address_is_confirmed_for_one_user(services: Services, outbox: Outbox) -> None:
    client = a_client(services, AliasAttributes=["email"], AutoVerifiedAttributes=["email"])
    names = [f"ann-{number}" for number in range(AT_ONCE)]
    for name in names:
        sign_up(services, client, Registration(name, PASSWORD, {"email": "ann@example.com"}))

    def confirm(number: int) -> None:
        code = outbox.last_code_to(names[number])
        confirm_sign_up(services, name_user(services, client, names[number]), code=code)

    assert outcomes(confirm) == [AliasTaken.__name__] * (AT_ONCE - 1) + ["done"]


def test_a_confirmation_code_is_spent_once(services: Services, outbox: Outbox) -> None:
    client = a_client(services, AutoVerifiedAttributes=["email"])
    sign_up(services, client, Registration("ann", PASSWORD, {"email": "ann@example.com"}))
    code = outbox.last_code_to("ann")

    came = outcomes(lambda _: confirm_sign_up(services, name_user(services, client, "ann"), code=code))

    assert came.count("done") == 1
    assert set(came) <= {"done", CodeExpired.__name__, NotAuthorized.__name__}


def test_a_reset_code_is_spent_once(services: Services, outbox: Outbox) -> None:
    client = a_client(services, AutoVerifiedAttributes=["email"])
    sign_up(services, client, Registration("ann", PASSWORD, {"email": "ann@example.com"}))
    confirm_sign_up(services, name_user(services, client, "ann"), code=outbox.last_code_to("ann"))
    forgot_password(services, name_user(services, client, "ann"))
    code = outbox.last_code_to("ann")

    def reset(number: int) -> None:
        named = name_user(services, client, "ann")
        confirm_forgot_password(services, named, code=code, password=f"{PASSWORD}{number}")

    came = outcomes(reset)

    assert came.count("done") == 1
    assert set(came) <= {"done", CodeExpired.__name__, ConcurrentModification.__name__}
