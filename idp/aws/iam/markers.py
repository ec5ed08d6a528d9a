"""How IAM's lists are told in pages: MaxItems and Marker in, IsTruncated and Marker out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from idp.aws.context import Context
from idp.flows.paging import open_page_token, seal_page_token

DEFAULT_ITEMS = 100

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page: its rows, and the answer's members that say whether more follow."""

    rows: Sequence[Row]
    tail: Mapping[str, Any]


def page_of(
    context: Context,
    request: Mapping[str, Any],
    operation: str,
    *,
    load: Callable[[str, int], Sequence[Row]],
    position: Callable[[Row], str],
    of: str = "",
) -> Page[Row]:
    """Load one page.

    Args:
        load: (position after which to begin, how many) -> rows.
        position: sort key of a row.
        of: what the list belongs to, besides the account; a Marker is good for that only.

    Raises:
        InvalidParameter: the Marker is of another list.
    """
    bound_to = (operation, context.account, of)
    begin = open_page_token(context.services, request.get("Marker"), bound_to=bound_to)
    limit: int = request.get("MaxItems", DEFAULT_ITEMS)
    rows = load(str(begin[0]) if begin else "", limit + 1)
    if len(rows) <= limit:
        return Page(rows, {"IsTruncated": False})
    shown = rows[:limit]
    marker = seal_page_token(context.services, [position(shown[-1])], bound_to=bound_to)
    return Page(shown, {"IsTruncated": True, "Marker": marker})
