"""Holding a lease while a piece of work goes on, so that of several workers one does it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from idp.services import Services
    from idp.store.unit_of_work import UnitOfWork

LIFETIME = timedelta(seconds=60)
"""How long the work of a worker that died waits for another one.  A living one renews its lease with each batch."""


class LeaseLost(Exception):
    """The lease ended while its work went on: another worker may be at it, and this one must leave it."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease that is held.

    Attributes:
        name: of the work.
        holder: of the worker.
    """

    services: Services
    name: str
    holder: str

    def renew(self, work: UnitOfWork) -> None:
        """Hold the lease for longer, in the transaction that stores the work: nothing is stored without a lease.

        Raises:
            LeaseLost.
        """
        now = self.services.clock.now()
        if not work.leases.renew(self.name, self.holder, now=now, until=now + LIFETIME):
            raise LeaseLost(self.name)


@contextmanager
def held(services: Services, name: str, holder: str) -> Iterator[Lease | None]:
    """Hold a lease until the block ends, however it ends; None where another worker holds it."""
    now = services.clock.now()
    with services.unit_of_work() as work:
        is_taken = work.leases.take(name, holder, now=now, until=now + LIFETIME)
        work.commit()
    if not is_taken:
        yield None
        return
    try:
        yield Lease(services, name, holder)
    finally:
        with services.unit_of_work() as work:
            work.leases.give_back(name, holder, now=services.clock.now())
            work.commit()
