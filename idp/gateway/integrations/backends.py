"""The backends of an API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.gateway.integrations.dynamodb import DynamoDbBackend
from idp.gateway.integrations.function import FunctionBackend
from idp.gateway.integrations.http import HttpBackend, HttpProxyBackend
from idp.gateway.integrations.mock import MockBackend

if TYPE_CHECKING:
    from idp.domain.rest_api import ApiKind, Integration
    from idp.gateway.visit import Backend
    from idp.services import Services


def backend_of(services: Services, integration: Integration, *, kind: ApiKind) -> Backend:
    """Return what stands behind a route."""
    match integration.kind:
        case "AWS_PROXY":
            return FunctionBackend(services, integration, kind=kind)
        case "AWS":
            return DynamoDbBackend(services, integration)
        case "HTTP_PROXY":
            return HttpProxyBackend(services, integration, kind=kind)
        case "HTTP":
            return HttpBackend(services, integration)
        case "MOCK":
            return MockBackend(integration)
