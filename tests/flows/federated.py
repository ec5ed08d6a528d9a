"""A pool whose users come from upstream providers, for tests that hand over what a provider has vouched for."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from idp.domain.oauth_error import AuthorizationRefused
from idp.domain.upstream import UpstreamIdentity
from idp.flows.federate import federate
from idp.flows.identity_providers import get_identity_provider
from idp.flows.lookups import get_client, get_user_pool
from tests.aws.cognito_idp.people import Pool, a_pool
from tests.aws.cognito_idp.providers import an_oidc_provider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from idp.flows.sign_in_outcome import Authenticated
    from idp.services import Services

FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:decides"
EVERY_TRIGGER = {
    **dict.fromkeys(("PreSignUp", "PostConfirmation", "PreAuthentication", "PostAuthentication"), FUNCTION),
    "InboundFederation": {"LambdaVersion": "V1_0", "LambdaArn": FUNCTION},
}
MAPPING = {"email": "email", "email_verified": "email_verified", "given_name": "given_name"}
EVIDENCE = {"tokenResponse": {"token_type": "Bearer"}, "idToken": {"sub": "s-1"}, "userInfo": {}}


@dataclass(frozen=True)
class Federation:
    """A pool, its client, and its OpenID Connect provider `Corp`."""

    services: Services
    pool: Pool
    source: str = field(default="192.0.2.1", kw_only=True)

    def sign_in(
        self, subject: str = "s-1", claims: Mapping[str, Any] | None = None, *, provider: str = "Corp"
    ) -> Authenticated:
        """Sign in whom a provider vouches for."""
        user_pool = get_user_pool(self.services, self.pool.pool_id)
        said = {"email": "ann@example.com"} if claims is None else claims
        return federate(
            self.services,
            get_client(self.services, self.pool.client_id),
            get_identity_provider(self.services, user_pool, provider),
            UpstreamIdentity(subject, {"sub": subject, **said}, EVIDENCE),
            source=self.source,
            user_agent="tests",
        )

    def link(self, username: str, subject: str = "s-1", *, attribute: str = "Cognito_Subject") -> None:
        """Link an identity at `Corp` to a user, as an administrator does."""
        self.pool.idp.admin_link_provider_for_user(
            UserPoolId=self.pool.pool_id,
            DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": username},
            SourceUser={"ProviderName": "Corp", "ProviderAttributeName": attribute, "ProviderAttributeValue": subject},
        )

    def shown(self, username: str = "Corp_s-1") -> Any:
        """Return what AdminGetUser shows of a user."""
        return self.pool.idp.admin_get_user(UserPoolId=self.pool.pool_id, Username=username)

    def attributes(self, username: str = "Corp_s-1") -> dict[str, str]:
        """Return a user's attributes but those that the pool sets itself."""
        found = {each["Name"]: each["Value"] for each in self.shown(username)["UserAttributes"]}
        return {name: value for name, value in found.items() if name not in {"sub", "identities"}}

    def usernames(self) -> list[str]:
        """Return the usernames that ListUsers shows."""
        return [each["Username"] for each in self.pool.idp.list_users(UserPoolId=self.pool.pool_id)["Users"]]

    def with_services(self, services: Services) -> Federation:
        """Return the same pool on other services."""
        return replace(self, services=services)


def a_federation(
    services: Services,
    idp: Any,
    *,
    mapping: Mapping[str, str] = MAPPING,
    settings: dict[str, Any] | None = None,
    **client: Any,
) -> Federation:
    """Make such a pool: `settings` are its own, the others its client's."""
    pool = a_pool(idp, settings=settings, **client)
    an_oidc_provider(idp, pool.pool_id, AttributeMapping=dict(mapping))
    return Federation(services, pool)


@contextmanager
def refused_to_client(description: str, error: str = "invalid_request") -> Iterator[None]:
    """Expect that the client is told of a refusal at its redirect URI."""
    with pytest.raises(AuthorizationRefused) as caught:
        yield
    assert (caught.value.error, caught.value.description) == (error, description)
