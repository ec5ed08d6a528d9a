"""A form that another site made a browser send changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from tests.fakes import FakeClock
from tests.hosted import NAME, PASSWORD, SITE, Form, HostedPool, Visitor

OLD = "The page was open for too long, or was not ours. Please try again."


def test_a_form_without_its_token_is_refused(acme: HostedPool, visitor: Visitor) -> None:
    page = visitor.submit(visitor.open("/login", acme.asking()), username=NAME, password=PASSWORD, _csrf="")
    assert page.status_code == 400
    assert OLD in page.text
    assert "cognito=" not in "".join(page.headers.getlist("Set-Cookie"))


def test_a_form_without_the_cookie_is_refused(acme: HostedPool, visitor: Visitor, app: Flask) -> None:
    page = visitor.open("/login", acme.asking())
    assert OLD in Visitor(app).submit(page, username=NAME, password=PASSWORD).text


def test_the_token_of_another_visitor_is_refused(acme: HostedPool, visitor: Visitor, app: Flask) -> None:
    token = Form(Visitor(app).open("/login", acme.asking()).text).fields["_csrf"]
    page = visitor.open("/login", acme.asking())
    assert OLD in visitor.submit(page, username=NAME, password=PASSWORD, _csrf=token).text


def test_a_token_that_was_made_up_is_refused_although_field_and_cookie_agree(
    acme: HostedPool, visitor: Visitor
) -> None:
    page = visitor.open("/login", acme.asking())
    visitor.browser.set_cookie("XSRF-TOKEN", "made-up", domain="localhost", path=SITE)
    assert OLD in visitor.submit(page, username=NAME, password=PASSWORD, _csrf="made-up").text


def test_the_token_of_another_domain_is_refused(acme: HostedPool, visitor: Visitor) -> None:
    other = acme.idp.create_user_pool(PoolName="Other")["UserPool"]["Id"]
    acme.idp.create_user_pool_domain(Domain="other", UserPoolId=other)
    stranger = HostedPool(acme.idp, other, "").add_client()["ClientId"]
    foreign = visitor.browser.get("/_domain/other/login", query_string=acme.asking(client_id=stranger))
    token = Form(foreign.text).fields["_csrf"]
    page = visitor.open("/login", acme.asking())
    visitor.browser.set_cookie("XSRF-TOKEN", token, domain="localhost", path=SITE)
    assert OLD in visitor.submit(page, username=NAME, password=PASSWORD, _csrf=token).text


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_of_another_site_is_refused_by_what_the_browser_says(
    acme: HostedPool, visitor: Visitor, site: str
) -> None:
    page = visitor.open("/login", acme.asking())
    answer = visitor.submit(page, {"Sec-Fetch-Site": site}, username=NAME, password=PASSWORD)
    assert OLD in answer.text


def test_a_form_of_our_own_is_taken(acme: HostedPool, visitor: Visitor) -> None:
    page = visitor.open("/login", acme.asking())
    answer = visitor.submit(page, {"Sec-Fetch-Site": "same-origin"}, username=NAME, password=PASSWORD)
    assert answer.status_code == 303


def test_a_page_that_was_open_for_five_minutes_is_shown_again(
    acme: HostedPool, visitor: Visitor, clock: FakeClock
) -> None:
    page = visitor.open("/login", acme.asking())
    clock.advance(timedelta(minutes=5))
    again = visitor.submit(page, username=NAME, password=PASSWORD)
    assert OLD in again.text
    assert visitor.submit(again, password=PASSWORD).status_code == 303


def test_a_huge_form_is_refused(acme: HostedPool, visitor: Visitor) -> None:
    page = visitor.open("/login", acme.asking())
    answer = visitor.submit(page, username=NAME, password="x" * 100_000)
    assert answer.status_code == 413
    assert "The form is too large." in answer.text
