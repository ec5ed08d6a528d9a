"""A real browser makes a passkey on an application's page, and signs in with it, through the client APIs alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import boto3
import pytest
from playwright.sync_api import CDPSession, Error, Page

from idp.authorizer.unverified_token import parse_token
from tests.journeys.servers import RunningServer, idp_dev

PAGE = Path(__file__).with_name("passkeys.html").read_bytes()
NAME, PASSWORD = "ann", "Correct-horse7"


class Application(BaseHTTPRequestHandler):
    """An application whose one page makes passkeys and signs in with them."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is given
        """Say nothing."""


@pytest.fixture(scope="module")
def application_url() -> Iterator[str]:
    """Serve the application on a port of its own."""
    server = HTTPServer(("127.0.0.1", 0), Application)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """`idp dev`, as people start it."""
    with idp_dev(tmp_path_factory.mktemp("idp")) as running:
        yield running


@dataclass(frozen=True)
class Account:
    """Ann's account at a pool whose relying party is `localhost`."""

    idp: Any
    pool_id: str
    client_id: str

    def access_token(self) -> str:
        """Sign in by password."""
        answer = self.idp.initiate_auth(
            ClientId=self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": NAME, "PASSWORD": PASSWORD},
        )
        token: str = answer["AuthenticationResult"]["AccessToken"]
        return token


@pytest.fixture
def account(server: RunningServer) -> Account:
    """A pool that lets users sign in with passkeys, and Ann, who has none yet."""
    idp: Any = boto3.client(
        "cognito-idp", "us-east-1", endpoint_url=server.url, aws_access_key_id="any", aws_secret_access_key="any"
    )
    policy = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}
    pool_id = idp.create_user_pool(PoolName="Bookshop", Policies=policy)["UserPool"]["Id"]
    idp.set_user_pool_mfa_config(
        UserPoolId=pool_id, WebAuthnConfiguration={"RelyingPartyId": "localhost", "UserVerification": "required"}
    )
    flows = ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH"]
    client = idp.create_user_pool_client(UserPoolId=pool_id, ClientName="app", ExplicitAuthFlows=flows)
    client_id = client["UserPoolClient"]["ClientId"]
    idp.sign_up(ClientId=client_id, Username=NAME, Password=PASSWORD)
    idp.admin_confirm_sign_up(UserPoolId=pool_id, Username=NAME)
    return Account(idp, pool_id, client_id)


@dataclass(frozen=True)
class VirtualAuthenticator:
    """Chromium's own authenticator of software, as its developer tools offer it."""

    session: CDPSession
    id: str

    def credentials(self) -> list[Any]:
        """Return the passkeys that it holds."""
        held: list[Any] = self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]
        return held

    def recognize(self, *, is_owner: bool) -> None:
        """Let its next user be its owner, or somebody else."""
        told = {"authenticatorId": self.id, "isUserVerified": is_owner}
        self.session.send("WebAuthn.setUserVerified", told)


@pytest.fixture
def authenticator(page: Page) -> VirtualAuthenticator:
    """The authenticator of the page's browser: built in, with a fingerprint reader."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return VirtualAuthenticator(session, made["authenticatorId"])


def register(page: Page, server: RunningServer, token: str) -> None:
    page.evaluate("given => register(given)", {"server": server.url, "token": token})


def sign_in(page: Page, server: RunningServer, account: Account) -> Any:
    given = {"server": server.url, "client": account.client_id, "username": NAME}
    return page.evaluate("given => signIn(given)", given)


def test_a_person_makes_a_passkey_and_signs_in_with_it_again_and_again(
    page: Page, server: RunningServer, application_url: str, account: Account, authenticator: VirtualAuthenticator
) -> None:
    page.goto(application_url)
    register(page, server, account.access_token())
    first, second = sign_in(page, server, account), sign_in(page, server, account)

    token = second["AuthenticationResult"]["AccessToken"]
    assert parse_token(token).claims["username"] == NAME
    assert first["AuthenticationResult"]["AccessToken"] != token
    (listed,) = account.idp.list_web_authn_credentials(AccessToken=token)["Credentials"]
    (held,) = authenticator.credentials()
    assert listed["RelyingPartyId"] == held["rpId"] == "localhost"
    assert listed["AuthenticatorAttachment"] == "platform"


def test_a_second_passkey_of_the_same_authenticator_is_refused_by_the_browser(
    page: Page, server: RunningServer, application_url: str, account: Account, authenticator: VirtualAuthenticator
) -> None:
    page.goto(application_url)
    token = account.access_token()
    register(page, server, token)

    with pytest.raises(Error, match="InvalidStateError"):
        register(page, server, token)


def test_a_person_whom_the_authenticator_does_not_recognize_is_not_signed_in(
    page: Page, server: RunningServer, application_url: str, account: Account, authenticator: VirtualAuthenticator
) -> None:
    page.goto(application_url)
    register(page, server, account.access_token())
    authenticator.recognize(is_owner=False)

    with pytest.raises(Error, match="NotAllowedError"):
        sign_in(page, server, account)


def test_a_page_of_another_domain_cannot_use_the_passkey(
    page: Page, server: RunningServer, application_url: str, account: Account, authenticator: VirtualAuthenticator
) -> None:
    page.goto(application_url)
    register(page, server, account.access_token())
    page.goto(application_url.replace("localhost", "127.0.0.1"))

    with pytest.raises(Error, match="SecurityError"):
        sign_in(page, server, account)
