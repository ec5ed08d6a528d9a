"""Authenticator apps: no code is taken twice, and no secret counts that was replaced, whoever is first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from idp.domain.errors import ConcurrentModification
from idp.domain.user import MfaPreference, User
from idp.store.software_tokens import SoftwareToken
from idp.store.unit_of_work import UnitOfWork, UnitsOfWork
from tests.store.rows import a_user

AT_ONCE = 8
SECRET = "JBSWY3DPEHPK3PXP"
OTHER = "KRSXG5CTMVRXEZLU"


@pytest.fixture
def ann(units: UnitsOfWork) -> User:
    """A stored user."""
    with units.writing() as work:
        user = work.users.add(a_user())
        work.commit()
    return user


def registered(work: UnitOfWork, user: User, *, step: int = 100) -> SoftwareToken:
    """Let a user have an app, whose code of a step was taken."""
    assert work.software_tokens.register_first(user.id, SECRET, step=step, friendly_name="phone")
    return found(work, user)


def found(work: UnitOfWork, user: User) -> SoftwareToken:
    token = work.software_tokens.find(user.id)
    assert token is not None
    return token


def test_of_many_who_give_one_code_at_once_one_succeeds(units: UnitsOfWork, ann: User) -> None:
    with units.writing() as work:
        token = registered(work, ann)
        work.commit()

    def spend(_: int) -> bool:
        with units.writing() as work:
            spent = work.software_tokens.spend(token, 101)
            work.commit()
        return spent

    with ThreadPoolExecutor(AT_ONCE) as threads:
        assert sum(threads.map(spend, range(AT_ONCE))) == 1


@pytest.mark.parametrize(("step", "is_taken"), [(99, False), (100, False), (101, True)])
def test_no_code_is_taken_of_a_step_that_is_over(units: UnitsOfWork, ann: User, step: int, is_taken: bool) -> None:
    with units.writing() as work:
        assert work.software_tokens.spend(registered(work, ann), step) is is_taken


def test_of_many_who_register_a_first_app_at_once_one_succeeds(units: UnitsOfWork, ann: User) -> None:
    def register(number: int) -> bool:
        try:
            with units.writing() as work:
                is_first = work.software_tokens.register_first(ann.id, SECRET, step=number, friendly_name=None)
                work.commit()
        except ConcurrentModification:
            return False
        return is_first

    with ThreadPoolExecutor(AT_ONCE) as threads:
        assert sum(threads.map(register, range(AT_ONCE))) == 1


def test_a_waiting_secret_does_not_count(work: UnitOfWork) -> None:
    ann = work.users.add(a_user())
    work.software_tokens.begin(ann.id, SECRET)

    assert not work.software_tokens.has(ann.id)
    assert (found(work, ann).secret, found(work, ann).pending_secret) == (None, SECRET)


def test_a_waiting_secret_counts_once_it_is_registered(work: UnitOfWork) -> None:
    ann = work.users.add(a_user())
    registered(work, ann)
    work.software_tokens.begin(ann.id, OTHER)

    assert work.software_tokens.register(found(work, ann), step=7, friendly_name="tablet")

    token = found(work, ann)
    assert (token.secret, token.pending_secret, token.last_step, token.friendly_name) == (OTHER, None, 7, "tablet")


def test_a_secret_that_was_replaced_while_it_waited_is_not_registered(work: UnitOfWork) -> None:
    ann = work.users.add(a_user())
    work.software_tokens.begin(ann.id, SECRET)
    older = found(work, ann)
    work.software_tokens.begin(ann.id, OTHER)

    assert not work.software_tokens.register(older, step=7, friendly_name=None)
    assert not work.software_tokens.has(ann.id)


def test_a_code_of_an_app_that_was_replaced_is_not_taken(work: UnitOfWork) -> None:
    ann = work.users.add(a_user())
    older = registered(work, ann)
    work.software_tokens.begin(ann.id, OTHER)
    work.software_tokens.register(found(work, ann), step=7, friendly_name=None)

    assert not work.software_tokens.spend(older, 200)


def test_a_second_app_is_no_first_one(work: UnitOfWork) -> None:
    ann = work.users.add(a_user())
    registered(work, ann)

    assert not work.software_tokens.register_first(ann.id, OTHER, step=101, friendly_name=None)
    assert found(work, ann).secret == SECRET


def test_secrets_are_not_readable_in_the_database(units: UnitsOfWork, ann: User) -> None:
    with units.writing() as work:
        registered(work, ann)
        work.software_tokens.begin(ann.id, OTHER)
        work.commit()

    with units.database.reading() as connection:
        row = str(dict(connection.execute(sa.text("SELECT * FROM software_tokens")).mappings().one()))

    assert SECRET not in row
    assert OTHER not in row


def test_an_app_goes_with_its_user(work: UnitOfWork) -> None:
    ann = work.users.add(a_user())
    registered(work, ann)

    work.users.delete(ann)

    assert work.software_tokens.find(ann.id) is None


def test_a_preference_is_stored_with_its_user(work: UnitOfWork) -> None:
    preference = MfaPreference(frozenset({"SMS_MFA", "SOFTWARE_TOKEN_MFA"}), "SMS_MFA", with_passkeys=True)
    ann = work.users.add(a_user(mfa=preference))

    stored = work.users.find_by_username(ann.pool_id, "ann")

    assert stored is not None
    assert stored.mfa == preference
