"""A user pool and a SAML identity provider that know one another, for tests of what passes between them."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from idp.domain.identity_provider import IdentityProvider
from idp.domain.oauth_error import AuthorizationRefused
from idp.domain.upstream import ROUND_TRIP, UpstreamIdentity, UpstreamRequest
from idp.domain.user_pool import UserPool
from idp.flows import upstream_saml
from idp.flows.identity_providers import get_identity_provider
from idp.flows.lookups import get_user_pool
from idp.services import Services
from tests.federation.saml_provider import Answer, SamlProvider

CALLBACK = "https://acme.example.com/saml2/idpresponse"
REQUEST_ID = "_request1"
NAME = "Corp"
LOGOUT_CALLBACK = "https://acme.example.com/saml2/logout"


@dataclass(frozen=True)
class Relation:
    """The pool, its provider as it is stored, and the provider itself."""

    services: Services
    user_pool: UserPool
    provider: IdentityProvider
    upstream: SamlProvider

    def set_up(self, **details: str) -> Relation:
        """Return the relation with other provider details."""
        return replace(self, provider=replace(self.provider, details={**self.provider.details, **details}))

    def stored_anew(self) -> Relation:
        """Return the relation as it is stored now."""
        return replace(self, provider=get_identity_provider(self.services, self.user_pool, NAME))

    def sign_on_url(self) -> str:
        """Return where a browser is sent."""
        request = UpstreamRequest(
            state="the state",
            pool_id=self.user_pool.id,
            client_id="a-client",
            provider_name=NAME,
            query="",
            callback_url=CALLBACK,
            nonce="",
            code_verifier="",
            request_id=REQUEST_ID,
            expires_at=self.services.clock.now() + ROUND_TRIP,
        )
        return upstream_saml.sign_on_url(self.services, self.user_pool, self.provider, request)

    def saying(self, **changes: Any) -> Answer:
        """Return a good answer, or what is changed of it."""
        audience = f"urn:amazon:cognito:sp:{self.user_pool.id}"
        return replace(Answer(REQUEST_ID, CALLBACK, audience, now=self.services.clock.now()), **changes)

    def answer(self, **changes: Any) -> str:
        """Return a SAMLResponse, good or as changed."""
        return self.upstream.answer(self.saying(**changes))

    def read(self, saml_response: str, *, request_id: str | None = REQUEST_ID) -> UpstreamIdentity:
        """Read a SAMLResponse, as it comes back to the pool."""
        return upstream_saml.read_response(
            self.services,
            self.user_pool,
            self.provider,
            saml_response=saml_response,
            callback_url=CALLBACK,
            request_id=request_id,
        )

    def logout_url(self, identity: UpstreamIdentity) -> str | None:
        """Return where a browser is sent when somebody signs out who had signed in by the provider."""
        return upstream_saml.logout_url(
            self.services,
            self.user_pool,
            self.provider,
            name_id=identity.name_id or "",
            session_index=identity.session_index,
            relay_state="the state",
            request_id=REQUEST_ID,
        )

    def read_logout(self, saml_response: str) -> None:
        """Read the SAMLResponse to a LogoutRequest."""
        upstream_saml.read_logout_response(
            self.services,
            self.user_pool,
            self.provider,
            saml_response=saml_response,
            callback_url=LOGOUT_CALLBACK,
            request_id=REQUEST_ID,
        )

    def read_document(self, document: bytes | str) -> UpstreamIdentity:
        """Read the XML of a Response."""
        raw = document.encode() if isinstance(document, str) else document
        return self.read(base64.b64encode(raw).decode())


@contextmanager
def disbelieved(reason: str) -> Iterator[None]:
    """Expect that an answer is refused, for that reason."""
    with pytest.raises(AuthorizationRefused) as caught:
        yield
    assert caught.value.error == "server_error"
    assert caught.value.description == f"Error in SAML response processing: {reason}. "


def relate(services: Services, idp: Any, upstream: SamlProvider, **details: str) -> Relation:
    """Make a pool and let its users come from a provider."""
    pool_id = idp.create_user_pool(PoolName="Acme")["UserPool"]["Id"]
    idp.create_identity_provider(
        UserPoolId=pool_id,
        ProviderName=NAME,
        ProviderType="SAML",
        ProviderDetails={"MetadataFile": upstream.metadata(), **details},
    )
    user_pool = get_user_pool(services, pool_id)
    return Relation(services, user_pool, get_identity_provider(services, user_pool, NAME), upstream)
