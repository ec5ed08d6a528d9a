"""The link in a confirmation message confirms, once."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from tests.conftest import Outbox
from tests.hosted import HostedPool, add_client, add_user

LINKS = {"DefaultEmailOption": "CONFIRM_WITH_LINK"}


@pytest.fixture
def bobs_link(acme: HostedPool, outbox: Outbox) -> str:
    """The link in the message to bob, who has signed up in a pool that confirms by link."""
    pool_id = acme.idp.create_user_pool(
        PoolName="Links",
        AutoVerifiedAttributes=["email"],
        VerificationMessageTemplate=LINKS,
    )["UserPool"]["Id"]
    add_user(acme.idp, pool_id, add_client(acme.idp, pool_id)["ClientId"], name="bob", is_confirmed=False)
    [link] = re.findall(r"http://[^\s\"'<>]+/confirmUser\?[^\s\"'<>]+", outbox.messages_to("bob@example.com")[0].body)
    parts = urlsplit(unescape(link))
    return f"{parts.path}?{parts.query}"


def test_the_link_confirms(bobs_link: str, web: FlaskClient) -> None:
    page = web.get(bobs_link)
    assert page.status_code == 200
    assert "Your registration has been confirmed." in page.text


def test_the_link_works_once(bobs_link: str, web: FlaskClient) -> None:
    web.get(bobs_link)
    page = web.get(bobs_link)
    assert page.status_code == 400
    assert "User cannot be confirmed. Current status is CONFIRMED" in page.text


@pytest.mark.parametrize(
    ("query", "problem"),
    [("", "Client does not exist."), ("client_id=unheardof&user_name=a&confirmation_code=1", "Client does not exist.")],
)
def test_a_link_of_no_client_confirms_nobody(web: FlaskClient, query: str, problem: str) -> None:
    page = web.get(f"/confirmUser?{query}")
    assert page.status_code == 400
    assert problem in page.text


def test_a_link_of_another_pools_client_does_not_work_on_a_domain(bobs_link: str, web: FlaskClient) -> None:
    page = web.get(f"/_domain/acme{bobs_link}")
    assert page.status_code == 400
    assert "Client does not exist." in page.text
