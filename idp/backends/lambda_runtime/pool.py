"""The warm processes of all functions: which one takes an event, when a new one starts, and when old ones end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition, Timer

from idp.backends.lambda_runtime.function import FunctionThrottled
from idp.backends.lambda_runtime.sandbox import Sandbox

_MAX_AGE_S = 45 * 60.0
"""Processes end before the role session in their environment does, which lasts for an hour."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What processes must have in common to stand in for one another."""

    arn: str
    version: str
    region: str
    revision: str

    def is_superseded_by(self, other: "Kind") -> bool:
        """Say whether the other is a later state of the same function."""
        return (self.arn, self.version, self.region) == (other.arn, other.version, other.region) and self != other

    def belongs_to(self, arn: str) -> bool:
        """Say whether the function has this ARN, with or without its version."""
        return self.arn == arn or self.arn.startswith(f"{arn}:")


@dataclass(slots=True, eq=False)
class _Place:
    """Room for one process, held from before it starts until it has ended."""

    kind: Kind
    sandbox: Sandbox | None = None
    is_retired: bool = False
    idle_since: float = 0.0

    def close(self) -> None:
        if self.sandbox is not None:
            self.sandbox.close()


class WarmPool:
    """All processes of one server; thread-safe.

    Args:
        idle_s: how long a process is kept without work.
        wait_s: how long a call waits for a process when all are busy.
        monotonic: seconds of a clock that never goes back.
    """

    def __init__(self, *, max_processes: int, idle_s: float, wait_s: float, monotonic: Callable[[], float]) -> None:
        self._max_processes = max_processes
        self._idle_s = idle_s
        self._wait_s = wait_s
        self._monotonic = monotonic
        self._freed = Condition()
        self._idle: list[_Place] = []
        self._busy: set[_Place] = set()
        self._reaper: Timer | None = None
        self._is_closed = False

    @contextmanager
    def lease(self, kind: Kind, start: Callable[[], Sandbox]) -> Iterator[Sandbox]:
        """Hold a process until the end of the `with` block: a warm one, else one that `start` makes.

        Raises:
            FunctionThrottled: all processes stayed busy, or the pool is closed.
        """
        place = self._occupy(kind)
        try:
            yield place.sandbox or self._settle(place, start())
        finally:
            self._leave(place)

    def forget(self, arn: str) -> None:
        """End the function's idle processes now, and its busy ones as soon as they have answered.

        Args:
            arn: with a version, or without for all of them.
        """
        with self._freed:
            for place in self._busy:
                place.is_retired = place.is_retired or place.kind.belongs_to(arn)
            retired = self._withdraw(lambda place: place.kind.belongs_to(arn))
        _close(retired)

    def close(self) -> None:
        """End every process; invocations under way end as if their process had been killed."""
        with self._freed:
            self._is_closed = True
            idle = self._withdraw(lambda _: True)
            busy = [place.sandbox for place in self._busy if place.sandbox is not None]
            if self._reaper is not None:
                self._reaper.cancel()
            self._freed.notify_all()
        _close(idle)
        for sandbox in busy:
            sandbox.process.kill()

    def _occupy(self, kind: Kind) -> _Place:
        leaving: list[_Place] = []
        try:
            with self._freed:
                place = self._freed.wait_for(lambda: self._is_closed or self._find(kind, leaving), self._wait_s)
                if not isinstance(place, _Place):
                    raise FunctionThrottled
                self._busy.add(place)
                return place
        finally:
            _close(leaving)

    def _find(self, kind: Kind, leaving: list[_Place]) -> _Place | None:
        """Return the newest warm place, else a new one if there is room; add to `leaving` whom it displaces."""
        leaving += self._withdraw(lambda place: self._is_unfit(place) or place.kind.is_superseded_by(kind))
        warm = next((place for place in reversed(self._idle) if place.kind == kind), None)
        if warm is not None:
            self._idle.remove(warm)
            return warm
        if self._idle and len(self._idle) + len(self._busy) >= self._max_processes:
            leaving.append(self._idle.pop(0))
        return _Place(kind) if len(self._idle) + len(self._busy) < self._max_processes else None

    def _settle(self, place: _Place, sandbox: Sandbox) -> Sandbox:
        with self._freed:
            place.sandbox = sandbox
            is_closed = self._is_closed
        if is_closed:
            sandbox.process.kill()
        return sandbox

    def _leave(self, place: _Place) -> None:
        with self._freed:
            is_kept = (
                not (self._is_closed or place.is_retired) and place.sandbox is not None and place.sandbox.is_reusable
            )
            if is_kept:
                place.idle_since = self._monotonic()
                self._idle.append(place)
                self._busy.remove(place)
                self._freed.notify()
                self._plan_reaping()
        if not is_kept:
            place.close()
            with self._freed:
                self._busy.remove(place)
                self._freed.notify()

    def _is_unfit(self, place: _Place) -> bool:
        return place.sandbox is None or self._is_too_old(place.sandbox) or not place.sandbox.process.is_alive

    def _is_too_old(self, sandbox: Sandbox) -> bool:
        return self._monotonic() - sandbox.started_at >= _MAX_AGE_S

    def _withdraw(self, is_leaving: Callable[[_Place], bool]) -> list[_Place]:
        leaving = [place for place in self._idle if is_leaving(place)]
        self._idle = [place for place in self._idle if place not in leaving]
        return leaving

    def _plan_reaping(self) -> None:
        """Sleep, in one thread and only while there are idle processes, until the first of them is due."""
        if self._reaper is not None or not self._idle:
            return
        due_s = self._idle[0].idle_since + self._idle_s - self._monotonic()
        self._reaper = Timer(max(due_s, 0.0), self._reap)
        self._reaper.daemon = True
        self._reaper.start()

    def _reap(self) -> None:
        with self._freed:
            idle_since = self._monotonic() - self._idle_s
            expired = self._withdraw(lambda place: place.idle_since <= idle_since)
            self._reaper = None
            if not self._is_closed:
                self._plan_reaping()
            self._freed.notify_all()
        _close(expired)


def _close(places: list[_Place]) -> None:
    for place in places:
        place.close()
