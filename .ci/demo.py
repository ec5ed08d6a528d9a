"""Run a program against a server of its own: start `idp dev` on a free port, run, stop the server.

`python .ci/demo.py examples/quickstart.py` gives the program the server's address as its first argument, keeps the server's
data in a temporary folder, and ends with the program's status.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path

BIN = Path(sys.executable).parent
START_LIMIT_S = 30
STOP_LIMIT_S = 10


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def is_ready(port: int) -> bool:
    """Tell whether the server's database, keys and migrations are in order."""
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def wait_until_ready(server: "subprocess.Popen[bytes]", port: int) -> None:
    """Return once the server is ready; give up when it ends or takes longer than the limit."""
    deadline = time.monotonic() + START_LIMIT_S
    while not is_ready(port):
        if server.poll() is not None:
            sys.exit(f"The server ended with status {server.returncode} before it was ready.")
        if time.monotonic() > deadline:
            sys.exit(f"The server was not ready within {START_LIMIT_S} s.")
        time.sleep(0.05)


def stop(server: "subprocess.Popen[bytes]") -> None:
    """Ask the server to shut down, and end it when it does not."""
    server.terminate()
    try:
        server.wait(STOP_LIMIT_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def main(program: list[str]) -> int:
    """Run `program` (a Python file and its arguments) against a fresh server and return its exit status."""
    port = free_port()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with tempfile.TemporaryDirectory(prefix="idp-demo-") as data:
        log = Path(data) / "server.log"
        with log.open("wb") as output:
            command = [str(BIN / "idp"), "dev", "--port", str(port), "--data", data]
            server = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_until_ready(server, port)
            command = [sys.executable, *program, f"http://localhost:{port}"]
            # By the same settings `idp deploy`, which the program runs, reaches the same server.
            environ = {**os.environ, "IDP_DATA": data, "IDP_PORT": str(port)}
            status = subprocess.run(command, env=environ, check=False).returncode
        except SystemExit:
            print(log.read_text(), file=sys.stderr)
            raise
        finally:
            stop(server)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
