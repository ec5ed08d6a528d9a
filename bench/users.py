"""Filling a pool with users, by the store and not by sign-up: a hundred thousand in seconds."""

from __future__ import annotations

from datetime import UTC, datetime

from idp.bootstrap import load_master_key
from idp.domain.user import User, UserStatus
from idp.outbound.sealer import Sealer
from idp.settings import Settings
from idp.store.engine import Database
from idp.store.unit_of_work import UnitsOfWork

BATCH = 10_000


def fill(settings: Settings, pool_id: str, numbers: range) -> None:
    """Store the users `user<number>`, each with an e-mail address."""
    database = Database(settings.sqlalchemy_url, synchronous="NORMAL")
    units = UnitsOfWork(database, Sealer(load_master_key(settings)))
    now = datetime.now(UTC)
    for start in range(numbers.start, numbers.stop, BATCH):
        with units.writing() as work:
            for number in range(start, min(start + BATCH, numbers.stop)):
                email = f"user{number}@example.com"
                attributes = {"email": email, "email_verified": "true"}
                user = User(pool_id, f"user{number}", f"sub-{number}", UserStatus.CONFIRMED, now, now, attributes)
                stored = work.users.add(user)
                work.users.claim_alias(stored, "email", email)
            work.commit()
    database.dispose()
