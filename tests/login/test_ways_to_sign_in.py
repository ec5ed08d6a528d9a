"""The sign-in page offers what the client supports: the pool's own users, upstream providers, a company's by e-mail."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from tests.aws.cognito_idp.providers import a_saml_provider, a_social_provider
from tests.aws.cognito_idp.saml import a_metadata_document
from tests.hosted import CALLBACK, NAME, PASSWORD, SITE, HostedPool, Visitor, answered

COMPANY = "Company email address"


class Links(HTMLParser):
    """The links of a page: text -> address."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.by_text: dict[str, str] = {}
        self._address: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._address = dict(attrs).get("href") if tag == "a" else self._address

    def handle_endtag(self, tag: str) -> None:
        self._address = None if tag == "a" else self._address

    def handle_data(self, data: str) -> None:
        if self._address is not None:
            self.by_text[data] = self._address


@pytest.fixture
def shop(acme: HostedPool) -> HostedPool:
    """The pool with Google, Amazon and a company's SAML provider `Work`, known by the domain `corp.example`."""
    a_social_provider(acme.idp, acme.pool_id)
    a_social_provider(acme.idp, acme.pool_id, "LoginWithAmazon")
    a_saml_provider(acme.idp, acme.pool_id)
    acme.idp.update_identity_provider(
        UserPoolId=acme.pool_id, ProviderName="Work", IdpIdentifiers=["corp.example", "the-corp"]
    )
    return acme


def asking(shop: HostedPool, providers: list[str], **changes: str | None) -> dict[str, str]:
    """Return the request of a client that supports some providers."""
    client = shop.add_client(SupportedIdentityProviders=providers)
    return shop.asking(client_id=client["ClientId"], **changes)


