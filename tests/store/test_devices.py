"""Devices and the sessions kept for them, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from idp.domain.device import Device, DeviceSecret
from idp.domain.errors import DeviceKeyTaken
from idp.domain.user import User
from idp.store.tables.devices import devices
from idp.store.unit_of_work import UnitOfWork, UnitsOfWork
from tests.fakes import START
from tests.store.rows import a_session, a_user

SECRET = DeviceSecret("ab12", "0123456789abcdef")


def a_device_of(user: User, key: str = "us-east-1_a") -> Device:
    return Device(
        user.id,
        key,
        "laptop",
        is_remembered=True,
        secret=SECRET,
        created_at=START,
        updated_at=START,
        authenticated_at=START,
        last_source="127.0.0.1",
    )


@pytest.fixture
def ann(work: UnitOfWork) -> User:
    """A stored user."""
    return work.users.add(a_user())


@pytest.mark.parametrize("changes", [{}, {"secret": None, "name": None, "is_remembered": False}])
def test_a_device_comes_back_as_it_was_stored(work: UnitOfWork, ann: User, changes: dict[str, Any]) -> None:
    device = replace(a_device_of(ann), **changes)
    work.devices.add(device)

    assert work.devices.find(ann.id, device.key) == device


def test_verifiers_are_sealed(units: UnitsOfWork) -> None:
    with units.writing() as work:
        work.devices.add(a_device_of(work.users.add(a_user())))
        work.commit()
    with units.database.reading() as connection:
        stored = connection.execute(sa.select(devices.c.verifier)).scalar_one()

    assert SECRET.verifier not in stored


def test_a_key_is_taken_once_by_each_user(work: UnitOfWork, ann: User) -> None:
    bob = work.users.add(a_user("bob"))
    work.devices.add(a_device_of(ann))
    work.devices.add(a_device_of(bob))

    with pytest.raises(DeviceKeyTaken):
        work.devices.add(a_device_of(ann))


def test_the_devices_used_last_are_kept(work: UnitOfWork, ann: User) -> None:
    bob = work.users.add(a_user("bob"))
    for user in (ann, bob):
        for day, key in enumerate(["us-east-1_b", "us-east-1_c", "us-east-1_a"]):
            used_at = START + timedelta(days=day)
            work.devices.add(replace(a_device_of(user, key), authenticated_at=used_at))
    work.devices.delete_unused(ann.id, keep=2)

    assert [device.key for device in work.devices.list_page(ann.id, limit=9)] == ["us-east-1_a", "us-east-1_c"]
    assert len(work.devices.list_page(bob.id, limit=9)) == 3


def test_devices_are_listed_by_key(work: UnitOfWork, ann: User) -> None:
    for key in ("us-east-1_c", "us-east-1_a", "us-east-1_b"):
        work.devices.add(a_device_of(ann, key))

    listed = work.devices.list_page(ann.id, after="us-east-1_a", limit=1)
    assert [device.key for device in listed] == ["us-east-1_b"]


def test_what_is_not_there_is_neither_remembered_nor_deleted(work: UnitOfWork, ann: User) -> None:
    assert work.devices.remember(ann.id, "us-east-1_a", START, is_remembered=True) is False
    assert work.devices.delete(ann.id, "us-east-1_a") is False


@pytest.mark.parametrize("has_device", [True, False])
def test_a_refresh_token_says_whether_its_user_has_its_device(work: UnitOfWork, ann: User, has_device: bool) -> None:
    key = {True: "us-east-1_a", False: "us-east-1_b"}[has_device]
    work.devices.add(a_device_of(ann))
    work.user_sessions.add(replace(a_session(ann), device_key=key), "digest")

    stored = work.user_sessions.find_refresh_token("digest")
    assert stored is not None
    assert stored.has_device is has_device


def test_a_session_gets_a_device_once(work: UnitOfWork, ann: User) -> None:
    work.user_sessions.add(a_session(ann), "digest")
    work.user_sessions.give_device("session-1", "us-east-1_a")
    work.user_sessions.give_device("session-1", "us-east-1_b")

    stored = work.user_sessions.find_refresh_token("digest")
    assert stored is not None
    assert stored.session.device_key == "us-east-1_a"


def test_a_later_session_is_kept_in_place_of_an_earlier_one(work: UnitOfWork) -> None:
    work.kept_sessions.keep("key", "first", until=START)
    work.kept_sessions.keep("key", "second", until=START + timedelta(minutes=3))

    assert work.kept_sessions.find("key") == "second"
    assert work.kept_sessions.delete_expired(START + timedelta(minutes=1)) == 0


def test_kept_sessions_are_forgotten_when_they_are_over(work: UnitOfWork) -> None:
    work.kept_sessions.keep("key", "sealed", until=START)

    assert work.kept_sessions.delete_expired(START + timedelta(seconds=1)) == 1
    assert work.kept_sessions.find("key") is None
