"""Who signed an AWS request, as each service asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.authorizer.sigv4 import WireRequest
from idp.flows import signed_requests
from idp.flows.signed_requests import Caller

if TYPE_CHECKING:
    from idp.aws.directory import Service
    from idp.aws.http import HttpRequest
    from idp.services import Services

__all__ = ["Caller", "authenticate"]


def authenticate(services: Services, service: Service, request: HttpRequest) -> Caller:
    """Verify a request's signature for a service.

    Raises:
        SignatureRefused: not signed, or not by whom it says.
    """
    wire = WireRequest(request.method, request.raw_path, request.raw_query, request.headers, request.body)
    return signed_requests.authenticate(
        services,
        wire,
        signing_name=service.signing_name,
        clock_skew=service.clock_skew,
        unsigned_message=service.unsigned_message,
    )
