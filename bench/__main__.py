"""`make bench`: run every scenario, alternated with the floor, and compare with the targets."""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from bench import api, floor, listings, pools, processes, rows, scenarios, triggers
from bench.measure import Measured
from bench.processes import Served
from bench.report import print_report
from bench.scenarios import Iteration, World
from bench.targets import BARE_ROUTE, FIRST, LARGE, LAST, SMALL, TRIGGERED, UNDECIDED, targets
from bench.wire import plain
from idp.settings import Settings

FEW, MANY = 1_000, 100_000
FLOOR_S = 0.25
STARTS = 3

Measurable = Mapping[str, tuple[Served, Iteration]]
Makers = Mapping[str, Callable[[World], Iteration]]


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=0.5, help="of each scenario in each round")
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--only", default="", help="a word in the names of the scenarios to run, or `listings`")
    options.add_argument("--users", type=int, default=MANY, help="in the large pool")
    options.add_argument("--database-url", help="PostgreSQL's; SQLite when not given")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="idp-bench-") as folder:
        run(Path(folder), given)


def run(folder: Path, given: argparse.Namespace) -> None:
    """Run everything in a folder of its own."""
    with (
        processes.bare_route(folder) as bare,
        processes.idp(folder / "data", database_url=given.database_url) as served,
    ):
        idle_mib = served.memory_mib()
        world = scenarios.build(served.url, served.key)
        world.api = api.deploy(folder, served, world.pool_id, bare.url)
        settings = Settings(data=folder / "data", database_url=given.database_url)
        works = {name: make() for name, make in floor.FLOORS.items()}
        floors: dict[str, list[float]] = {name: [] for name in works}
        measured = measure(requests(bare, served, world, given), works, floors, given)
        measured |= measure(listed(served, world, settings, given), {}, {}, given)
    started_in_s = statistics.median(start_time(folder / f"dev-{number}") for number in range(STARTS))
    print_report(measured, floors, targets(measured, floors), idle_mib=idle_mib, started_in_s=started_in_s)


SCENARIOS: Makers = {
    "password sign-in": scenarios.password_sign_in,
    TRIGGERED: triggers.password_sign_in,
    "SRP sign-in": scenarios.srp_sign_in,
    "refresh": scenarios.refresh,
    "GetUser": scenarios.get_user,
    "JWKS": scenarios.jwks,
    "sign-up": scenarios.sign_up,
    "GetId + GetCredentialsForIdentity": scenarios.credentials,
    UNDECIDED: lambda world: scenarios.through_gateway(world, "/open"),
    "gateway, JWT": lambda world: scenarios.through_gateway(world, "/jwt", token=world.tokens["IdToken"]),
    "gateway, SigV4": lambda world: scenarios.through_gateway(world, "/signed", sign=True),
    "gateway, Lambda authorizer (kept)": lambda world: scenarios.through_gateway(world, "/kept", token="word"),
    "gateway to a MOCK, undecided": lambda world: scenarios.through_gateway(world, "/mock/open"),
    "gateway to a MOCK, SigV4": lambda world: scenarios.through_gateway(world, "/mock/signed", sign=True),
}

LOOK_UPS: Makers = {
    "ListUsers by filter": scenarios.list_users_by_filter,
    "user by alias": scenarios.user_by_alias,
    "AdminListUserSessions": listings.sessions,
    **{f"{listing.name}{FIRST}": listing.first_page for listing in listings.PAGED},
}
LAST_PAGES: Makers = {f"{listing.name}{LAST}": listing.last_page for listing in listings.PAGED}

GROUP = "listings"
IN_SMALL: Makers = LOOK_UPS
IN_LARGE: Makers = {**LOOK_UPS, **LAST_PAGES, **listings.OF_THE_ACCOUNT}


def measure(
    measurable: Measurable, works: Mapping[str, floor.Work], floors: dict[str, list[float]], given: argparse.Namespace
) -> dict[str, Measured]:
    """Measure in rounds: in each the floor's work, then every scenario.

    Args:
        floors: takes the CPU milliseconds of each work, round by round.
    """
    measured = {name: Measured() for name in measurable}
    for _ in range(given.rounds):
        for name, work in works.items():
            floors[name].append(floor.cpu_ms(work, FLOOR_S))
        for name, (server, iterate) in measurable.items():
            measured[name].add_round(server, iterate, given.seconds)
    return measured


def requests(bare: Served, served: Served, world: World, given: argparse.Namespace) -> Measurable:
    """Return the bare route and the scenarios chosen."""
    request = plain(bare.url, "/")
    chosen = {name: (served, make(world)) for name, make in SCENARIOS.items() if given.only in name}
    return {BARE_ROUTE: (bare, lambda connection: connection.send(request)), **chosen}


def listed(served: Served, world: World, settings: Settings, given: argparse.Namespace) -> Measurable:
    """Return the listings chosen, in a small pool and in a large one; those of the account where it has much."""
    small, large = (
        {name: make for name, make in which.items() if given.only == GROUP or given.only in name}
        for which in (IN_SMALL, IN_LARGE)
    )
    if not large:
        return {}
    of_few, of_many = (pools.a_pool_of(world, settings, size) for size in (FEW, given.users))
    rows.fill_account(settings, of_many, given.users)
    return {
        **{name + SMALL: (served, make(of_few)) for name, make in small.items()},
        **{name + LARGE: (served, make(of_many)) for name, make in large.items()},
    }


def start_time(folder: Path) -> float:
    """Return the seconds from the start of `idp dev`, without data, to its first answer."""
    with processes.idp(folder, "dev") as dev:
        return dev.started_in_s


if __name__ == "__main__":
    main()
