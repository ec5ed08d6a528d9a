"""Devices: rows to `Device` and back, verifiers sealed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from idp.domain.device import Device, DeviceSecret
from idp.domain.errors import DeviceKeyTaken
from idp.store.sealing import Seals
from idp.store.tables.devices import devices as t

PURPOSE = "device-verifier"

_OF_USER = t.c.user_id == sa.bindparam("user_id")
_THIS = sa.and_(t.c.user_id == sa.bindparam("b_user_id"), t.c.key == sa.bindparam("b_key"))
_FIND = sa.select(t).where(_THIS)
_PAGE = sa.select(t).where(_OF_USER, t.c.key > sa.bindparam("after")).order_by(t.c.key).limit(sa.bindparam("limit"))
_DELETE = t.delete().where(_THIS)
_REMEMBER = t.update().where(_THIS).values(is_remembered=sa.bindparam("remembered"), updated_at=sa.bindparam("moment"))
_TOUCH = t.update().where(_THIS).values(authenticated_at=sa.bindparam("moment"), last_source=sa.bindparam("source"))
_UNUSED = (
    sa.select(t.c.key)
    .where(t.c.user_id == sa.bindparam("b_user_id"))
    .order_by(t.c.authenticated_at.desc(), t.c.key)
    .offset(sa.bindparam("kept"))
)
_DELETE_UNUSED = t.delete().where(t.c.user_id == sa.bindparam("b_user_id"), t.c.key.in_(_UNUSED.scalar_subquery()))


class Devices:
    """The stored devices."""

    def __init__(self, connection: sa.Connection, seals: Seals) -> None:
        self._connection = connection
        self._seals = seals

    def add(self, device: Device) -> None:
        """Store a device; raises DeviceKeyTaken when the user has one of that key."""
        try:
            self._connection.execute(t.insert(), self._row(device))
        except sa.exc.IntegrityError as error:
            raise DeviceKeyTaken from error

    def find(self, user_id: int, key: str) -> Device | None:
        """Return a user's device; None when the user has none of that key."""
        row = self._connection.execute(_FIND, {"b_user_id": user_id, "b_key": key}).mappings().first()
        return None if row is None else self._device(row)

    def list_page(self, user_id: int, *, after: str = "", limit: int) -> list[Device]:
        """Return up to `limit` devices of a user, by key, after the key given."""
        values = {"user_id": user_id, "after": after, "limit": limit}
        return [self._device(row) for row in self._connection.execute(_PAGE, values).mappings()]

    def remember(self, user_id: int, key: str, moment: datetime, *, is_remembered: bool) -> bool:
        """Let a device be remembered or not; False when there is none."""
        values = {"b_user_id": user_id, "b_key": key, "remembered": is_remembered, "moment": moment}
        return self._connection.execute(_REMEMBER, values).rowcount == 1

    def touch(self, user_id: int, key: str, moment: datetime, *, source: str) -> None:
        """Note that a user signed in with a device; one that is gone meanwhile stays gone."""
        values = {"b_user_id": user_id, "b_key": key, "moment": moment, "source": source}
        self._connection.execute(_TOUCH, values)

    def delete(self, user_id: int, key: str) -> bool:
        """Delete a device; False when there is none."""
        return self._connection.execute(_DELETE, {"b_user_id": user_id, "b_key": key}).rowcount == 1

    def delete_unused(self, user_id: int, *, keep: int) -> None:
        """Delete all devices of a user but the `keep` that were signed in with last."""
        self._connection.execute(_DELETE_UNUSED, {"b_user_id": user_id, "kept": keep})

    def _row(self, device: Device) -> dict[str, Any]:
        secret = device.secret
        return {
            "user_id": device.user_id,
            "key": device.key,
            "name": device.name,
            "is_remembered": device.is_remembered,
            "salt": None if secret is None else secret.salt,
            "verifier": None
            if secret is None
            else self._seals.seal(PURPOSE, secret.verifier.encode(), context=device.key.encode()),
            "last_source": device.last_source,
            "created_at": device.created_at,
            "updated_at": device.updated_at,
            "authenticated_at": device.authenticated_at,
        }

    def _device(self, row: sa.RowMapping) -> Device:
        values = dict(row)
        salt, sealed = values.pop("salt"), values.pop("verifier")
        secret = None
        if salt is not None:
            verifier = self._seals.open(PURPOSE, sealed, context=values["key"].encode()).decode()
            secret = DeviceSecret(salt, verifier)
        return Device(**values, secret=secret)
