"""Roles, IAM users, their policies and keys, on both databases."""

from __future__ import annotations

import pytest

from idp.domain.errors import ResourceConflict
from idp.domain.iam import AccessKey, Grants, IamUser, Role
from idp.store.unit_of_work import UnitOfWork, UnitsOfWork
from tests.fakes import START

ACCOUNT = "111122223333"
ROLE = Role(ACCOUNT, "reader", "AROAREADER", "/team/", "{}", START, tags={"team": "red"})
ANN = IamUser(ACCOUNT, "ann", "AIDAANN", "/", START, {"team": "blue"})
ROOTS_KEY = AccessKey("AKIAROOT", ACCOUNT, "secret of root", START)
ANNS_KEY = AccessKey("AKIAANN", ACCOUNT, "secret of ann", START, ANN.id)


@pytest.fixture(autouse=True)
def _stored(work: UnitOfWork) -> None:
    work.roles.add(ROLE)
    work.iam_users.add(ANN)
    work.access_keys.add(ROOTS_KEY)
    work.access_keys.add(ANNS_KEY)


def test_what_is_stored_comes_back(work: UnitOfWork) -> None:
    assert work.roles.find(ACCOUNT, "reader") == ROLE
    assert work.iam_users.find(ACCOUNT, "ann") == work.iam_users.find_by_id(ANN.id) == ANN
    assert work.access_keys.find_with_user(ANNS_KEY.id) == (ANNS_KEY, ANN)
    assert work.access_keys.find_with_user(ROOTS_KEY.id) == (ROOTS_KEY, None)


def test_another_account_has_names_of_its_own(work: UnitOfWork) -> None:
    assert work.roles.find("444455556666", "reader") is None
    assert work.iam_users.find("444455556666", "ann") is None


def test_a_path_is_taken_literally(work: UnitOfWork) -> None:
    assert work.roles.list_page(ACCOUNT, path_prefix="/team/", limit=9) == [ROLE]
    assert work.roles.list_page(ACCOUNT, path_prefix="/te_m/", limit=9) == []
    assert work.iam_users.list_page(ACCOUNT, path_prefix="/", after="ann", limit=9) == []


def test_grants_are_policies_and_tags(work: UnitOfWork) -> None:
    assert work.inline_policies.find_grants(ROLE.id) == Grants({}, {"team": "red"})

    work.inline_policies.put(ROLE.id, "p", "old")
    work.inline_policies.put(ROLE.id, "p", "new")
    work.inline_policies.put(ANN.id, "q", "hers")

    assert work.inline_policies.find_grants(ROLE.id) == Grants({"p": "new"}, {"team": "red"})
    assert work.inline_policies.find_grants(ANN.id) == Grants({"q": "hers"}, {"team": "blue"})
    assert work.inline_policies.find_grants("AROANOBODY") is None


def test_keys_belong_to_one_owner(work: UnitOfWork) -> None:
    assert work.access_keys.of_owner(ACCOUNT, None) == [ROOTS_KEY]
    assert work.access_keys.of_owner(ACCOUNT, ANN.id) == [ANNS_KEY]
    assert not work.access_keys.set_active(ACCOUNT, ANN.id, ROOTS_KEY.id, active=False)
    assert not work.access_keys.delete(ACCOUNT, None, ANNS_KEY.id)
    assert work.access_keys.delete(ACCOUNT, None, ROOTS_KEY.id)


def test_a_deleted_users_keys_are_deleted(work: UnitOfWork) -> None:
    work.iam_users.delete(ACCOUNT, "ann")

    assert work.access_keys.find_with_user(ANNS_KEY.id) is None


def test_a_secret_is_not_in_the_database(work: UnitOfWork, units: UnitsOfWork) -> None:
    work.commit()

    with units.database.reading() as connection:
        row = connection.exec_driver_sql("SELECT secret FROM access_keys WHERE id = 'AKIAANN'").one()
    assert ANNS_KEY.secret not in row[0]


def test_a_role_name_is_taken_once(work: UnitOfWork) -> None:
    with pytest.raises(ResourceConflict, match=r"Role with name reader already exists\."):
        work.roles.add(ROLE)
