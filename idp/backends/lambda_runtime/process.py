"""The operating system's side of one function: a process group of its own, which never outlives the server."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import IO, cast

_CHILD = Path(__file__).with_name("child.py")
_OUTPUT_CHUNK_BYTES = 64 * 1024


class FunctionProcess:
    """A running runtime interface client.

    Its standard input is a pipe that nobody writes to: the end held here is the process's lifeline (see `child`).
    Standard output and error share one pipe; when nobody reads it, the process waits, as a frozen environment does.

    Args:
        environment: every variable of the process; nothing is inherited.
    """

    def __init__(self, handler: str, task_root: Path, *, environment: Mapping[str, str]) -> None:
        self._popen = subprocess.Popen(  # noqa: S603 -- no shell; running the user's code is the purpose
            [sys.executable, "-P", str(_CHILD), handler],
            cwd=task_root,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            start_new_session=True,
        )
        self._ending = Lock()
        self._lifeline = cast("IO[bytes]", self._popen.stdin)
        self.output = cast("IO[bytes]", self._popen.stdout)
        os.set_blocking(self.output.fileno(), False)
        self.exit = os.pidfd_open(self._popen.pid)

    @property
    def pid(self) -> int:
        """The process's id, and its process group's."""
        return self._popen.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process still runs."""
        with self._ending:
            if self._popen.returncode is not None:
                return False
            return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    @property
    def peak_memory_mb(self) -> int | None:
        """The most memory the process has held so far, `None` once it has ended."""
        try:
            status = Path(f"/proc/{self.pid}/status").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            return None
        _, found, after = status.partition(b"VmHWM:")
        return int(after.split(maxsplit=1)[0]) // 1024 if found else None

    def read_output(self) -> bytes | None:
        """Return up to 64 KB of new output; empty at its end, `None` when there is none at the moment."""
        try:
            return os.read(self.output.fileno(), _OUTPUT_CHUNK_BYTES)
        except BlockingIOError:
            return None

    def kill(self) -> int:
        """End the whole process group, from any thread, and return the exit status (negative: signal) of its leader.

        The group is killed before its leader is reaped: until then the group's number cannot mean another one.
        """
        with self._ending:
            if self._popen.returncode is None:
                os.killpg(self.pid, signal.SIGKILL)
                self._popen.wait()
            return self._popen.returncode

    def close(self) -> None:
        """End the process group and let go of all descriptors."""
        self.kill()
        self._lifeline.close()
        self.output.close()
        os.close(self.exit)
