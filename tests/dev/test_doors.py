"""The development doors: what people's own test suites use."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from idp.app import mount_faces
from idp.outbound.system import ShiftedClock
from idp.services import Services
from tests.sdk import client_of, refused

ANN = {"Username": "ann", "Password": "Correct-horse-7"}


@pytest.fixture
def clocked(services: Services) -> Services:
    """The services of `idp dev`, with the clock that its door moves."""
    return replace(services, clock=ShiftedClock())


@pytest.fixture
def doors(clocked: Services) -> FlaskClient:
    """An HTTP client of `idp dev`."""
    return mount_faces(clocked).test_client()


def a_client_id(idp: Any) -> str:
    pool_id = idp.create_user_pool(PoolName="people", AutoVerifiedAttributes=["email"])["UserPool"]["Id"]
    client = idp.create_user_pool_client(UserPoolId=pool_id, ClientName="web")["UserPoolClient"]
    client_id: str = client["ClientId"]
    return client_id


def test_the_outbox_shows_the_code_that_was_sent(idp: Any, web: FlaskClient) -> None:
    email = [{"Name": "email", "Value": "ann@example.com"}]
    client_id = a_client_id(idp)
    idp.sign_up(ClientId=client_id, UserAttributes=email, **ANN)
    (message,) = web.get("/_dev/outbox?to=ann@example.com").get_json()["messages"]
    idp.confirm_sign_up(ClientId=client_id, Username="ann", ConfirmationCode=message["code"])
    assert (message["kind"], message["medium"], message["to"]) == ("SignUp", "EMAIL", "ann@example.com")


def test_the_outbox_shows_only_messages_to_whom_one_asks_for(idp: Any, web: FlaskClient) -> None:
    idp.sign_up(ClientId=a_client_id(idp), UserAttributes=[{"Name": "email", "Value": "ann@example.com"}], **ANN)
    assert web.get("/_dev/outbox?to=bob@example.com").get_json() == {"messages": []}


def test_after_a_reset_everything_is_gone(idp: Any, web: FlaskClient) -> None:
    client_id = a_client_id(idp)
    idp.sign_up(ClientId=client_id, **ANN)
    assert web.post("/_dev/reset").status_code == 200
    assert idp.list_user_pools(MaxResults=10)["UserPools"] == []
    with refused("ResourceNotFoundException", f"User pool client {client_id} does not exist."):
        idp.sign_up(ClientId=client_id, **ANN)


def test_an_advanced_clock_expires_what_would_have_expired(clocked: Services) -> None:
    app = mount_faces(clocked)
    idp: Any = client_of(app, "cognito-idp")
    client_id = a_client_id(idp)
    idp.sign_up(ClientId=client_id, UserAttributes=[{"Name": "email", "Value": "ann@example.com"}], **ANN)
    doors = app.test_client()
    code = doors.get("/_dev/outbox").get_json()["messages"][0]["code"]
    assert doors.post("/_dev/clock", json={"advance": 25 * 3600}).status_code == 200
    with refused("ExpiredCodeException"):
        idp.confirm_sign_up(ClientId=client_id, Username="ann", ConfirmationCode=code)


def test_the_clock_can_be_set_and_set_back(doors: FlaskClient) -> None:
    assert (
        doors.post("/_dev/clock", json={"set": "2031-05-06T07:08:09+00:00"})
        .get_json()["now"]
        .startswith("2031-05-06T07:08")
    )
    doors.post("/_dev/clock", json={"reset": True})
    now = datetime.fromisoformat(doors.get("/_dev/clock").get_json()["now"])
    assert abs(now - datetime.now(now.tzinfo)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "now",
        7,
        None,
        {"advance": "soon"},
        {"advance": 1e300},
        {"set": "tomorrow"},
        {"set": "2031-05-06"},
        {"reset": 1},
    ],
)
def test_a_clock_request_that_says_nothing_is_refused_with_help(doors: FlaskClient, body: object) -> None:
    answer = doors.post("/_dev/clock", json=body)
    assert answer.status_code == 400
    assert '{"advance": seconds}' in answer.get_json()["message"]


@pytest.mark.parametrize("path", ["/_dev/outbox", "/_dev/clock"])
@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Host": "evil.example"}, {"Host": "evil.example:9229"}], ids=str
)
def test_a_page_of_another_site_is_refused(web: FlaskClient, path: str, headers: dict[str, str]) -> None:
    assert web.get(path, headers=headers).status_code == 403


def test_a_page_of_another_site_cannot_reset(idp: Any, web: FlaskClient) -> None:
    a_client_id(idp)
    assert web.post("/_dev/reset", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert len(idp.list_user_pools(MaxResults=10)["UserPools"]) == 1


def test_a_page_of_this_machine_may_read_the_outbox(web: FlaskClient) -> None:
    answer = web.get("/_dev/outbox", headers={"Origin": "http://localhost:3000", "Sec-Fetch-Site": "same-site"})
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"


@pytest.mark.parametrize("path", ["/_dev/outbox", "/_dev/clock"])
def test_the_doors_are_not_there_in_production(services: Services, path: str) -> None:
    production = replace(services, settings=replace(services.settings, mode="serve", dev_doors=False))
    assert mount_faces(production).test_client().get(path).status_code == 404
