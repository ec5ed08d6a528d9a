"""Measuring one scenario: latencies seen by a client, CPU used by the server."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, field

from bench.processes import Served
from bench.scenarios import Iteration
from bench.wire import Connection

WARM_UP = 3


@dataclass
class Measured:
    """What some rounds of one scenario gave.

    Attributes:
        latencies_ms: of every iteration.
        cpu_ms: of the server for one iteration, in each round.
    """

    latencies_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    def add_round(self, served: Served, iterate: Iteration, seconds: float) -> None:
        """Repeat an iteration for some seconds on one kept connection."""
        connection = Connection(served.url)
        for _ in range(WARM_UP):
            iterate(connection)
        count, cpu, began = 0, served.cpu_s(), time.perf_counter()
        while time.perf_counter() - began < seconds:
            start = time.perf_counter()
            iterate(connection)
            self.latencies_ms.append((time.perf_counter() - start) * 1000)
            count += 1
        self.cpu_ms.append((served.cpu_s() - cpu) * 1000 / count)
        connection.close()

    @property
    def cpu(self) -> float:
        """Return the CPU milliseconds of one iteration: the median of the rounds."""
        return statistics.median(self.cpu_ms)

    @property
    def per_second(self) -> float:
        """Return the iterations a second on one connection."""
        return 1000 / statistics.mean(self.latencies_ms)

    def percentile(self, percent: int) -> float:
        """Return a percentile of the latencies, milliseconds."""
        ordered = sorted(self.latencies_ms)
        return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
