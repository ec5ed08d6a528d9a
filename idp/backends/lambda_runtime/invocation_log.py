"""What functions print: kept in one bounded file per function, and in a tail for the caller of an invocation."""

import os
import re
from hashlib import sha256
from pathlib import Path

from idp.backends.lambda_runtime.function import FunctionCode

TAIL_BYTES = 4096
"""What `X-Amz-Log-Result` carries, before base64.  Source: AWS API_Invoke."""

_MAX_FILE_BYTES = 1024 * 1024
_MAX_UNWRITTEN_BYTES = 64 * 1024
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")


def log_path(directory: Path, function: FunctionCode) -> Path:
    """Return the file that holds a function's newest log; the one before it has `.1` appended."""
    name = _UNSAFE.sub("_", function.name)[:64]
    return directory / f"{name}-{sha256(function.arn.encode()).hexdigest()[:12]}.log"


class InvocationLog:
    """Gathers the lines of one invocation."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._unwritten = bytearray()
        self._tail = b""
        self._is_at_line_start = True

    def add(self, text: bytes) -> None:
        """Append what the function printed."""
        self._unwritten += text
        self._is_at_line_start = text.endswith(b"\n")
        if len(self._unwritten) > _MAX_UNWRITTEN_BYTES:
            self._write()

    def add_line(self, line: str) -> None:
        """Append a line of the runtime's own."""
        start = "" if self._is_at_line_start else "\n"
        self.add(f"{start}{line}\n".encode())

    def close(self) -> bytes:
        """Write what is not written yet, and return the last 4 KB of this invocation."""
        self._write()
        return self._tail

    def _write(self) -> None:
        self._tail = (self._tail + self._unwritten)[-TAIL_BYTES:]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with open(self._path, "ab", opener=_private) as file:
            file.write(self._unwritten)
            is_full = file.tell() > _MAX_FILE_BYTES
        self._unwritten.clear()
        if is_full:
            self._path.replace(self._path.with_name(f"{self._path.name}.1"))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
