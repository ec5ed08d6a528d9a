"""Passkeys on every database: their number, their owner and their counts hold whoever comes at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from idp.domain.errors import ResourceConflict
from idp.domain.passkey import Passkey
from idp.store.unit_of_work import UnitsOfWork
from tests.fakes import START
from tests.store.rows import POOL, a_user

AT_ONCE = 8


def a_passkey(user_id: int, passkey_id: str = "first", **changed: Any) -> Passkey:
    told: dict[str, Any] = {
        "relying_party_id": "localhost",
        "public_key": "key",
        "sign_count": 0,
        "name": "Device passkey",
        "attachment": None,
        "transports": ("internal",),
        "created_at": START,
    }
    return Passkey(POOL, user_id, passkey_id, **{**told, **changed})


@pytest.fixture
def user_id(units: UnitsOfWork) -> int:
    """A stored user's row."""
    with units.writing() as work:
        user = work.users.add(a_user())
        work.commit()
    return user.id


def stored(units: UnitsOfWork, passkey: Passkey) -> Passkey:
    with units.writing() as work:
        assert work.passkeys.add_within(passkey, limit=20)
        work.commit()
    return passkey


def test_a_passkey_comes_back_as_it_was_stored(units: UnitsOfWork, user_id: int) -> None:
    passkey = stored(units, a_passkey(user_id))

    with units.reading() as work:
        assert work.passkeys.of_user(user_id) == [passkey]


def test_of_many_passkeys_that_are_registered_at_once_no_more_than_the_limit_stay(
    units: UnitsOfWork, user_id: int
) -> None:
    def add(number: int) -> bool:
        with units.writing() as work:
            is_stored = work.passkeys.add_within(a_passkey(user_id, f"passkey {number}"), limit=3)
            work.commit()
        return is_stored

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert sum(pool.map(add, range(AT_ONCE))) == 3


def test_a_passkey_has_one_owner(units: UnitsOfWork, user_id: int) -> None:
    stored(units, a_passkey(user_id))

    with units.writing() as work:
        other = work.users.add(a_user("bob"))
        with pytest.raises(ResourceConflict):
            work.passkeys.add_within(a_passkey(other.id), limit=20)


def test_of_many_signatures_with_one_count_one_is_taken(units: UnitsOfWork, user_id: int) -> None:
    passkey = stored(units, a_passkey(user_id))

    def count_on(_: int) -> bool:
        with units.writing() as work:
            is_taken = work.passkeys.count_on(passkey, 1)
            work.commit()
        return is_taken

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert sum(pool.map(count_on, range(AT_ONCE))) == 1


@pytest.mark.parametrize(("before", "said", "is_taken"), [(0, 0, True), (0, 1, True), (5, 5, False), (5, 0, False)])
def test_a_count_must_go_on_unless_the_authenticator_does_not_count(
    units: UnitsOfWork, user_id: int, before: int, said: int, is_taken: bool
) -> None:
    passkey = stored(units, a_passkey(user_id, sign_count=before))

    with units.writing() as work:
        assert work.passkeys.count_on(passkey, said) is is_taken


def test_passkeys_go_with_their_user(units: UnitsOfWork) -> None:
    with units.writing() as work:
        user = work.users.add(a_user())
        work.passkeys.add_within(a_passkey(user.id), limit=20)
        work.users.delete(user)
        assert work.passkeys.of_user(user.id) == []
