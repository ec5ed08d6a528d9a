"""Passwords that attackers know: a short list of the most common ones, and a file that the operator gives.

Only SHA-1 digests are held in memory. The file has a password a line, or the SHA-1 of one in hex, with a colon and a
count behind it if there is one (the form of Have I Been Pwned's downloads).
"""

from __future__ import annotations

import hashlib
import re
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

BUNDLED = "common_passwords.txt"
_SHA1_LINE = re.compile(r"([0-9A-Fa-f]{40})(?::\d+)?")


class CompromisedPasswords:
    """The known passwords; read when they are first asked for.

    Args:
        file: of the operator's, UTF-8; None for the bundled list alone.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file

    def contains(self, password: str) -> bool:
        """Say whether attackers know a password, as it stands."""
        return hashlib.sha1(password.encode(), usedforsecurity=False).digest() in self._digests

    @cached_property
    def _digests(self) -> frozenset[bytes]:
        bundled = (files("idp.outbound") / BUNDLED).read_text("utf-8").splitlines()
        if self._file is None:
            return frozenset(_digests_of(bundled))
        with self._file.open(encoding="utf-8", errors="replace") as lines:
            return frozenset([*_digests_of(bundled), *_digests_of(lines)])


def _digests_of(lines: Iterable[str]) -> Iterator[bytes]:
    for line in lines:
        text = line.rstrip("\r\n")
        hashed = _SHA1_LINE.fullmatch(text)
        if hashed is not None:
            yield bytes.fromhex(hashed[1])
        elif text:
            yield hashlib.sha1(text.encode(), usedforsecurity=False).digest()
