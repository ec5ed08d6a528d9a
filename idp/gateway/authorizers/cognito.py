"""COGNITO_USER_POOLS: a token of one of the pools lets its bearer in.

Source: API Gateway Developer Guide, "Control access to REST APIs using Amazon Cognito user pools as an authorizer".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from idp.authorizer.jwt import KeySource, SignedClaims, TokenRefused, verify_token
from idp.gateway.authorizers.resource_policy import access_denied, denied_by_policy, effect_of
from idp.gateway.authorizers.sources import bearer_token, is_match, value_of
from idp.gateway.refusals import Refusal, Refused
from idp.gateway.visit import Grant, Visit

if TYPE_CHECKING:
    from idp.authorizer.policy import PolicyDocument
    from idp.domain.rest_api import CognitoAuthorizer
    from idp.gateway.authorizers.known_tokens import KnownTokens
    from idp.services import Services

TIMES: Final = frozenset({"iat", "exp", "auth_time"})
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class CognitoGate:
    """Lets in the bearers of ID tokens; of access tokens with one of the scopes when the route names scopes.

    Whether the user has signed out since is not asked: tokens are good until they expire.
    """

    def __init__(
        self,
        services: Services,
        authorizer: CognitoAuthorizer,
        keys: KeySource,
        known_tokens: KnownTokens,
        *,
        scopes: tuple[str, ...],
        policy: PolicyDocument | None,
    ) -> None:
        self._services = services
        self._authorizer = authorizer
        self._keys = keys
        self._known_tokens = known_tokens
        self._scopes = scopes
        self._token_use = "access" if scopes else "id"
        self._wanted = "an access token with one of the route's scopes" if scopes else "an ID token"
        self._demand = " ".join([authorizer.name, self._token_use, *scopes])
        self._issuers = frozenset(services.settings.issuer(pool_id) for pool_id in authorizer.user_pool_ids)
        self._policy = policy

    def __call__(self, visit: Visit) -> Grant:
        """Verify the token in the authorizer's header.

        Raises:
            Refused: UNAUTHORIZED, TOKEN_EXPIRED, or ACCESS_DENIED by the resource policy.
        """
        value = value_of(self._authorizer.identity_source, visit)
        if not value:
            name = self._authorizer.identity_source.name
            raise Refused(Refusal.UNAUTHORIZED, f"The header {name} must hold a token of the user pool; it holds none.")
        token = bearer_token(value)
        grant = self._known_tokens.find(self._demand, token) or self._verified(token)
        if self._policy is not None:
            self._require_by_policy(visit)
        return grant

    def _verified(self, token: str) -> Grant:
        try:
            claims = verify_token(
                token,
                self._keys,
                now=self._services.clock.now(),
                issuers=self._issuers,
                token_use=self._token_use,
                scopes=self._scopes,
            )
        except TokenRefused as error:
            raise _refusal(error, self._wanted) from error
        self._require_valid_audience(claims)
        grant = Grant(authorizer={"claims": claims_as_text(claims)})
        self._known_tokens.keep(self._demand, token, grant, expires_at=claims["exp"])
        return grant

    def _require_valid_audience(self, claims: SignedClaims) -> None:
        expression = self._authorizer.validation_expression
        if expression is not None and not is_match(expression, str(claims.get("aud", ""))):
            raise Refused(Refusal.UNAUTHORIZED, "The token's aud does not match identityValidationExpression.")

    def _require_by_policy(self, visit: Visit) -> None:
        """Demand that the resource policy allows the call, too: the token alone is not enough."""
        effect = effect_of(self._services, visit, self._policy)
        if effect != "allow":
            raise access_denied(visit, "anonymous", denied_by_policy(effect))


def claims_as_text(claims: SignedClaims) -> Mapping[str, str]:
    """Return all claims as texts: lists joined by commas, an ID token's times spelled out.

    Unknown: how claims that are objects look; they are left out.
    """
    spelled = TIMES if claims.get("token_use") == "id" else frozenset()
    texts = {name: _spelled_out(value) if name in spelled else _text(value) for name, value in claims.items()}
    return {name: text for name, text in texts.items() if text is not None}


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(text for text in map(_text, value) if text is not None)
    return str(value) if isinstance(value, str | int | float) else None


def _spelled_out(value: Any) -> str | None:
    """Return a time as in `Wed Jul 05 13:44:20 UTC 2023`, whatever the locale."""
    if not isinstance(value, int):
        return _text(value)
    moment = datetime.fromtimestamp(value, UTC)
    return f"{_DAYS[moment.weekday()]} {_MONTHS[moment.month - 1]} {moment.day:02} {moment:%H:%M:%S} UTC {moment.year}"


def _refusal(error: TokenRefused, wanted: str) -> Refused:
    if error.reason == "expired":
        return Refused(Refusal.TOKEN_EXPIRED, "The token's exp has passed.")
    return Refused(Refusal.UNAUTHORIZED, f"The route wants {wanted} of the authorizer's user pool. {error.message}")
