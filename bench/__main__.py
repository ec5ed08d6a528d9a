"""`make bench`: run every scenario, alternated with the floor, and compare with the targets."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from bench import api, floor, processes, scenarios, users
from bench.measure import Measured
from bench.processes import Served
from bench.report import Target, print_report
from bench.scenarios import Iteration, World
from bench.wire import Connection, aws, plain
from idp.settings import Settings

FEW, MANY = 1_000, 100_000


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=1.5, help="of each scenario in each round")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--only", default="", help="a word in the names of the scenarios to run")
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
        world.api = api.deploy(folder, served.url, served.key, world.pool_id, served.settings)
        settings = Settings(data=folder / "data", database_url=given.database_url)
        chosen = {name: make for name, make in SCENARIOS.items() if given.only in name}
        measured = measure(bare, served, world, chosen, given)
        measured |= measure_listings(bare, served, world, settings, given)
    with processes.idp(folder / "dev", "dev") as dev:
        started_in_s = dev.started_in_s
    costs = {
        "RSA-2048 signature": floor.rsa_sign(given.seconds),
        "argon2id": floor.argon2id(given.seconds),
        "SRP exponentiations": floor.srp_exponentiations(given.seconds),
        "bare Flask route": measured["bare Flask route"].cpu,
    }
    print_report(measured, costs, targets(measured, costs), idle_mib=idle_mib, started_in_s=started_in_s)


SCENARIOS: Mapping[str, Callable[[World], Iteration]] = {
    "password sign-in": scenarios.password_sign_in,
    "SRP sign-in": scenarios.srp_sign_in,
    "refresh": scenarios.refresh,
    "GetUser": scenarios.get_user,
    "JWKS": scenarios.jwks,
    "sign-up": scenarios.sign_up,
    "GetId + GetCredentialsForIdentity": scenarios.credentials,
    "gateway, undecided": lambda world: scenarios.through_gateway(world, "/open"),
    "gateway, JWT": lambda world: scenarios.through_gateway(world, "/jwt", token=world.tokens["IdToken"]),
    "gateway, SigV4": lambda world: scenarios.through_gateway(world, "/signed", sign=True),
    "gateway, Lambda authorizer (kept)": lambda world: scenarios.through_gateway(world, "/kept", token="word"),
}


def measure(
    bare: Served,
    served: Served,
    world: World,
    chosen: Mapping[str, Callable[[World], Iteration]],
    given: argparse.Namespace,
) -> dict[str, Measured]:
    """Measure scenarios in rounds, the bare route among them."""
    request = plain(bare.url, "/")
    iterations: dict[str, tuple[Served, Iteration]] = {"bare Flask route": (bare, lambda it: it.send(request))}
    iterations |= {name: (served, make(world)) for name, make in chosen.items()}
    measured = {name: Measured() for name in iterations}
    for _ in range(given.rounds):
        for name, (server, iterate) in iterations.items():
            measured[name].add_round(server, iterate, given.seconds)
    return measured


LISTINGS: Mapping[str, Callable[[World], Iteration]] = {
    "ListUsers by filter": scenarios.list_users_by_filter,
    "user by alias": scenarios.user_by_alias,
    "ListUsers, last page": scenarios.last_page,
}


def measure_listings(
    bare: Served, served: Served, world: World, settings: Settings, given: argparse.Namespace
) -> dict[str, Measured]:
    """Measure look-ups in a small pool and in a large one, alternated."""
    chosen = {name: make for name, make in LISTINGS.items() if given.only in name}
    if not chosen:
        return {}
    sized: dict[str, Callable[[World], Iteration]] = {}
    for size in (FEW, given.users):
        pool = a_pool_with_aliases(world)
        users.fill(settings, pool.pool_id, range(size))
        sized |= {f"{name}, {size:,} users": _in(make, pool) for name, make in chosen.items()}
    return measure(bare, served, world, sized, given)


def _in(make: Callable[[World], Iteration], world: World) -> Callable[[World], Iteration]:
    return lambda _: make(world)


def a_pool_with_aliases(world: World) -> World:
    """Make a pool whose users sign in by e-mail address too."""
    connection = Connection(world.url)
    parameters = {"PoolName": "many", "AliasAttributes": ["email"]}
    pool = connection.call(aws(world.url, "cognito-idp", "CreateUserPool", parameters, world.key))["UserPool"]
    connection.close()
    return World(world.url, world.key, pool["Id"])


def targets(measured: Mapping[str, Measured], costs: Mapping[str, float]) -> list[Target]:
    """Return the targets, each a ratio to what was measured in the same run."""
    sign, argon2id, route = costs["RSA-2048 signature"], costs["argon2id"], costs["bare Flask route"]
    exponentiations = costs["SRP exponentiations"]
    floors = {
        "password sign-in": (1.3, argon2id + 2 * sign, "argon2id + 2 RSA signatures"),
        "SRP sign-in": (2.0, exponentiations + 2 * sign, "exponentiations + 2 RSA signatures"),
        "refresh": (2.0, 2 * sign + route, "2 RSA signatures + bare route"),
        "GetUser": (5.0, route, "bare route"),
    }
    found = [
        Target(name, measured[name].cpu / floor_ms, most, of)
        for name, (most, floor_ms, of) in floors.items()
        if name in measured
    ]
    undecided = measured.get("gateway, undecided")
    if undecided is not None:
        decided = [name for name in measured if name.startswith("gateway") and name != "gateway, undecided"]
        found += [Target(name, measured[name].cpu / undecided.cpu, 1.25, "the same undecided") for name in decided]
    for name in LISTINGS:
        sizes = [each for each in measured if each.startswith(f"{name}, ")]
        if len(sizes) == len((FEW, MANY)):
            small, large = (measured[each].cpu for each in sizes)
            found.append(Target(name, large / small, 1.3, f"the same with {FEW:,} users"))
    return found


if __name__ == "__main__":
    main()
