"""Operations that are not served, with the reason each."""

from __future__ import annotations

from collections.abc import Mapping

DECLINED: Mapping[str, Mapping[str, str]] = {}


def reason(service: str, name: str) -> str:
    """Return the sentence that a caller of an unserved operation gets."""
    why = DECLINED.get(service, {}).get(name, "It is not served.")
    return f"The operation {name} is declined by this server. {why}"
