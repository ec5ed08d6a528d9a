"""People come from upstream providers, with a real browser that keeps cookies and policies as browsers do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import boto3
import jwt
import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from tests.federation.saml_provider import SIGN_ON, SamlProvider, read_request
from tests.hosted import CHALLENGE, NAME, PASSWORD, VERIFIER, add_client, add_user
from tests.journeys.servers import RunningServer, idp_dev

NARROW = {"width": 320, "height": 568}


class CompanyPage(BaseHTTPRequestHandler):
    """What the company's server shows."""

    server: CompanyServer

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(self.server.page(self.path).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is given
        """Say nothing."""


class CompanyServer(ThreadingHTTPServer):
    """A company's SAML provider, to which whoever asks is ann once she presses a button; and its application's pages."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), CompanyPage)
        self.provider = SamlProvider()
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.callback = f"{self.url}/callback"

    @property
    def metadata(self) -> str:
        """Return the provider's metadata, with an address at which a browser finds it."""
        return self.provider.metadata().replace(SIGN_ON, f"{self.url}/sso")

    def page(self, path: str) -> str:
        """Return the provider's form, or the application's greeting."""
        return self._form(f"{self.url}{path}") if path.startswith("/sso") else "<p>Hello from the application.</p>"

    def _form(self, location: str) -> str:
        answer = self.provider.answer_to(location, now=datetime.now(UTC))
        fields = "".join(f'<input type="hidden" name="{name}" value="{escape(answer[name])}">' for name in answer)
        action = read_request(location).callback_url
        return f'<form method="post" action="{action}">{fields}<button>I am ann</button></form>'


@dataclass(frozen=True)
class Shop:
    """A pool whose users may come from elsewhere, and its client."""

    site: str
    client_id: str
    callback: str

    def start(self, **more: str) -> str:
        """Return the address that the application sends the browser to."""
        asked = {
            "client_id": self.client_id,
            "response_type": "code",
            "redirect_uri": self.callback,
            "scope": "openid",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            **more,
        }
        return f"{self.site}/oauth2/authorize?{urlencode(asked)}"

    def finish(self, address: str) -> dict[str, Any]:
        """Return the claims of the ID token for the code in the address that the browser came back with."""
        form = {
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "code": parse_qs(urlsplit(address).query)["code"][0],
            "redirect_uri": self.callback,
            "code_verifier": VERIFIER,
        }
        tokens = requests.post(f"{self.site}/oauth2/token", data=form, timeout=10).json()
        claims: dict[str, Any] = jwt.decode(tokens["id_token"], options={"verify_signature": False})
        return claims


@pytest.fixture(scope="module")
def company() -> Iterator[CompanyServer]:
    """The company's server, at another site than ours."""
    server = CompanyServer()
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """`idp dev`, as people start it."""
    with idp_dev(tmp_path_factory.mktemp("idp")) as running:
        yield running


@pytest.fixture(scope="module")
def shop(server: RunningServer, company: CompanyServer) -> Shop:
    """A pool with the domain `shop`; its users may be its own, the company's, or those of another pool, `staff`."""
    idp: Any = boto3.client(
        "cognito-idp", "us-east-1", endpoint_url=server.url, aws_access_key_id="any", aws_secret_access_key="any"
    )
    shop_id, staff_id = (idp.create_user_pool(PoolName=name)["UserPool"]["Id"] for name in ("Shop", "Staff"))
    idp.create_user_pool_domain(Domain="shop", UserPoolId=shop_id)
    idp.create_user_pool_domain(Domain="staff", UserPoolId=staff_id)
    at_staff = add_client(idp, staff_id, CallbackURLs=[f"{server.url}/_domain/shop/oauth2/idpresponse"])["ClientId"]
    add_user(idp, staff_id, at_staff)
    oidc = {
        "client_id": at_staff,
        "attributes_request_method": "GET",
        "oidc_issuer": f"{server.url}/{staff_id}",
        "authorize_scopes": "openid email",
    }
    idp.create_identity_provider(
        UserPoolId=shop_id, ProviderName="Staff", ProviderType="OIDC", ProviderDetails=oidc, AttributeMapping={}
    )
    idp.create_identity_provider(
        UserPoolId=shop_id,
        ProviderName="Corp",
        ProviderType="SAML",
        ProviderDetails={"MetadataFile": company.metadata},
        IdpIdentifiers=["corp.example"],
    )
    client_id = add_client(
        idp, shop_id, SupportedIdentityProviders=["COGNITO", "Staff", "Corp"], CallbackURLs=[company.callback]
    )["ClientId"]
    return Shop(f"{server.url}/_domain/shop", client_id, company.callback)


def test_a_user_of_another_pool_signs_in_there_and_comes_back_by_openid_connect(shop: Shop, page: Page) -> None:
    page.goto(shop.start())
    page.get_by_role("link", name="Continue with Staff").click()
    page.wait_for_url("**/_domain/staff/login?**")
    page.get_by_label("Username").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{shop.callback}?code=**")
    claims = shop.finish(page.url)
    assert claims["cognito:username"].startswith("Staff_")
    assert claims["identities"][0]["providerName"] == "Staff"
    page.goto(shop.start(prompt="none"))
    assert page.url.startswith(f"{shop.callback}?code=")


def test_a_form_of_another_site_brings_somebody_back_whose_cookies_stay_behind(shop: Shop, page: Page) -> None:
    page.goto(shop.start(identity_provider="Corp"))
    page.get_by_role("button", name="I am ann").click()
    page.wait_for_url(f"{shop.callback}?code=**")
    assert shop.finish(page.url)["cognito:username"] == "Corp_ann@corp.example"


def test_a_companys_address_leads_to_its_provider(shop: Shop, page: Page) -> None:
    page.goto(shop.start())
    page.get_by_label("Company email address").fill("ann@corp.example")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="I am ann").click()
    page.wait_for_url(f"{shop.callback}?code=**")


def test_an_address_of_no_company_is_told_where_a_screen_reader_finds_it(shop: Shop, page: Page) -> None:
    page.goto(shop.start())
    field = page.get_by_label("Company email address")
    field.fill("ann@nowhere.example")
    page.get_by_role("button", name="Continue with your company").click()
    expect(page.get_by_role("alert")).to_contain_text("No company signs in here by this email address.")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(
        "You are not signed in No company signs in here by this email address."
    )


def test_the_keyboard_alone_gets_to_a_provider(shop: Shop, page: Page) -> None:
    page.goto(shop.start())
    page.get_by_role("button", name="Sign in").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Continue with Staff")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="I am ann")).to_be_visible()


def test_without_javascript_on_a_narrow_screen_all_is_there_and_nothing_sideways(shop: Shop, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False, viewport=NARROW) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(shop.start())
        for name in ("Continue with Staff", "Continue with Corp"):
            box = page.get_by_role("link", name=name).bounding_box()
            assert box is not None
            assert (box["x"] >= 0, box["x"] + box["width"] <= NARROW["width"], box["height"] >= 44) == (True,) * 3
        expect(page.get_by_role("list", name="Other ways to sign in")).to_be_visible()
