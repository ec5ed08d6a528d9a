"""A person signs in with a real browser, and an independent OpenID Connect client gets tokens that verify."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import boto3
import jwt
import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from playwright.sync_api import Browser, Page, expect

from tests.hosted import EMAIL, NAME, PASSWORD, add_client, add_user
from tests.journeys.servers import RunningServer, idp_dev

TEMPORARY, OWN = "Temporary-1234", "Own-password-5678"
NARROW = {"width": 320, "height": 568}


class Greeting(BaseHTTPRequestHandler):
    """The pages of an application: one sentence, whatever is asked for."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"Hello from the application.")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is given
        """Say nothing."""


@pytest.fixture(scope="module")
def application_url() -> Iterator[str]:
    """Serve the application's own pages on a port of their own."""
    server = HTTPServer(("127.0.0.1", 0), Greeting)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


@dataclass(frozen=True)
class App:
    """A web application whose people sign in on our pages: an OpenID Connect client made of Authlib and PyJWT."""

    url: str
    metadata: dict[str, Any]
    client_id: str
    session: OAuth2Session
    verifier: str
    nonce: str

    @property
    def callbacks(self) -> str:
        """Return the pattern of the addresses that the browser comes back to with a code."""
        return f"{self.url}/callback?code=**"

    def start(self) -> str:
        """Return the address that the application sends the browser to."""
        url, _state = self.session.create_authorization_url(
            self.metadata["authorization_endpoint"], code_verifier=self.verifier, nonce=self.nonce
        )
        return str(url)

    def finish(self, address: str) -> dict[str, Any]:
        """Exchange the code in the address that the browser came back with, and return the tokens."""
        tokens: dict[str, Any] = self.session.fetch_token(
            self.metadata["token_endpoint"], authorization_response=address, code_verifier=self.verifier
        )
        return tokens

    def verify(self, id_token: str) -> dict[str, Any]:
        """Return the claims of an ID token, verified by the published keys."""
        key = jwt.PyJWKClient(self.metadata["jwks_uri"]).get_signing_key_from_jwt(id_token)
        claims: dict[str, Any] = jwt.decode(
            id_token, key, algorithms=["RS256"], audience=self.client_id, issuer=self.metadata["issuer"]
        )
        return claims


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """`idp dev`, as people start it."""
    with idp_dev(tmp_path_factory.mktemp("idp")) as running:
        yield running


@pytest.fixture(scope="module")
def pool(server: RunningServer, application_url: str) -> tuple[str, str]:
    """Ids of a pool with the domain `bookshop` and its client; ann has signed up, bob was invited."""
    idp: Any = boto3.client(
        "cognito-idp", "us-east-1", endpoint_url=server.url, aws_access_key_id="any", aws_secret_access_key="any"
    )
    pool_id = idp.create_user_pool(PoolName="Bookshop")["UserPool"]["Id"]
    idp.create_user_pool_domain(Domain="bookshop", UserPoolId=pool_id)
    client_id = add_client(
        idp, pool_id, CallbackURLs=[f"{application_url}/callback"], LogoutURLs=[f"{application_url}/bye"]
    )["ClientId"]
    add_user(idp, pool_id, client_id)
    idp.admin_create_user(UserPoolId=pool_id, Username="bob", TemporaryPassword=TEMPORARY, MessageAction="SUPPRESS")
    return pool_id, client_id


@pytest.fixture
def app(server: RunningServer, application_url: str, pool: tuple[str, str]) -> App:
    """An application that knows nothing but issuer and client id."""
    pool_id, client_id = pool
    metadata = requests.get(f"{server.url}/{pool_id}/.well-known/openid-configuration", timeout=10).json()
    session = OAuth2Session(
        client_id,
        scope="openid email profile",
        redirect_uri=f"{application_url}/callback",
        code_challenge_method="S256",
        token_endpoint_auth_method="none",
    )
    return App(application_url, metadata, client_id, session, generate_token(48), generate_token(16))


def fill_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_a_person_signs_in_and_the_application_gets_tokens_that_verify(app: App, page: Page) -> None:
    page.goto(app.start())
    fill_in(page, NAME, PASSWORD)
    page.wait_for_url(app.callbacks)
    tokens = app.finish(page.url)
    claims = app.verify(tokens["id_token"])
    assert (claims["cognito:username"], claims["email"], claims["nonce"]) == (NAME, EMAIL, app.nonce)
    told = app.session.get(app.metadata["userinfo_endpoint"]).json()
    assert (told["sub"], told["email"]) == (claims["sub"], EMAIL)


def test_who_is_signed_in_comes_back_at_once_until_they_log_out(app: App, page: Page) -> None:
    page.goto(app.start())
    fill_in(page, NAME, PASSWORD)
    page.wait_for_url(app.callbacks)
    page.goto(app.start())
    assert page.url.startswith(f"{app.url}/callback?code=")
    page.goto(f"{app.metadata['end_session_endpoint']}?client_id={app.client_id}&logout_uri={app.url}/bye")
    assert page.url == f"{app.url}/bye"
    page.goto(app.start())
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_by_host_name_signing_in_works_the_same(app: App, page: Page, server: RunningServer) -> None:
    port = server.url.rpartition(":")[2]
    site = app.metadata["authorization_endpoint"].removesuffix("/oauth2/authorize")
    page.goto(app.start().replace(site, f"http://bookshop.auth.localhost:{port}"))
    fill_in(page, NAME, PASSWORD)
    page.wait_for_url(app.callbacks)
    assert app.verify(app.finish(page.url)["id_token"])["cognito:username"] == NAME


def test_a_wrong_password_is_told_where_a_screen_reader_finds_it(app: App, page: Page) -> None:
    page.goto(app.start())
    fill_in(page, NAME, "wrong")
    expect(page.get_by_role("alert")).to_contain_text("Incorrect username or password.")
    password = page.get_by_label("Password")
    expect(password).to_be_focused()
    expect(password).to_have_accessible_description("You are not signed in Incorrect username or password.")
    expect(page).to_have_title("Problem: Sign in")


def test_the_keyboard_alone_is_enough(app: App, page: Page) -> None:
    page.goto(app.start())
    page.keyboard.type(NAME)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Sign in")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(app.callbacks)


def test_without_javascript_on_a_narrow_screen_bob_replaces_his_temporary_password(app: App, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False, viewport=NARROW) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(app.start())
        fill_in(page, "bob", TEMPORARY)
        expect(page.get_by_role("heading", name="Set a new password")).to_be_visible()
        page.get_by_label("New password").fill(OWN)
        page.get_by_label("The same once more").fill(OWN)
        page.get_by_role("button", name="Set password and sign in").click()
        page.wait_for_url(app.callbacks)
        assert app.verify(app.finish(page.url)["id_token"])["cognito:username"] == "bob"


def test_a_narrow_screen_needs_no_scrolling_sideways(app: App, page: Page) -> None:
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.goto(app.start())
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]


def test_a_browser_finds_nothing_to_block_on_the_page(app: App, page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.goto(app.start())
    assert (said, failed) == ([], [])
    assert page.evaluate("getComputedStyle(document.querySelector('main')).borderRadius") == "12px"
