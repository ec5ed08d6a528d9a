"""How repositories seal columns: a port, so that the store knows no key."""

from __future__ import annotations

from typing import Protocol


class Seals(Protocol):
    """Authenticated encryption bound to a purpose and a context; `outbound.sealer.Sealer` is the real one."""

    def seal(self, purpose: str, plaintext: bytes, *, context: bytes = b"") -> str:
        """Return URL-safe text that only `open` with the same purpose and context reads."""
        ...

    def open(self, purpose: str, sealed: str, *, context: bytes = b"") -> bytes:
        """Return the plaintext."""
        ...
