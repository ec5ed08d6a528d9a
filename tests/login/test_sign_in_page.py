"""The sign-in page takes name and password through the pipeline of the API."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from tests.fakes import FakeClock
from tests.hosted import CALLBACK, NAME, PASSWORD, SITE, Form, HostedPool, Visitor, add_user, answered


def test_a_right_password_leads_back_to_the_dispatcher_and_on_to_the_client(acme: HostedPool, visitor: Visitor) -> None:
    answer = visitor.submit(visitor.open("/login", acme.asking()), username=NAME, password=PASSWORD)
    assert answer.status_code == 303
    assert urlsplit(answer.location).path == f"{SITE}/oauth2/authorize"
    assert parse_qs(urlsplit(answer.location).query) == {name: [value] for name, value in acme.asking().items()}
    assert visitor.follow(answer).location.startswith(f"{CALLBACK}?code=")


def test_the_page_shows_who_asks_and_takes_a_hint_at_the_name(acme: HostedPool, visitor: Visitor) -> None:
    page = visitor.open("/login", acme.asking(login_hint="ann@example.com"))
    assert page.status_code == 200
    assert "to continue to Acme Bookshop" in page.text
    assert Form(page.text).fields["username"] == "ann@example.com"


def test_a_wrong_password_brings_the_page_again_with_the_name_and_the_problem(
    acme: HostedPool, visitor: Visitor
) -> None:
    page = visitor.submit(visitor.open("/login", acme.asking()), username=NAME, password="wrong")
    assert page.status_code == 400
    assert "Incorrect username or password." in page.text
    assert Form(page.text).fields["username"] == NAME
    assert Form(page.text).fields["password"] == ""
    assert visitor.submit(page, password=PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("username", "password"), [("", PASSWORD), (NAME, ""), ("x" * 129, PASSWORD), (NAME, "x" * 257)]
)
def test_empty_and_endless_fields_are_refused_before_anything_is_looked_up(
    acme: HostedPool, visitor: Visitor, username: str, password: str
) -> None:
    page = visitor.submit(visitor.open("/login", acme.asking()), username=username, password=password)
    assert page.status_code == 400
    assert "Enter your name and your password." in page.text


def test_five_wrong_passwords_lock_the_user(acme: HostedPool, visitor: Visitor) -> None:
    page = visitor.open("/login", acme.asking())
    for _ in range(5):
        page = visitor.submit(page, username=NAME, password="wrong")
    page = visitor.submit(page, username=NAME, password=PASSWORD)
    assert "Password attempts exceeded" in page.text


def test_an_unconfirmed_user_is_told_so(acme: HostedPool, visitor: Visitor) -> None:
    add_user(acme.idp, acme.pool_id, acme.client_id, name="bob", is_confirmed=False)
    page = visitor.submit(visitor.open("/login", acme.asking()), username="bob", password=PASSWORD)
    assert "User is not confirmed." in page.text


def test_a_disabled_user_is_told_so(acme: HostedPool, visitor: Visitor) -> None:
    acme.idp.admin_disable_user(UserPoolId=acme.pool_id, Username=NAME)
    page = visitor.submit(visitor.open("/login", acme.asking()), username=NAME, password=PASSWORD)
    assert "User is disabled." in page.text


def test_an_unknown_user_looks_like_a_wrong_password_where_that_is_hidden(acme: HostedPool, visitor: Visitor) -> None:
    client_id = acme.add_client(PreventUserExistenceErrors="ENABLED")["ClientId"]
    page = visitor.open("/login", acme.asking(client_id=client_id))
    told = visitor.submit(page, username="nobody", password=PASSWORD).text
    assert "Incorrect username or password." in told


def test_a_client_with_a_secret_and_without_password_flows_signs_people_in_here(
    acme: HostedPool, visitor: Visitor
) -> None:
    client_id = acme.add_client(GenerateSecret=True, ExplicitAuthFlows=["ALLOW_REFRESH_TOKEN_AUTH"])["ClientId"]
    assert "code" in answered(visitor.sign_in(acme.asking(client_id=client_id)))


def test_the_cookies_are_closed_to_scripts_and_kept_to_the_site(acme: HostedPool, visitor: Visitor) -> None:
    page = visitor.open("/login", acme.asking())
    [csrf] = page.headers.getlist("Set-Cookie")
    assert re.fullmatch(rf"XSRF-TOKEN=[\w-]+; .*; HttpOnly; Path={SITE}; SameSite=Lax", csrf)
    signed_in = visitor.submit(page, username=NAME, password=PASSWORD)
    [dropped, session] = signed_in.headers.getlist("Set-Cookie")
    assert dropped.startswith("XSRF-TOKEN=;")
    assert re.fullmatch(rf"cognito=[\w-]{{43}}; .*Max-Age=3600; HttpOnly; Path={SITE}; SameSite=Lax", session)


def test_over_https_the_cookies_are_secure(acme: HostedPool, app: Flask) -> None:
    visitor = Visitor(app, origin="https://acme.auth.localhost:9229", site="")
    page = visitor.open("/login", acme.asking())
    assert "; Secure; HttpOnly; Path=/; SameSite=Lax" in page.headers["Set-Cookie"]
    assert (
        "; Secure; HttpOnly; Path=/; " in visitor.submit(page, username=NAME, password=PASSWORD).headers["Set-Cookie"]
    )


def test_a_cookie_planted_before_the_sign_in_is_replaced(acme: HostedPool, visitor: Visitor, app: Flask) -> None:
    visitor.browser.set_cookie("cognito", "planted", domain="localhost", path=SITE)
    visitor.sign_in(acme.asking())
    assert visitor.cookie("cognito") != "planted"
    attacker = Visitor(app)
    attacker.browser.set_cookie("cognito", "planted", domain="localhost", path=SITE)
    assert urlsplit(attacker.open("/oauth2/authorize", acme.asking()).location).path == f"{SITE}/login"


def test_signing_in_again_ends_the_session_of_the_older_cookie(acme: HostedPool, visitor: Visitor, app: Flask) -> None:
    visitor.sign_in(acme.asking())
    older = visitor.cookie("cognito")
    visitor.sign_in(acme.asking())
    thief = Visitor(app)
    thief.browser.set_cookie("cognito", older, domain="localhost", path=SITE)
    assert urlsplit(thief.open("/oauth2/authorize", acme.asking()).location).path == f"{SITE}/login"


def test_a_browser_session_lasts_an_hour_whatever_happens(acme: HostedPool, visitor: Visitor, clock: FakeClock) -> None:
    visitor.sign_in(acme.asking())
    clock.advance(timedelta(minutes=59))
    assert "code" in answered(visitor.open("/oauth2/authorize", acme.asking()))
    clock.advance(timedelta(minutes=1))
    assert urlsplit(visitor.open("/oauth2/authorize", acme.asking()).location).path == f"{SITE}/login"


def test_signing_out_everywhere_ends_browser_sessions(acme: HostedPool, visitor: Visitor) -> None:
    visitor.sign_in(acme.asking())
    acme.idp.admin_user_global_sign_out(UserPoolId=acme.pool_id, Username=NAME)
    assert urlsplit(visitor.open("/oauth2/authorize", acme.asking()).location).path == f"{SITE}/login"


def test_a_disabled_user_is_no_longer_signed_in(acme: HostedPool, visitor: Visitor) -> None:
    visitor.sign_in(acme.asking())
    acme.idp.admin_disable_user(UserPoolId=acme.pool_id, Username=NAME)
    assert urlsplit(visitor.open("/oauth2/authorize", acme.asking()).location).path == f"{SITE}/login"


def test_a_session_of_one_pool_is_none_of_another(acme: HostedPool, visitor: Visitor) -> None:
    visitor.sign_in(acme.asking())
    other = acme.idp.create_user_pool(PoolName="Other")["UserPool"]["Id"]
    acme.idp.create_user_pool_domain(Domain="other", UserPoolId=other)
    stranger = HostedPool(acme.idp, other, "").add_client()["ClientId"]
    visitor.browser.set_cookie("cognito", visitor.cookie("cognito"), domain="localhost", path="/_domain/other")
    visitor.site = "/_domain/other"
    answer = visitor.open("/oauth2/authorize", acme.asking(client_id=stranger))
    assert urlsplit(answer.location).path == "/_domain/other/login"


@pytest.mark.parametrize(
    ("names", "label", "kind"),
    [
        ({}, "Username", "text"),
        ({"UsernameAttributes": ["email"]}, "Email address", "email"),
        ({"UsernameAttributes": ["phone_number"]}, "Phone number", "tel"),
        ({"UsernameAttributes": ["email", "phone_number"]}, "Email address, phone number or username", "text"),
        ({"AliasAttributes": ["email"]}, "Email address, phone number or username", "text"),
    ],
)
def test_the_first_field_is_called_what_the_pools_users_call_themselves_by(
    acme: HostedPool, visitor: Visitor, names: dict[str, list[str]], label: str, kind: str
) -> None:
    pool_id = acme.idp.create_user_pool(PoolName="Other", **names)["UserPool"]["Id"]
    acme.idp.create_user_pool_domain(Domain="other", UserPoolId=pool_id)
    visitor.site = "/_domain/other"
    client_id = HostedPool(acme.idp, pool_id, "").add_client()["ClientId"]
    page = visitor.open("/login", acme.asking(client_id=client_id)).text
    assert f'<label for="signInFormUsername">{label}</label>' in page
    assert f'<input id="signInFormUsername" name="username" type="{kind}"' in page
