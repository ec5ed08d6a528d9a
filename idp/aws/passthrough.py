"""Services of AWS that we do not implement: authorized here, answered by a backend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.aws.errors import GeneralError

if TYPE_CHECKING:
    from idp.aws.http import HttpRequest, HttpResponse
    from idp.domain.principal import Principal
    from idp.services import Services


def handle(
    services: Services, request: HttpRequest, principal: Principal, *, account: str, region: str
) -> HttpResponse:
    """Answer a request to a service that no backend serves.

    Raises:
        GeneralError: UnknownOperationException.
    """
    del services, principal, account, region
    raise GeneralError("UnknownOperationException", f"No backend serves {request.header('x-amz-target')}.")
