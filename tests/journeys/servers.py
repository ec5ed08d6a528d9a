"""Real servers on real sockets: `idp dev` and `idp serve` as people start them."""

from __future__ import annotations

import json
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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

START_WITHIN_S = 30
STOP_WITHIN_S = 30
POLL_S = 0.02

# Cheap password hashes; everything else as shipped.
QUICK = {"IDP_ARGON2_MEMORY_KIB": "8", "IDP_ARGON2_TIME": "1"}


@dataclass(frozen=True)
class RunningServer:
    """A server under test.

    Attributes:
        environ: with it `idp deploy` and AWS SDKs reach the same server.
        log: what it has printed so far.
    """

    url: str
    environ: Mapping[str, str] = field(repr=False)
    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """End the server and its workers as a power cut would: SIGKILL, nothing flushed."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def idp_dev(folder: Path, *arguments: str, settings: Mapping[str, str] | None = None) -> Iterator[RunningServer]:
    """Run `idp dev` with its data in a folder."""
    with running(
        ["dev", *arguments], {"IDP_DATA": str(folder / "data"), **QUICK, **(settings or {})}, folder
    ) as server:
        yield server


@contextmanager
def idp_serve(folder: Path, database_url: str | None = None, *, workers: int = 2) -> Iterator[RunningServer]:
    """Run `idp migrate`, then `idp serve`; the environment holds the administrator's key that it shows at its first start."""
    settings = {"IDP_DATA": str(folder / "data"), "IDP_WORKERS": str(workers), **QUICK}
    if database_url is not None:
        settings["IDP_DATABASE_URL"] = database_url
    command = [sys.executable, "-m", "idp", "migrate"]
    subprocess.run(command, env={**clean_environ(), **settings}, check=True, stdout=subprocess.DEVNULL)
    with running(["serve"], settings, folder) as server:
        yield server


@contextmanager
def running(arguments: list[str], settings: Mapping[str, str], folder: Path) -> Iterator[RunningServer]:
    """Run a command of idp until it is ready, and end it afterwards."""
    port = free_port()
    environ = {**clean_environ(), **settings, "IDP_PORT": str(port)}
    log = folder / f"idp-{port}.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "idp", *arguments]
        process = subprocess.Popen(
            command, env=environ, stdout=output, stderr=subprocess.STDOUT, start_new_session=True, cwd=folder
        )
    server = RunningServer(f"http://localhost:{port}", environ, process, log)
    try:
        wait_until_ready(server)
        yield RunningServer(server.url, {**environ, **shown_keys(log)}, process, log)
    finally:
        stop(process)


def wait_until_ready(server: RunningServer) -> None:
    """Wait until `/readyz` says so; fails with the server's own words."""
    deadline = time.monotonic() + START_WITHIN_S
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/readyz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(POLL_S)
    raise AssertionError(f"the server did not start:\n{server.log.read_text()}")


def signed_get(server: RunningServer, path: str) -> Any:
    """Ask the operators' API as the administrator; return the JSON of the answer."""
    keys = Credentials(server.environ["AWS_ACCESS_KEY_ID"], server.environ["AWS_SECRET_ACCESS_KEY"])
    request = AWSRequest("GET", server.url + path)
    SigV4Auth(keys, "idp", "us-east-1").add_auth(request)
    with urllib.request.urlopen(
        urllib.request.Request(server.url + path, headers=dict(request.headers)), timeout=10
    ) as answer:
        return json.load(answer)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server as an operator does, and make sure that it is gone."""
    process.terminate()
    try:
        process.wait(STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise


def shown_keys(log: Path) -> dict[str, str]:
    """Return the administrator's access key that the first start of `idp serve` shows."""
    found = re.findall(r"(AWS_ACCESS_KEY_ID|AWS_SECRET_ACCESS_KEY)=(\S+)", log.read_text())
    return dict(found)


def clean_environ() -> dict[str, str]:
    """Return the environment without anybody's settings and credentials."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("IDP_", "AWS_"))}


def free_port() -> int:
    """Return a TCP port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
