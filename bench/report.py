"""The table that `make bench` prints."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

from bench.measure import Measured
from bench.targets import Target

MAX_IDLE_MIB = 150
MAX_START_S = 2.5


def print_report(
    measured: Mapping[str, Measured],
    floors: Mapping[str, Sequence[float]],
    targets: Sequence[Target],
    *,
    idle_mib: float,
    started_in_s: float,
) -> None:
    """Print requests, floor and targets."""
    print(
        "\nOne worker process, one connection, the next request after the answer; CPU of the worker, median of rounds"
    )
    print(f"{'':<56}{'per s':>9}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'CPU ms':>9}")
    for name, each in measured.items():
        shown = [each.percentile(percent) for percent in (50, 95, 99)]
        print(f"{name:<56}{each.per_second:>9.0f}" + "".join(f"{value:>9.2f}" for value in shown) + f"{each.cpu:>9.3f}")
    print("\nThe machine's floor, CPU ms, measured in the same rounds")
    for name, rounds in floors.items():
        print(f"  {name:<54}{statistics.median(rounds):>9.3f}")
    print("\nTargets, as median of the rounds' ratios")
    for target in targets:
        _print_target(target.name, target.ratio, target.most, f"x {target.floor}")
    _print_target("memory of a worker at idle", idle_mib, MAX_IDLE_MIB, "MiB (proportional set size)")
    _print_target("idp dev answers after start", started_in_s, MAX_START_S, "s")


def _print_target(name: str, value: float, most: float, unit: str) -> None:
    verdict = "met   " if value <= most else "MISSED"
    print(f"  {verdict} {name:<48}{value:>9.2f}  (at most {most:g} {unit})")
