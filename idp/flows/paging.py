"""Page tokens: where a list goes on, sealed, good for one hour and for the very same request only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar, cast

import orjson

from idp.domain.errors import InvalidParameter
from idp.outbound.sealer import SealBroken

if TYPE_CHECKING:
    from idp.services import Services

LIFETIME = timedelta(hours=1)
PURPOSE = "page-token"
INVALID = "Invalid pagination token"

Row = TypeVar("Row")
Place = TypeVar("Place", str, int)
Position = Sequence[str | int | None]
"""The sort key of the last row that was told."""


def list_page(
    services: Services,
    fetch: Callable[[Place, int], list[Row]],
    *,
    start: Place,
    place: Callable[[Row], Place],
    token: str | None,
    limit: int,
    bound_to: Position,
) -> tuple[list[Row], str | None]:
    """Return a page of a list, and the token of the next one; None when the list ends here.

    Args:
        fetch: (place of the last row before, limit) -> rows after it in order.
        start: what comes before every place.
        place: the value that rows are ordered by.
        bound_to: as `seal_page_token`.

    Raises:
        InvalidParameter: the token is not good.
    """
    position = open_page_token(services, token, bound_to=bound_to)
    rows = fetch(start if position is None else cast("Place", position[0]), limit + 1)  # sealed by this function
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], seal_page_token(services, [place(rows[limit - 1])], bound_to=bound_to)


def seal_page_token(services: Services, position: Position, *, bound_to: Position) -> str:
    """Return the token of the next page.

    Args:
        position: where the next page goes on.
        bound_to: operation, account, pool and every parameter that must be repeated (not the page size).

    Source: spec USER_POOLS section 2.14: valid one hour, same parameters needed.
    """
    expires_at = services.clock.now() + LIFETIME
    plaintext = orjson.dumps([expires_at.timestamp(), list(position)])
    return services.sealer.seal(PURPOSE, plaintext, context=orjson.dumps(list(bound_to)))


def open_page_token(services: Services, token: str | None, *, bound_to: Position) -> Position | None:
    """Return the position a token holds; None without a token: the first page.

    Raises:
        InvalidParameter: the token is forged, expired, or of another request.

    Unknown: AWS's sentence; ours says no more than that.
    """
    if token is None:
        return None
    try:
        plaintext = services.sealer.open(PURPOSE, token, context=orjson.dumps(list(bound_to)))
    except SealBroken as error:
        raise InvalidParameter(INVALID) from error
    expires_at, position = orjson.loads(plaintext)
    if services.clock.now().timestamp() >= expires_at:
        raise InvalidParameter(INVALID)
    found: Position = position
    return found
