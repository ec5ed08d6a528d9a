"""The gates of an API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from idp.authorizer.answer_cache import AnswerCache
from idp.authorizer.jwks import JwksCache
from idp.authorizer.sigv4 import SigningKeyCache
from idp.domain.rest_api import CognitoAuthorizer, JwtAuthorizer, LambdaAuthorizer, RestApi, Route
from idp.flows.own_keys import OwnKeys
from idp.gateway.authorizers.cognito import CognitoGate
from idp.gateway.authorizers.function import FunctionGate
from idp.gateway.authorizers.issuers import KeysOfIssuers, fetch_through
from idp.gateway.authorizers.jwt import JwtGate
from idp.gateway.authorizers.known_tokens import KnownTokens
from idp.gateway.authorizers.resource_policy import require_public
from idp.gateway.authorizers.signature import SignatureGate
from idp.gateway.refusals import Refusal, Refused
from idp.gateway.visit import NOBODY, Gate, Grant, Visit

if TYPE_CHECKING:
    from idp.services import Services

MAX_ARN_BYTES: Final = 1600


class SharedKeys:
    """Keys that the gates of all APIs of a process share."""

    def __init__(self, services: Services) -> None:
        self.own = OwnKeys(services)
        self.of_issuers = KeysOfIssuers(
            services, self.own, JwksCache(fetch_through(services.http), clock=services.clock.now, discover=True)
        )
        self.signing = SigningKeyCache()


class ApiGates:
    """Makes the gates of one deployment, which share its kept answers and tokens."""

    def __init__(self, services: Services, rest_api: RestApi, shared: SharedKeys) -> None:
        self._services = services
        self._kind = rest_api.definition.kind
        self._policy = rest_api.definition.policy
        self._shared = shared
        self._answers = AnswerCache(clock=services.clock.now)
        self._known_tokens = KnownTokens(services.clock)

    def of(self, route: Route) -> Gate:
        """Return the gate of a route."""
        authorization = route.authorization
        if authorization.kind == "NONE":
            return self._open_gate
        return _with_short_arn(self._closed_gate(route))

    def _closed_gate(self, route: Route) -> Gate:
        match route.authorization.authorizer:
            case None:
                return SignatureGate(
                    self._services, self._shared.signing, policy=self._policy, explains=self._kind == "REST"
                )
            case LambdaAuthorizer() as authorizer:
                return FunctionGate(self._services, authorizer, self._answers, kind=self._kind, policy=self._policy)
            case CognitoAuthorizer() as authorizer:
                return CognitoGate(
                    self._services,
                    authorizer,
                    self._shared.own,
                    self._known_tokens,
                    scopes=route.authorization.scopes,
                    policy=self._policy,
                )
            case JwtAuthorizer() as authorizer:
                return JwtGate(
                    self._services,
                    authorizer,
                    self._shared.of_issuers,
                    self._known_tokens,
                    scopes=route.authorization.scopes,
                )

    def _open_gate(self, visit: Visit) -> Grant:
        require_public(self._services, visit, self._policy)
        return NOBODY


def _with_short_arn(gate: Gate) -> Gate:
    """Refuse calls whose ARN no policy could speak of.

    Source: API Gateway Developer Guide, "Amazon API Gateway important notes": 414 beyond 1600 bytes.
    """

    def guarded(visit: Visit) -> Grant:
        if len(visit.arn) > MAX_ARN_BYTES // 4 and len(visit.arn.encode("utf-8", "replace")) > MAX_ARN_BYTES:
            raise Refused(Refusal.ARN_TOO_LONG, f"The ARN of the call is longer than {MAX_ARN_BYTES} bytes.")
        return gate(visit)

    return guarded
