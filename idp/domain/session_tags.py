"""Tags of role sessions: what may be passed, and what goes on to the next role.

Source: spec STS_IAM section 2; IAM User Guide, id_session-tags.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from idp.domain.errors import InvalidTags
from idp.domain.iam import principal_tags
from idp.domain.principal import Principal

NOT_REQUESTED = "The specified transitive tag key must be included in the requested tags."
CONFLICTING = (
    "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the "
    "calling session."
)


def check_session_tags(tags: Sequence[tuple[str, str]], transitive_keys: Sequence[str], *, caller: Principal) -> None:
    """Refuse tags that contradict one another or those the calling session hands on; case of keys does not count.

    Raises:
        InvalidTags.
    """
    keys = {key.lower() for key, _ in tags}
    if len(keys) < len(tags):
        raise InvalidTags
    if not keys.issuperset(key.lower() for key in transitive_keys):
        raise InvalidTags(NOT_REQUESTED)
    if not keys.isdisjoint(key.lower() for key in caller.transitive_tag_keys):
        raise InvalidTags(CONFLICTING)


def inherited_context(caller: Principal) -> dict[str, str | tuple[str, ...]]:
    """Return the condition keys of tags that the caller's session hands on."""
    names = principal_tags(dict.fromkeys(caller.transitive_tag_keys, ""))
    return {name: value for name, value in caller.context.items() if name in names}


def requested_context(tags: Mapping[str, str], transitive_keys: Sequence[str]) -> dict[str, str | tuple[str, ...]]:
    """Return the condition keys of a request that passes tags; without tags there are none."""
    keys: dict[str, str | tuple[str, ...]] = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    return keys | {"aws:TagKeys": tuple(tags), "sts:TransitiveTagKeys": tuple(transitive_keys)}
