"""`/oauth2/authorize` decides what is next, and tells refusals to whom they belong."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from flask import Flask

from tests.hosted import CALLBACK, SITE, HostedPool, Visitor, answered

LOCAL = "http://acme.auth.localhost:9229"


def test_a_visitor_who_is_not_signed_in_is_sent_to_the_login_page_with_the_same_request(
    acme: HostedPool, visitor: Visitor
) -> None:
    asked = acme.asking()
    answer = visitor.open("/oauth2/authorize", asked)
    assert answer.status_code == 302
    location = urlsplit(answer.location)
    assert location.path == f"{SITE}/login"
    assert parse_qs(location.query) == {name: [value] for name, value in asked.items()}


def test_a_visitor_who_is_signed_in_is_sent_back_with_a_code_at_once(acme: HostedPool, visitor: Visitor) -> None:
    visitor.sign_in(acme.asking())
    answer = visitor.open("/oauth2/authorize", acme.asking(state="another state"))
    assert answer.status_code == 302
    assert answer.location.startswith(f"{CALLBACK}?code=")
    assert answered(answer)["state"] == "another state"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_code_goes_behind_the_query_that_a_redirect_uri_has(acme: HostedPool, visitor: Visitor) -> None:
    client = acme.add_client(CallbackURLs=["myapp://signed-in?from=idp"])
    asked = acme.asking(client_id=client["ClientId"], redirect_uri="myapp://signed-in?from=idp", state=None)
    assert visitor.sign_in(asked).location.startswith("myapp://signed-in?from=idp&code=")


def test_a_client_with_one_callback_url_may_leave_the_redirect_uri_out(acme: HostedPool, visitor: Visitor) -> None:
    assert visitor.sign_in(acme.asking(redirect_uri=None)).location.startswith(f"{CALLBACK}?code=")


def test_a_client_with_several_callback_urls_must_name_one(acme: HostedPool, visitor: Visitor) -> None:
    client = acme.add_client(CallbackURLs=[CALLBACK, "https://app.example.com/other"])
    answer = visitor.open("/oauth2/authorize", acme.asking(client_id=client["ClientId"], redirect_uri=None))
    assert urlsplit(answer.location).path == f"{SITE}/error"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "id_token"}, "unsupported_response_type"),
        ({"response_type": "token"}, "unauthorized_client"),
        ({"scope": "openid unheard-of"}, "invalid_scope"),
        ({"scope": "phone"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": "+" * 43}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
        ({"prompt": "none login"}, "invalid_request"),
    ],
)
def test_a_request_that_the_client_may_not_make_is_refused_to_the_client(
    acme: HostedPool, visitor: Visitor, changes: dict[str, str | None], error: str
) -> None:
    answer = visitor.open("/oauth2/authorize", acme.asking(**changes))
    assert answer.status_code == 302
    assert answer.location.startswith(CALLBACK)
    told = answered(answer)
    assert (told["error"], told["state"]) == (error, "a state")
    assert told["error_description"]


def test_a_repeated_parameter_is_refused(acme: HostedPool, visitor: Visitor) -> None:
    query = f"client_id={acme.client_id}&redirect_uri={CALLBACK}&response_type=code&scope=openid&scope=email"
    answer = visitor.browser.get(f"{SITE}/oauth2/authorize?{query}")
    assert answered(answer)["error"] == "invalid_request"


def test_a_client_without_oauth_is_refused_in_cognitos_words(acme: HostedPool, visitor: Visitor) -> None:
    client = acme.add_client(AllowedOAuthFlowsUserPoolClient=False, AllowedOAuthFlows=[], AllowedOAuthScopes=[])
    told = answered(visitor.open("/oauth2/authorize", acme.asking(client_id=client["ClientId"])))
    assert told["error"] == "unauthorized_client"
    assert told["error_description"] == "Client is not enabled for OAuth2.0 flows."


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "https://evil.example/callback",
        "https://app.example.com.evil.example/callback",
        "https://app.example.com/callback/",
        "https://app.example.com/callback?next=https://evil.example",
        "https://app.example.com/callback#fragment",
        "https://app.example.com/callback/../evil",
        "https://APP.example.com/callback",
        "https://app.example.com@evil.example/callback",
        "https://app.example.com/Callback",
        "http://app.example.com/callback",
        "//evil.example",
        "javascript:alert(1)",
        "https://app.example.com/callback\r\nSet-Cookie: a=b",
        "https://app.example.com/callback ",
    ],
)
@pytest.mark.parametrize("path", ["/oauth2/authorize", "/login", "/login/challenge"])
def test_a_redirect_uri_that_is_not_registered_ends_at_the_error_page(
    acme: HostedPool, visitor: Visitor, path: str, redirect_uri: str
) -> None:
    answer = visitor.open(path, acme.asking(redirect_uri=redirect_uri))
    assert answer.status_code == 302
    assert answer.location == f"{SITE}/error?error=redirect_mismatch&client_id={acme.client_id}"
    page = visitor.follow(answer)
    assert page.status_code == 400
    assert "An error was encountered with the requested page." in page.text
    assert "redirect_mismatch" in page.text


def test_a_repeated_redirect_uri_ends_at_the_error_page(acme: HostedPool, visitor: Visitor) -> None:
    query = f"client_id={acme.client_id}&response_type=code&redirect_uri={CALLBACK}&redirect_uri=https://evil.example"
    answer = visitor.browser.get(f"{SITE}/oauth2/authorize?{query}")
    assert urlsplit(answer.location).path == f"{SITE}/error"


@pytest.mark.parametrize(
    ("client_id", "sentence"),
    [
        (None, "Required String parameter &#39;client_id&#39; is not present"),
        ("unheardof", "Client does not exist."),
    ],
)
def test_a_request_of_nobody_is_shown_the_error_page(
    acme: HostedPool, visitor: Visitor, client_id: str | None, sentence: str
) -> None:
    answer = visitor.open("/oauth2/authorize", acme.asking(client_id=client_id))
    assert answer.status_code == 400
    assert sentence in answer.text


def test_a_client_of_another_pool_does_not_exist_here(acme: HostedPool, visitor: Visitor) -> None:
    other = acme.idp.create_user_pool(PoolName="Other")["UserPool"]["Id"]
    stranger = HostedPool(acme.idp, other, "").add_client()
    answer = visitor.open("/oauth2/authorize", acme.asking(client_id=stranger["ClientId"]))
    assert answer.status_code == 400
    assert "Client does not exist." in answer.text


def test_prompt_none_answers_with_a_code_when_somebody_is_signed_in(acme: HostedPool, visitor: Visitor) -> None:
    visitor.sign_in(acme.asking())
    assert "code" in answered(visitor.open("/oauth2/authorize", acme.asking(prompt="none")))


@pytest.mark.parametrize("prompt", ["login", "select_account"])
def test_a_fresh_sign_in_is_asked_for_once_although_somebody_is_signed_in(
    acme: HostedPool, visitor: Visitor, prompt: str
) -> None:
    visitor.sign_in(acme.asking())
    answer = visitor.open("/oauth2/authorize", acme.asking(prompt=prompt))
    assert urlsplit(answer.location).path == f"{SITE}/login"
    assert "code" in answered(visitor.sign_in(acme.asking(prompt=prompt)))


def test_the_implicit_flow_gives_tokens_in_the_fragment_and_nothing_to_refresh_them(
    acme: HostedPool, visitor: Visitor
) -> None:
    client = acme.add_client(AllowedOAuthFlows=["implicit"])
    answer = visitor.sign_in(acme.asking(client_id=client["ClientId"], response_type="token"))
    assert answer.location.startswith(f"{CALLBACK}#")
    told = answered(answer)
    assert list(told) == ["id_token", "access_token", "expires_in", "token_type", "state"]
    assert (told["token_type"], told["expires_in"]) == ("bearer", "3600")
    claims = jwt.decode(told["id_token"], options={"verify_signature": False})
    assert claims["nonce"] == "a nonce"


def test_the_implicit_flow_gives_no_id_token_without_openid(acme: HostedPool, visitor: Visitor) -> None:
    client = acme.add_client(AllowedOAuthFlows=["implicit"])
    asked = acme.asking(
        client_id=client["ClientId"], response_type="token", scope="aws.cognito.signin.user.admin", state=None
    )
    assert list(answered(visitor.sign_in(asked))) == ["access_token", "expires_in", "token_type"]


def test_refusals_of_the_implicit_flow_go_into_the_fragment(acme: HostedPool, visitor: Visitor) -> None:
    client = acme.add_client(AllowedOAuthFlows=["implicit"])
    asked = acme.asking(client_id=client["ClientId"], response_type="token", scope="unheard-of")
    assert visitor.open("/oauth2/authorize", asked).location.startswith(f"{CALLBACK}#error=invalid_scope")


def test_by_host_name_all_links_stay_without_the_path_prefix(acme: HostedPool, app: Flask) -> None:
    visitor = Visitor(app, origin=LOCAL, site="")
    answer = visitor.open("/oauth2/authorize", acme.asking())
    assert answer.location.startswith("/login?")
    assert "code" in answered(visitor.sign_in(acme.asking()))


@pytest.mark.parametrize("origin", ["http://localhost:9229", "http://nobody.auth.localhost:9229"])
def test_a_host_that_is_no_domain_has_no_pages(acme: HostedPool, app: Flask, origin: str) -> None:
    answer = Visitor(app, origin=origin, site="").open("/oauth2/authorize", acme.asking())
    assert answer.status_code == 404
    assert "There is no page at this address." in answer.text


def test_a_deleted_domain_has_no_pages(acme: HostedPool, visitor: Visitor) -> None:
    assert visitor.open("/oauth2/authorize", acme.asking()).status_code == 302
    acme.idp.delete_user_pool_domain(Domain="acme", UserPoolId=acme.pool_id)
    assert visitor.open("/oauth2/authorize", acme.asking()).status_code == 404
