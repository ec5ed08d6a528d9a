"""Why an identity provider's message is not believed."""

from __future__ import annotations


class SamlRefused(Exception):
    """A message is refused; the reason, a sentence without its full stop, is for developers and quotes nothing secret."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)
