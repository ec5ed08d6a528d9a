"""Users as the store keeps them."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from idp.domain.errors import ConcurrentModification, UsernameTaken
from idp.store.unit_of_work import UnitOfWork, UnitsOfWork
from idp.store.users import UserFilter, search_value, successor
from tests.store.rows import POOL, a_user, some_credentials


def test_a_user_comes_back_as_stored(work: UnitOfWork) -> None:
    stored = work.users.add(a_user(credentials=some_credentials()))
    assert work.users.find_by_username(POOL, "ann") == stored


def test_a_user_is_found_by_username_alias_and_sub(work: UnitOfWork) -> None:
    ann = work.users.add(a_user())
    assert work.users.claim_alias(ann, "email", "ann@example.com")
    found = [work.users.find(POOL, name) for name in ("ann", "ann@example.com", "sub-of-ann")]
    assert found == [ann, ann, ann]


def test_what_was_not_committed_is_gone(units: UnitsOfWork) -> None:
    with units.writing() as work:
        work.users.add(a_user())
    with units.reading() as work:
        assert work.users.find_by_username(POOL, "ann") is None


def test_a_username_is_taken_once(work: UnitOfWork) -> None:
    work.users.add(a_user())
    with pytest.raises(UsernameTaken):
        work.users.add(a_user(sub="another sub"))


def test_an_older_version_is_not_saved_over_a_newer_one(work: UnitOfWork) -> None:
    ann = work.users.add(a_user())
    work.users.save(replace(ann, enabled=False))
    with pytest.raises(ConcurrentModification):
        work.users.save(ann)


def test_an_alias_belongs_to_one_user(work: UnitOfWork) -> None:
    ann, bob = work.users.add(a_user()), work.users.add(a_user("bob"))
    assert work.users.claim_alias(ann, "email", "same@example.com")
    assert not work.users.claim_alias(bob, "email", "same@example.com")
    assert work.users.find_alias_owner(POOL, "email", "same@example.com") == ann.id


def test_a_new_alias_ends_the_older_of_the_same_attribute(work: UnitOfWork) -> None:
    ann = work.users.add(a_user())
    work.users.claim_alias(ann, "email", "old@example.com")
    work.users.claim_alias(ann, "email", "new@example.com")
    assert work.users.aliases_of(ann) == {"email": "new@example.com"}


def test_a_deleted_user_leaves_no_alias(work: UnitOfWork) -> None:
    ann = work.users.add(a_user())
    work.users.claim_alias(ann, "email", "ann@example.com")
    work.users.delete(ann)
    assert work.users.find_alias_owner(POOL, "email", "ann@example.com") is None


def test_the_srp_verifier_is_not_readable_in_the_database(units: UnitsOfWork) -> None:
    with units.writing() as work:
        work.users.add(a_user(credentials=some_credentials()))
        work.commit()
    with units.database.reading() as connection:
        row = connection.execute(sa.text("SELECT * FROM users")).mappings().one()
    verifier = some_credentials().srp_verifier
    assert verifier is not None
    assert verifier not in str(dict(row))


def test_a_searched_value_is_found_whatever_its_case(work: UnitOfWork) -> None:
    ann = work.users.add(a_user())
    found = work.users.list_page(POOL, filtered=UserFilter("email", False, "ann@example.com"), after=None, limit=10)
    assert found == [ann]


def test_a_prefix_listing_goes_on_where_the_page_before_ended(work: UnitOfWork) -> None:
    names = ["ann1", "ann2", "ann3", "bob"]
    ann1, ann2, ann3, _ = (work.users.add(a_user(name)) for name in names)
    wanted = UserFilter("email", True, "ann")
    first = work.users.list_page(POOL, filtered=wanted, after=None, limit=2)
    rest = work.users.list_page(POOL, filtered=wanted, after=(search_value(ann2, "email"), ann2.id), limit=2)
    assert (first, rest) == ([ann1, ann2], [ann3])


@pytest.mark.parametrize(
    ("prefix", "following"), [("a", "b"), ("a\U0010ffff", "b"), ("\ud7ff", "\ue000"), ("\U0010ffff", None), ("", None)]
)
def test_the_successor_of_a_prefix_is_above_all_that_begin_with_it(prefix: str, following: str | None) -> None:
    assert successor(prefix) == following
