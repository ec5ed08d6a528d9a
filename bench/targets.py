"""The targets: ratios of what was measured in the same rounds, so that a busy machine burdens both sides alike."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.measure import Measured

BARE_ROUTE = "bare Flask route"
PLAIN = "password sign-in"
TRIGGERED = "password sign-in, two warm triggers"
TRIGGERS_P50_MS = 5.0
UNDECIDED = "gateway, undecided"
DECIDED = ("gateway, JWT", "gateway, SigV4", "gateway, Lambda authorizer (kept)")
SMALL, LARGE = ", small pool", ", large pool"
FIRST, LAST = ", first page", ", last page"

Rounds = Sequence[float]


@dataclass(frozen=True)
class Target:
    """A ratio that must not be larger than `most`, and what it is a ratio to."""

    name: str
    ratio: float
    most: float
    floor: str


def targets(measured: Mapping[str, Measured], floors: Mapping[str, Rounds]) -> list[Target]:
    """Return the targets that the scenarios measured are held to."""
    return [*_of_floors(measured, floors), *_of_triggers(measured), *_of_gateway(measured), *_of_listings(measured)]


def _of_floors(measured: Mapping[str, Measured], floors: Mapping[str, Rounds]) -> list[Target]:
    route = measured[BARE_ROUTE].cpu_ms
    signatures = [2 * each for each in floors["RSA-2048 signature"]]
    held: dict[str, tuple[float, Rounds, str]] = {
        PLAIN: (1.3, _sum(floors["argon2id"], signatures), "argon2id + 2 RSA signatures"),
        "SRP sign-in": (2.0, _sum(floors["SRP exponentiations"], signatures), "exponentiations + 2 RSA signatures"),
        "refresh": (2.0, _sum(signatures, route), "2 RSA signatures + bare route"),
        "GetUser": (5.0, route, "bare route"),
    }
    return [
        Target(name, _ratio(measured[name].cpu_ms, floor), most, of)
        for name, (most, floor, of) in held.items()
        if name in measured
    ]


def _of_triggers(measured: Mapping[str, Measured]) -> list[Target]:
    """Return the target of what triggers add to the median sign-in."""
    if TRIGGERED not in measured or PLAIN not in measured:
        return []
    added = measured[TRIGGERED].percentile(50) - measured[PLAIN].percentile(50)
    return [Target("what two warm triggers add", added / TRIGGERS_P50_MS, 1.0, f"{TRIGGERS_P50_MS:g} ms")]


def _of_gateway(measured: Mapping[str, Measured]) -> list[Target]:
    if UNDECIDED not in measured:
        return []
    undecided = measured[UNDECIDED].cpu_ms
    return [
        Target(name, _ratio(measured[name].cpu_ms, undecided), 1.25, "the same undecided")
        for name in DECIDED
        if name in measured
    ]


def _of_listings(measured: Mapping[str, Measured]) -> list[Target]:
    """Return the targets of listings where there is much."""
    return [
        Target(name.removesuffix(LARGE), _ratio(each.cpu_ms, measured[compared].cpu_ms), 1.5, words)
        for name, each in measured.items()
        if name.endswith(LARGE)
        for compared, words in _compared(name, measured)
    ]


def _compared(name: str, measured: Mapping[str, Measured]) -> list[tuple[str, str]]:
    """Return what a listing is held to, and what that is called: the first of these that was measured; itself is none."""
    itself = name.removesuffix(LARGE)
    first = itself.partition(", ")[0] + FIRST
    candidates = (
        (itself + SMALL, "the same in the small pool"),
        (first + SMALL, "its first page in the small pool"),
        (first + LARGE, "its first page"),
    )
    return [each for each in candidates if each[0] in measured and each[0] != name][:1]


def _sum(one: Rounds, other: Rounds) -> list[float]:
    return [a + b for a, b in zip(one, other, strict=True)]


def _ratio(dividend: Rounds, divisor: Rounds) -> float:
    """Return the median of the rounds' ratios."""
    return statistics.median(a / b for a, b in zip(dividend, divisor, strict=True))
