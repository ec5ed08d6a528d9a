"""A user pool and an OpenID or social provider that know one another, for tests of what passes between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from idp.domain.identity_provider import IdentityProvider
from idp.domain.upstream import ROUND_TRIP, UpstreamIdentity, UpstreamRequest
from idp.domain.user_pool import UserPool
from idp.flows import upstream_oidc
from idp.flows.identity_providers import get_identity_provider
from idp.flows.lookups import get_user_pool
from idp.services import Services
from tests.aws.cognito_idp.providers import APPLE, FACEBOOK, GOOGLE
from tests.federation.openid_provider import CLIENT_ID, OpenIdProvider

CALLBACK = "https://acme.example.com/oauth2/idpresponse"
NONCE = "the-nonce"
VERIFIER = "v" * 43
SOCIAL: Mapping[str, Mapping[str, str]] = {
    "Google": GOOGLE,
    "Facebook": FACEBOOK,
    "LoginWithAmazon": {**GOOGLE, "authorize_scopes": "profile postal_code"},
    "SignInWithApple": {**APPLE, "client_id": CLIENT_ID},
}


@dataclass(frozen=True)
class OpenIdRelation:
    """The pool, its provider as it is stored, and the provider itself."""

    services: Services
    user_pool: UserPool
    provider: IdentityProvider
    upstream: OpenIdProvider

    @property
    def request(self) -> UpstreamRequest:
        """Return a round trip that has begun."""
        return UpstreamRequest(
            state="the-state",
            pool_id=self.user_pool.id,
            client_id="a-client",
            provider_name=self.provider.name,
            query="",
            callback_url=CALLBACK,
            nonce=NONCE,
            code_verifier=VERIFIER,
            request_id="",
            expires_at=self.services.clock.now() + ROUND_TRIP,
        )

    def set_up(self, **details: str) -> OpenIdRelation:
        """Return the relation with other provider details."""
        return replace(self, provider=replace(self.provider, details={**self.provider.details, **details}))

    def location(self, *, prompt: str | None = None, login_hint: str | None = None) -> str:
        """Return where a browser is sent."""
        return upstream_oidc.authorization_url(
            self.services, self.user_pool, self.provider, self.request, prompt=prompt, login_hint=login_hint
        )

    def redeem(self, parameters: Mapping[str, str]) -> UpstreamIdentity:
        """Take what a browser brings back."""
        return upstream_oidc.redeem(self.services, self.user_pool, self.provider, self.request, parameters=parameters)

    def sign_in(self, **brought: str) -> UpstreamIdentity:
        """Make the whole way; the browser brings more than the provider's answer, when it is given."""
        return self.redeem({**self.upstream.answer(self.location()), **brought})


def relate(
    services: Services, idp: Any, upstream: OpenIdProvider, kind: str = "OIDC", **changes: Any
) -> OpenIdRelation:
    """Make a pool and let its users come from a provider.

    Args:
        kind: the ProviderType; for a social one the server must have been told that `upstream` stands in for it.
        changes: of CreateIdentityProvider.
    """
    pool_id = idp.create_user_pool(PoolName="Acme")["UserPool"]["Id"]
    name = "Corp" if kind == "OIDC" else kind
    given = {"ProviderDetails": SOCIAL.get(kind) or upstream.details(), **changes}
    idp.create_identity_provider(UserPoolId=pool_id, ProviderName=name, ProviderType=kind, **given)
    user_pool = get_user_pool(services, pool_id)
    return OpenIdRelation(services, user_pool, get_identity_provider(services, user_pool, name), upstream)
