"""A user with a temporary password sets one of their own, on a second page."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from idp.login import challenges
from tests.fakes import FakeClock
from tests.hosted import SITE, Form, HostedPool, Visitor, answered

TEMPORARY, OWN = "Temporary-1234", "Own-password-5678"


@pytest.fixture
def bob(acme: HostedPool) -> HostedPool:
    """The pool with bob in it, whom an administrator made with a temporary password."""
    acme.idp.admin_create_user(
        UserPoolId=acme.pool_id, Username="bob", TemporaryPassword=TEMPORARY, MessageAction="SUPPRESS"
    )
    return acme


def test_a_temporary_password_leads_to_the_page_and_a_new_one_to_the_client(bob: HostedPool, visitor: Visitor) -> None:
    answer = visitor.sign_in(bob.asking(), username="bob", password=TEMPORARY)
    assert urlsplit(answer.location).path == f"{SITE}/login/challenge"
    page = visitor.follow(answer)
    assert page.status_code == 200
    done = visitor.submit(page, new_password=OWN, repeated_password=OWN)
    assert "code" in answered(visitor.follow(done))
    assert "code" in answered(visitor.sign_in(bob.asking(prompt="login"), username="bob", password=OWN))


def test_nobody_is_signed_in_before_the_new_password_is_set(bob: HostedPool, visitor: Visitor) -> None:
    visitor.sign_in(bob.asking(), username="bob", password=TEMPORARY)
    assert answered(visitor.open("/oauth2/authorize", bob.asking(prompt="none")))["error"] == "login_required"


def test_the_cookie_changes_when_the_password_is_set(bob: HostedPool, visitor: Visitor) -> None:
    page = visitor.follow(visitor.sign_in(bob.asking(), username="bob", password=TEMPORARY))
    before = visitor.cookie("cognito")
    visitor.submit(page, new_password=OWN, repeated_password=OWN)
    assert visitor.cookie("cognito") != before


def test_a_password_against_the_policy_is_refused_and_may_be_tried_again(bob: HostedPool, visitor: Visitor) -> None:
    page = visitor.follow(visitor.sign_in(bob.asking(), username="bob", password=TEMPORARY))
    refused = visitor.submit(page, new_password="short", repeated_password="short")
    assert refused.status_code == 400
    assert "Password did not conform with policy: Password not long enough" in refused.text
    assert "at least 8 characters" in refused.text
    assert visitor.submit(refused, new_password=OWN, repeated_password=OWN).status_code == 303


def test_two_different_passwords_are_refused(bob: HostedPool, visitor: Visitor) -> None:
    page = visitor.follow(visitor.sign_in(bob.asking(), username="bob", password=TEMPORARY))
    refused = visitor.submit(page, new_password=OWN, repeated_password=OWN + "x")
    assert "The two passwords are not the same." in refused.text


def test_a_form_without_its_token_is_refused(bob: HostedPool, visitor: Visitor) -> None:
    page = visitor.follow(visitor.sign_in(bob.asking(), username="bob", password=TEMPORARY))
    refused = visitor.submit(page, new_password=OWN, repeated_password=OWN, _csrf="")
    assert "The page was open for too long" in refused.text


def test_after_the_time_of_the_challenge_one_must_start_again(
    bob: HostedPool, visitor: Visitor, clock: FakeClock
) -> None:
    page = visitor.follow(visitor.sign_in(bob.asking(), username="bob", password=TEMPORARY))
    clock.advance(timedelta(minutes=4))
    refused = visitor.submit(page, new_password=OWN, repeated_password=OWN)
    assert "The time for setting a password is over." in refused.text


def test_without_a_challenge_the_page_leads_back_to_the_dispatcher(bob: HostedPool, visitor: Visitor) -> None:
    answer = visitor.open("/login/challenge", bob.asking())
    assert urlsplit(answer.location).path == f"{SITE}/oauth2/authorize"


def test_the_challenge_of_one_client_is_none_of_another(bob: HostedPool, visitor: Visitor) -> None:
    visitor.sign_in(bob.asking(), username="bob", password=TEMPORARY)
    other = bob.add_client()["ClientId"]
    answer = visitor.open("/oauth2/authorize", bob.asking(client_id=other))
    assert urlsplit(answer.location).path == f"{SITE}/login"


def test_attributes_that_the_pool_requires_are_asked_for(bob: HostedPool, visitor: Visitor) -> None:
    pool_id = bob.idp.create_user_pool(
        PoolName="Strict",
        Schema=[{"Name": "given_name", "AttributeDataType": "String", "Required": True, "Mutable": True}],
    )["UserPool"]["Id"]
    bob.idp.create_user_pool_domain(Domain="strict", UserPoolId=pool_id)
    strict = HostedPool(bob.idp, pool_id, "")
    asked = bob.asking(client_id=strict.add_client()["ClientId"])
    bob.idp.admin_create_user(UserPoolId=pool_id, Username="eve", TemporaryPassword=TEMPORARY, MessageAction="SUPPRESS")
    visitor.site = "/_domain/strict"
    page = visitor.follow(visitor.sign_in(asked, username="eve", password=TEMPORARY))
    assert ">Given name</label>" in page.text
    assert "userAttributes.given_name" in Form(page.text).fields
    done = visitor.submit(page, None, **{"userAttributes.given_name": "Eve"}, new_password=OWN, repeated_password=OWN)
    assert "code" in answered(visitor.follow(done))
    stored = bob.idp.admin_get_user(UserPoolId=pool_id, Username="eve")["UserAttributes"]
    assert {"Name": "given_name", "Value": "Eve"} in stored


def test_a_challenge_without_a_page_is_named(
    bob: HostedPool, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(challenges, "PAGES", {})
    page = visitor.follow(visitor.sign_in(bob.asking(), username="bob", password=TEMPORARY))
    assert "This sign-in needs a step that these pages do not offer yet." in page.text
    assert "NEW_PASSWORD_REQUIRED" in page.text
