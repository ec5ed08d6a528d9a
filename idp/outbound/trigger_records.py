"""Remembering the runs of triggers in the database, for whoever develops or debugs them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from idp.domain.trigger_invocation import TriggerInvocation, masked

if TYPE_CHECKING:
    from idp.domain.trigger import TriggerCall
    from idp.services import Clock


class TriggerRecords:
    """Keeps the newest runs, masked."""

    def __init__(self, unit_of_work: Callable[[], AbstractContextManager[Any]], clock: Clock) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock

    def add(self, call: TriggerCall, answer: Any, *, error: str | None, duration_s: float) -> None:
        """Keep a run that has just ended.

        Args:
            answer: JSON; None when there is none.
            error: the sentence that tells why not.
        """
        run = TriggerInvocation(
            pool_id=call.pool_id,
            name=call.name,
            source=call.source,
            function=call.arn,
            started_at=self._clock.now() - timedelta(seconds=duration_s),
            duration_ms=round(duration_s * 1000, 2),
            event=masked(call.event),
            answer=masked(answer),
            error=error,
        )
        with self._unit_of_work() as work:
            work.trigger_invocations.add(run)
            work.commit()
