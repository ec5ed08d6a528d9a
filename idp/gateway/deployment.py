"""A deployed API, ready to serve: its routes with their gates and backends, made once for each deployment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from idp.flows.apis import find_api
from idp.gateway.authorizers import ApiGates
from idp.gateway.authorizers.gates import SharedKeys
from idp.gateway.integrations import backend_of
from idp.gateway.routing import Router

if TYPE_CHECKING:
    from idp.domain.rest_api import ApiDefinition, RestApi, Route
    from idp.gateway.visit import Backend, Gate
    from idp.services import Services

MAX_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Stop:
    """A route, who guards it, and what stands behind it."""

    route: Route
    gate: Gate
    backend: Backend


@dataclass(frozen=True, slots=True)
class Deployment:
    """One version of an API."""

    rest_api: RestApi
    definition: ApiDefinition
    router: Router[Stop]


class Deployments:
    """The APIs of a process by id; a new version is compiled when it is first called."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._shared = SharedKeys(services)
        self._kept: dict[str, Deployment] = {}

    def find(self, api_id: str) -> Deployment | None:
        """Return an API; None when there is none."""
        rest_api = find_api(self._services, api_id)
        if rest_api is None:
            self._kept.pop(api_id, None)
            return None
        kept = self._kept.get(api_id)
        if kept is not None and kept.rest_api is rest_api:
            return kept
        if len(self._kept) >= MAX_KEPT:
            self._kept.clear()
        deployment = self._compiled(rest_api)
        self._kept[api_id] = deployment
        return deployment

    def _compiled(self, rest_api: RestApi) -> Deployment:
        definition = rest_api.definition
        gates = ApiGates(self._services, rest_api, self._shared)
        router: Router[Stop] = Router(definition.kind)
        for route in definition.routes:
            backend = backend_of(self._services, route.integration, kind=definition.kind)
            router.add(route.method, route.path, Stop(route, gates.of(route), backend))
        return Deployment(rest_api, definition, router)
