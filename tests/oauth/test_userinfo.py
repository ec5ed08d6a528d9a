"""`/oauth2/userInfo` tells what the token's scopes show, as text."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.fakes import FakeClock
from tests.hosted import PASSWORD, SITE, HostedPool
from tests.oauth.conftest import Exchange

REVOKED = "Access token is expired, disabled, or deleted, or the user has globally signed out."


def ask(web: FlaskClient, access_token: str) -> TestResponse:
    return web.get(f"{SITE}/oauth2/userInfo", headers={"Authorization": f"Bearer {access_token}"})


def refused(answer: TestResponse, description: str) -> None:
    """Assert RFC 6750's refusal of a token, in body and header alike."""
    assert answer.status_code == 401
    assert answer.get_json() == {"error": "invalid_token", "error_description": description}
    assert f'error="invalid_token", error_description="{description}"' in answer.headers["WWW-Authenticate"]


def test_openid_alone_shows_all_the_client_may_read_as_text(acme: HostedPool, web: FlaskClient, ann: Exchange) -> None:
    answer = ask(web, ann.tokens(scope="openid")["access_token"])
    told = answer.get_json()
    names = list(told)
    assert (names[0], names[-1]) == ("sub", "username")
    assert told["email"] == "ann@example.com"
    assert told["given_name"] == "Ann"
    assert told["username"] == "ann"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_scope_shows_its_attributes_only(acme: HostedPool, web: FlaskClient, ann: Exchange) -> None:
    acme.idp.admin_update_user_attributes(
        UserPoolId=acme.pool_id, Username="ann", UserAttributes=[{"Name": "email_verified", "Value": "true"}]
    )
    told = ask(web, ann.tokens(scope="openid email")["access_token"]).get_json()
    assert set(told) == {"sub", "email", "email_verified", "username"}
    assert told["email_verified"] == "true"


def test_a_client_that_may_not_read_an_attribute_is_not_told(acme: HostedPool, web: FlaskClient, ann: Exchange) -> None:
    client_id = acme.add_client(ReadAttributes=["given_name"])["ClientId"]
    told = ask(web, ann.tokens(client_id=client_id, scope="openid")["access_token"]).get_json()
    assert set(told) == {"sub", "given_name", "username"}


def test_it_answers_post_too(acme: HostedPool, web: FlaskClient, ann: Exchange) -> None:
    bearer = {"Authorization": f"Bearer {ann.tokens()['access_token']}"}
    assert web.post(f"{SITE}/oauth2/userInfo", headers=bearer).status_code == 200


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "token"])
def test_a_request_without_a_bearer_token_is_a_bad_request(acme: HostedPool, web: FlaskClient, header: str) -> None:
    answer = web.get(f"{SITE}/oauth2/userInfo", headers={"Authorization": header})
    assert answer.status_code == 400
    description = "Bad OAuth2 request at UserInfo Endpoint"
    assert answer.get_json() == {"error": "invalid_request", "error_description": description}
    assert 'error="invalid_request"' in answer.headers["WWW-Authenticate"]


def test_a_token_without_openid_is_refused(acme: HostedPool, web: FlaskClient, ann: Exchange) -> None:
    token = ann.tokens(scope="aws.cognito.signin.user.admin")["access_token"]
    refused(ask(web, token), "Access token does not contain openid scope")


def test_a_token_of_an_api_sign_in_is_refused(acme: HostedPool, web: FlaskClient) -> None:
    client_id = acme.add_client(ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"])["ClientId"]
    signed_in = acme.idp.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ann", "PASSWORD": PASSWORD},
    )
    token = signed_in["AuthenticationResult"]["AccessToken"]
    refused(ask(web, token), "Access token does not contain openid scope")


@pytest.mark.parametrize("kind", ["id_token", "refresh_token"])
def test_a_token_of_another_kind_is_refused(acme: HostedPool, web: FlaskClient, ann: Exchange, kind: str) -> None:
    refused(ask(web, ann.tokens()[kind]), REVOKED)


def test_an_expired_token_is_refused(acme: HostedPool, web: FlaskClient, ann: Exchange, clock: FakeClock) -> None:
    token = ann.tokens()["access_token"]
    clock.advance(timedelta(hours=1))
    refused(ask(web, token), REVOKED)


def test_a_token_of_a_user_who_signed_out_everywhere_is_refused(
    acme: HostedPool, web: FlaskClient, ann: Exchange
) -> None:
    token = ann.tokens()["access_token"]
    acme.idp.admin_user_global_sign_out(UserPoolId=acme.pool_id, Username="ann")
    refused(ask(web, token), REVOKED)


def test_a_token_of_a_disabled_user_is_refused(acme: HostedPool, web: FlaskClient, ann: Exchange) -> None:
    token = ann.tokens()["access_token"]
    acme.idp.admin_disable_user(UserPoolId=acme.pool_id, Username="ann")
    refused(ask(web, token), REVOKED)


def test_a_token_of_another_pool_is_refused(acme: HostedPool, web: FlaskClient, ann: Exchange) -> None:
    other = acme.idp.create_user_pool(PoolName="Other")["UserPool"]["Id"]
    acme.idp.create_user_pool_domain(Domain="other", UserPoolId=other)
    bearer = {"Authorization": f"Bearer {ann.tokens()['access_token']}"}
    refused(web.get("/_domain/other/oauth2/userInfo", headers=bearer), REVOKED)
