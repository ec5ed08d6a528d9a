"""Tags of a user pool.  Source: AWS API_TagResource; AWS "Tag naming limits and requirements"; spec USER_POOLS 11.10."""

from __future__ import annotations

from collections.abc import Iterable

MAX_TAGS = 50
RESERVED_PREFIX = "aws:"


def find_fault_of_tags(keys: Iterable[str]) -> str | None:
    """Return what is wrong with the keys of a pool's tags; None when nothing is.  Unknown: the sentences."""
    keys = list(keys)
    if len(keys) > MAX_TAGS:
        return f"A user pool has at most {MAX_TAGS} tags."
    if any(key.lower().startswith(RESERVED_PREFIX) for key in keys):
        return f"Tag keys that begin with {RESERVED_PREFIX} are reserved."
    return None
