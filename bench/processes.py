"""The servers under measurement: started here, stopped by their own process id."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from botocore.credentials import Credentials

START_WITHIN_S = 60
NANOSECONDS = 1_000_000_000


@dataclass(frozen=True)
class Served:
    """A running server."""

    url: str
    pid: int
    key: Credentials
    started_in_s: float
    settings: Mapping[str, str]

    def cpu_s(self) -> float:
        """Return the CPU seconds that the server's workers have used."""
        return sum(_cpu_s(pid) for pid in self._workers())

    def memory_mib(self) -> float:
        """Return the proportional set size of the largest worker, MiB."""
        return max(_pss_kib(pid) for pid in self._workers()) / 1024

    def _workers(self) -> list[int]:
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        workers = [int(child) for child in children if b"dynamodb_server" not in _command(int(child))]
        return workers or [self.pid]


@contextmanager
def idp(folder: Path, command: str = "serve", database_url: str | None = None) -> Iterator[Served]:
    """Run `idp serve` or `idp dev` with one worker."""
    settings = {"IDP_DATA": str(folder), "IDP_WORKERS": "1"}
    if database_url is not None:
        settings["IDP_DATABASE_URL"] = database_url
    if command == "serve":
        migrate = [sys.executable, "-m", "idp", "migrate"]
        subprocess.run(migrate, env=_environ(settings), check=True, stdout=subprocess.DEVNULL)
    with _running([sys.executable, "-m", "idp", command], settings, "/readyz", folder) as served:
        yield served


@contextmanager
def bare_route(folder: Path) -> Iterator[Served]:
    """Run a Flask application of one route on the same server: the floor of every request."""
    with _running([sys.executable, "-m", "bench.bare_route"], {}, "/", folder) as served:
        yield served


@contextmanager
def _running(command: list[str], settings: Mapping[str, str], ready: str, folder: Path) -> Iterator[Served]:
    port = _free_port()
    folder.mkdir(exist_ok=True)
    log = folder / f"{port}.log"
    began = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=_environ({**settings, "IDP_PORT": str(port)}),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        url = f"http://localhost:{port}"
        _wait_until_ready(url + ready, process, log)
        started_in_s = time.perf_counter() - began
        yield Served(url, process.pid, _shown_key(log), started_in_s, settings)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.01)
    raise SystemExit(f"the server did not start:\n{log.read_text()}")


def _shown_key(log: Path) -> Credentials:
    found = dict(re.findall(r"(AWS_ACCESS_KEY_ID|AWS_SECRET_ACCESS_KEY)=(\S+)", log.read_text()))
    return Credentials(found.get("AWS_ACCESS_KEY_ID", "any"), found.get("AWS_SECRET_ACCESS_KEY", "any"))


def _environ(settings: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("IDP_", "AWS_"))}
    return {**kept, **settings}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _cpu_s(pid: int) -> float:
    """Return the seconds of all threads, to the nanosecond; a worker's threads live as long as it does."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / NANOSECONDS


def _pss_kib(pid: int) -> int:
    found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) if found else 0


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()