def query_of(location: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def test_a_client_without_providers_has_the_password_form_alone(acme: HostedPool, visitor: Visitor) -> None:
    page = visitor.open("/login", acme.asking())
    assert Links(page.text).by_text == {}
    assert "Password" in page.text
    assert COMPANY not in page.text


def test_each_provider_of_the_client_is_a_link_to_the_dispatcher_with_the_same_request(
    shop: HostedPool, visitor: Visitor
) -> None:
    asked = asking(shop, ["COGNITO", "Google", "LoginWithAmazon", "Work"], prompt="login")
    links = Links(visitor.open("/login", asked).text).by_text
    assert list(links) == ["Continue with Google", "Continue with Amazon", "Continue with Work"]
    assert urlsplit(links["Continue with Amazon"]).path == f"{SITE}/oauth2/authorize"
    assert query_of(links["Continue with Amazon"]) == {**asked, "identity_provider": "LoginWithAmazon"}


def test_a_provider_of_the_pool_that_the_client_does_not_support_is_not_offered(
    shop: HostedPool, visitor: Visitor
) -> None:
    page = visitor.open("/login", asking(shop, ["COGNITO", "Google"]))
    assert list(Links(page.text).by_text) == ["Continue with Google"]
    assert COMPANY not in page.text


@pytest.mark.parametrize("unsupported", [[], None], ids=["none", "not-said"])
def test_a_client_that_names_no_providers_has_the_pools_own_users(
    acme: HostedPool, visitor: Visitor, unsupported: list[str] | None
) -> None:
    settings: dict[str, Any] = {
        "UserPoolId": acme.pool_id,
        "ClientName": "Plain",
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid", "email"],
        "CallbackURLs": [CALLBACK],
    }
    named = {} if unsupported is None else {"SupportedIdentityProviders": unsupported}
    client = acme.idp.create_user_pool_client(**settings, **named)["UserPoolClient"]
    assert "code" in answered(visitor.sign_in(acme.asking(client_id=client["ClientId"])))


def test_a_request_for_the_pools_own_users_gets_the_password_form_alone(shop: HostedPool, visitor: Visitor) -> None:
    asked = asking(shop, ["COGNITO", "Google", "Work"], identity_provider="COGNITO")
    page = visitor.follow(visitor.open("/oauth2/authorize", asked))
    assert Links(page.text).by_text == {}
    assert COMPANY not in page.text
    assert "code" in answered(visitor.sign_in(asked))


def test_a_client_without_the_pools_own_users_shows_no_password_form(shop: HostedPool, visitor: Visitor) -> None:
    page = visitor.open("/login", asking(shop, ["Google", "LoginWithAmazon"]))
    assert "Password" not in page.text
    assert list(Links(page.text).by_text) == ["Continue with Google", "Continue with Amazon"]


def test_a_client_without_the_pools_own_users_takes_no_password(shop: HostedPool, visitor: Visitor) -> None:
    form = visitor.open("/login", shop.asking())
    asked = asking(shop, ["Google", "LoginWithAmazon"])
    sent = {"username": NAME, "password": PASSWORD, "_csrf": visitor.cookie("XSRF-TOKEN")}
    page = visitor.browser.post(f"{SITE}/login", query_string=asked, data=sent, base_url=visitor.origin)
    assert form.status_code == 200
    assert page.status_code == 400
    assert "This application takes no passwords." in page.text
    assert urlsplit(visitor.open("/oauth2/authorize", asked).location).path == f"{SITE}/login"


@pytest.mark.parametrize("email", ["ann@corp.example", "ann@CORP.example", "corp.example", "the-corp", " the-corp "])
def test_a_companys_address_leads_to_its_provider_by_the_dispatcher(
    shop: HostedPool, visitor: Visitor, email: str
) -> None:
    asked = asking(shop, ["COGNITO", "Work"])
    answer = visitor.submit(visitor.open("/login", asked), idp_identifier=email)
    assert answer.status_code == 303
    assert urlsplit(answer.location).path == f"{SITE}/oauth2/authorize"
    assert query_of(answer.location) == {**asked, "idp_identifier": email.strip()}


@pytest.mark.parametrize(
    "email",
    ["ann@other.example", "ann@corp.example.evil.example", "corp.example@evil.example", f"{'a' * 300}@corp.example"],
    ids=["other", "longer", "local-part", "endless"],
)
def test_an_address_of_no_company_brings_the_page_again(shop: HostedPool, visitor: Visitor, email: str) -> None:
    page = visitor.submit(visitor.open("/login", asking(shop, ["COGNITO", "Work"])), idp_identifier=email)
    assert page.status_code == 400
    assert "No company signs in here by this email address." in page.text
    assert f'value="{email[:254]}"' in page.text


def test_a_companys_address_is_of_no_use_where_the_client_does_not_have_its_provider(
    shop: HostedPool, visitor: Visitor
) -> None:
    page = visitor.open("/login", asking(shop, ["COGNITO", "Google"]))
    again = visitor.submit(page, idp_identifier="ann@corp.example")
    assert "No company signs in here by this email address." in again.text


def test_a_companys_address_that_another_site_sends_is_not_taken(shop: HostedPool, visitor: Visitor) -> None:
    page = visitor.open("/login", asking(shop, ["COGNITO", "Work"]))
    assert visitor.submit(page, idp_identifier="ann@corp.example", _csrf="forged").status_code == 400


def test_the_names_of_providers_put_no_markup_into_the_page(acme: HostedPool, visitor: Visitor) -> None:
    name = '<b>&"bold"</b>'
    settings = {"UserPoolId": acme.pool_id, "ProviderName": name, "ProviderType": "SAML"}
    acme.idp.create_identity_provider(**settings, ProviderDetails={"MetadataFile": a_metadata_document()})
    page = visitor.open("/login", asking(acme, ["COGNITO", name]))
    assert name not in page.text
    assert next(iter(Links(page.text).by_text)) == f"Continue with {name}"


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """What the databases are asked while the test runs."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    yield asked
    sa.event.remove(sa.Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", ["/oauth2/authorize", "/login"])
@pytest.mark.parametrize("providers", [["COGNITO"], ["COGNITO", "Google", "LoginWithAmazon"]])
def test_nothing_is_looked_up_for_a_request_that_leaves_the_choice_among_known_names(
    shop: HostedPool, visitor: Visitor, statements: list[str], providers: list[str], path: str
) -> None:
    asked = asking(shop, providers)
    visitor.open(path, asked)
    statements.clear()
    visitor.open(path, asked)
    assert [each for each in statements if "identity_provider" in each] == []
