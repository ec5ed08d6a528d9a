"""A pool with the domain `acme` whose users may come from a company's SAML provider, seen from browsers."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from tests.fakes import FakeClock
from tests.federation.saml_provider import Answer, SamlProvider, read_request
from tests.hosted import CALLBACK, PASSWORD, SITE, VERIFIER, HostedPool, Visitor, add_client

NAME = "Corp"
ANSWER = "/saml2/idpresponse"


def _reset(idp: Any, pool_id: str, username: str) -> None:
    idp.admin_set_user_password(UserPoolId=pool_id, Username=username, Password=PASSWORD, Permanent=True)
    idp.admin_reset_user_password(UserPoolId=pool_id, Username=username)


_PASSWORD_STATES: Mapping[str, Callable[[Any, str, str], None]] = {
    "FORCE_CHANGE_PASSWORD": lambda *_: None,
    "RESET_REQUIRED": _reset,
}


@dataclass(frozen=True)
class Company:
    """The pool, the provider, and the clock that they share."""

    pool: HostedPool
    provider: SamlProvider
    app: Flask
    clock: FakeClock

    def client(self, *providers: str, **settings: Any) -> str:
        """Register a client that supports some providers and return its id."""
        made = self.pool.add_client(SupportedIdentityProviders=[*providers], **settings)
        return str(made["ClientId"])

    def asking(self, client_id: str, **changes: str | None) -> dict[str, str]:
        """Return the parameters of an authorization request."""
        return self.pool.asking(client_id=client_id, **changes)

    def answer(self, location: str, **changes: Any) -> dict[str, str]:
        """Return the form that the provider has a browser send, which was sent to `location`."""
        return self.provider.answer_to(location, now=self.clock.now(), **changes)

    def post(self, form: Mapping[str, str], *, path: str = f"{SITE}{ANSWER}") -> TestResponse:
        """Send a form from the provider's page: no cookie of ours goes with it, for they are SameSite=Lax."""
        return self.app.test_client().post(path, data=form, base_url="http://localhost:9229")

    def sign_in(self, visitor: Visitor, asked: Mapping[str, str], **changes: Any) -> TestResponse:
        """Go to the provider and back to the dispatcher, and return its answer."""
        form = self.answer(visitor.open("/oauth2/authorize", asked).location, **changes)
        return visitor.follow(visitor.follow(self.post(form)))

    def exchange(self, asked: Mapping[str, str], code: str) -> dict[str, str]:
        """Return the form by which the client exchanges a code for tokens."""
        return {
            "grant_type": "authorization_code",
            "client_id": asked["client_id"],
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }

    def link(self, username: str, subject: str, *, status: str) -> None:
        """Let an administrator make a user whose own password is in some state, and link somebody of the company."""
        idp, pool_id = self.pool.idp, self.pool.pool_id
        idp.admin_create_user(
            UserPoolId=pool_id,
            Username=username,
            MessageAction="SUPPRESS",
            TemporaryPassword=PASSWORD,
            UserAttributes=[{"Name": "email", "Value": "bob@example.com"}, {"Name": "email_verified", "Value": "true"}],
        )
        _PASSWORD_STATES[status](idp, pool_id, username)
        self.clock.advance(1)
        idp.admin_link_provider_for_user(
            UserPoolId=pool_id,
            DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": username},
            SourceUser={
                "ProviderName": NAME,
                "ProviderAttributeName": "Cognito_Subject",
                "ProviderAttributeValue": subject,
            },
        )

    def unsolicited(self, client_id: str, *, assertion_id: str = "_assertion1", **changes: Any) -> dict[str, str]:
        """Return the form of a sign-in that begins at the provider; the changes are of RelayState's parameters."""
        wanted = {
            "identity_provider": NAME,
            "client_id": client_id,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": "openid email",
            **changes,
        }
        said = Answer(
            None,
            f"http://localhost:9229{SITE}{ANSWER}",
            f"urn:amazon:cognito:sp:{self.pool.pool_id}",
            now=self.clock.now(),
            assertion_id=assertion_id,
        )
        return {"SAMLResponse": self.provider.answer(said), "RelayState": urlencode(wanted)}

    def called_back_at(self, location: str) -> str:
        """Return where the provider at `location` is told to answer."""
        return read_request(location).callback_url

    def change_client(self, client_id: str, **settings: Any) -> None:
        """Change what a client may do, and leave the rest."""
        of_pool = {"UserPoolId": self.pool.pool_id, "ClientId": client_id}
        client = self.pool.idp.describe_user_pool_client(**of_pool)["UserPoolClient"]
        fixed = ("ClientSecret", "LastModifiedDate", "CreationDate")
        kept = {name: value for name, value in client.items() if name not in fixed}
        self.pool.idp.update_user_pool_client(**{**kept, **settings})

    def change_provider(self, **details: str) -> None:
        """Change what is agreed with the provider."""
        self.pool.idp.update_identity_provider(
            UserPoolId=self.pool.pool_id,
            ProviderName=NAME,
            ProviderDetails={"MetadataFile": self.provider.metadata(), **details},
        )

    def signing_certificate(self) -> bytes:
        """Return the certificate (DER) by which the provider knows the pool."""
        found = self.pool.idp.get_signing_certificate(UserPoolId=self.pool.pool_id)
        return base64.b64decode(found["Certificate"])

    def another_pool(self) -> str:
        """Make another pool with the same provider and the domain `other`, and return the path of its site."""
        idp = self.pool.idp
        pool_id = idp.create_user_pool(PoolName="Other")["UserPool"]["Id"]
        idp.create_user_pool_domain(Domain="other", UserPoolId=pool_id)
        add_saml_provider(idp, pool_id, self.provider)
        add_client(idp, pool_id, SupportedIdentityProviders=[NAME])
        return "/_domain/other"


def add_saml_provider(idp: Any, pool_id: str, provider: SamlProvider, **details: str) -> None:
    """Let a pool's users come from the provider, whose identifier is `corp.example`."""
    idp.create_identity_provider(
        UserPoolId=pool_id,
        ProviderName=NAME,
        ProviderType="SAML",
        ProviderDetails={"MetadataFile": provider.metadata(), **details},
        IdpIdentifiers=["corp.example"],
    )


def query_of(location: str) -> dict[str, str]:
    """Return the parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
