"""Log files in the data folder, in place of CloudWatch, S3 and Firehose: one per destination, an event a line.

A file of 16 MiB becomes `….1.jsonl`, in place of the one before it.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

FOLDER = "logs"
MAX_BYTES = 16 * 1024 * 1024
MAX_NAME = 120
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


class LogFiles:
    """Appends to the files of one data folder; several processes may at once."""

    def __init__(self, data: Path) -> None:
        self._folder = data / FOLDER

    def append(self, destination: str, event: Mapping[str, Any]) -> None:
        """Write an event to the file of a destination, by one write: lines of several processes do not mix.

        Args:
            destination: an ARN.
        """
        path = self.path_of(destination)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size >= MAX_BYTES:
            path.replace(path.with_suffix(".1.jsonl"))
        line = orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE)
        opened = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(opened, line)
        finally:
            os.close(opened)

    def path_of(self, destination: str) -> Path:
        """Return the file of a destination: its readable part, and a digest that no other ARN has."""
        readable = _UNSAFE.sub("-", destination.split(":", 5)[-1]).strip("-")[:MAX_NAME]
        digest = hashlib.sha256(destination.encode()).hexdigest()[:12]
        return self._folder / f"{readable}-{digest}.jsonl"
