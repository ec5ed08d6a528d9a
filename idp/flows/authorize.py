"""May a principal do it?  Identity policies decide; root needs none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from idp.domain.errors import AccessDenied

if TYPE_CHECKING:
    from idp.domain.principal import Principal
    from idp.services import Services


def require(
    services: Services,
    principal: Principal,
    action: str,
    resource: str,
    context: Mapping[str, str | tuple[str, ...]],
) -> None:
    """Let the principal act.

    Raises:
        AccessDenied: no policy allows it.
    """
    del services, context
    if not principal.is_root:
        raise AccessDenied(
            f"User: {principal.arn} is not authorized to perform: {action} on resource: {resource} "
            f"because no identity-based policy allows the {action} action"
        )
