"""One request of an operator: who calls, and what the views need of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from idp.flows.lookups import get_user_pool
from idp.flows.paging import list_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from idp.admin.records import PageQuery
    from idp.domain.user_pool import UserPool
    from idp.services import Services

Row = TypeVar("Row")
Place = TypeVar("Place", str, int)


@dataclass(frozen=True, slots=True)
class Call:
    """A request that IAM let in, or one that anybody may make.

    Attributes:
        account: the principal's, whose things alone exist for it; empty for a request that anybody may make.
        region: of the signature's scope, where new pools are made and lists are read.
    """

    services: Services
    account: str = ""
    region: str = ""

    def user_pool(self, pool_id: str) -> UserPool:
        """Return a pool; raises ResourceNotFound, also for another account's."""
        return get_user_pool(self.services, pool_id, account=self.account)

    def page(
        self,
        query: PageQuery,
        fetch: Callable[[Place, int], list[Row]],
        *,
        start: Place,
        place: Callable[[Row], Place],
        of: str,
    ) -> tuple[list[Row], str | None]:
        """Return a page and the cursor of the next one; None when the list ends here.

        Args:
            fetch, start, place: as in `list_page`.
            of: which list it is, beside account and region; a cursor is good for no other.

        Raises:
            InvalidParameter: the cursor is not good.
        """
        return list_page(
            self.services,
            fetch,
            start=start,
            place=place,
            token=query.cursor,
            limit=query.limit,
            bound_to=["admin", of, self.account, self.region],
        )
