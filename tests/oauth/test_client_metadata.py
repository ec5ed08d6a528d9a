"""Clients that name themselves by the URL of a metadata document, from the authorization request to the tokens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from typing import Any

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from idp.settings import Settings
from tests.fakes import FakeClock
from tests.hosted import CALLBACK, SITE, VERIFIER, HostedPool, Visitor, answered
from tests.oauth.agent import OWN_CALLBACK, AgentServer
from tests.sdk import client_of, refused

UNAVAILABLE = "The client metadata document could not be retrieved."
DAY = timedelta(days=1)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings that take documents of this machine."""
    return replace(settings, local_metadata_clients=True)


@pytest.fixture
def agent() -> Iterator[AgentServer]:
    """A client's own server."""
    with AgentServer() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def pools(app: Flask) -> Any:
    """A boto3 client without type stubs, which do not know these operations yet."""
    return client_of(app, "cognito-idp")


@pytest.fixture
def policy(pools: Any, acme: HostedPool, agent: AgentServer) -> dict[str, str]:
    """What names the policy that lets the agent in."""
    made = pools.create_cimd_policy(
        UserPoolId=acme.pool_id,
        ClientId=acme.client_id,
        PolicyName="Agents",
        URLPatterns=[f"https://localhost:{agent.server_port}/*.json"],
    )["CIMDPolicy"]
    return {"UserPoolId": acme.pool_id, "CIMDPolicyId": made["CIMDPolicyId"]}


@pytest.fixture
def asked(acme: HostedPool, agent: AgentServer, policy: dict[str, str]) -> dict[str, str]:
    """The agent's authorization request, where a policy lets it in."""
    return acme.asking(client_id=agent.url, redirect_uri=OWN_CALLBACK)


def exchanged(web: FlaskClient, client_id: str, **form: str) -> TestResponse:
    return web.post(f"{SITE}/oauth2/token", data={"client_id": client_id, **form})


def redeemed(web: FlaskClient, client_id: str, code: str) -> TestResponse:
    form = {"code": code, "redirect_uri": OWN_CALLBACK, "code_verifier": VERIFIER}
    return exchanged(web, client_id, grant_type="authorization_code", **form)


def claims_of(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


@pytest.fixture
def tokens(web: FlaskClient, visitor: Visitor, agent: AgentServer, asked: dict[str, str]) -> dict[str, Any]:
    """The tokens that the agent has of ann."""
    answer: dict[str, Any] = redeemed(web, agent.url, visitor.get_code(asked)).get_json()
    return answer


def test_a_client_by_url_gets_tokens_that_name_it_by_its_url(agent: AgentServer, tokens: dict[str, Any]) -> None:
    assert claims_of(tokens["access_token"])["client_id"] == agent.url
    assert claims_of(tokens["id_token"])["aud"] == agent.url
    assert claims_of(tokens["access_token"])["scope"] == "openid email"


def test_its_document_is_retrieved_once_for_a_whole_sign_in(agent: AgentServer, tokens: dict[str, Any]) -> None:
    assert "access_token" in tokens
    assert agent.asked == ["/client.json"]


def test_it_refreshes_its_tokens(web: FlaskClient, agent: AgentServer, tokens: dict[str, Any]) -> None:
    answer = exchanged(web, agent.url, grant_type="refresh_token", refresh_token=tokens["refresh_token"])

    assert claims_of(answer.get_json()["access_token"])["client_id"] == agent.url


def test_its_refresh_token_is_worth_nothing_to_its_app_client(
    web: FlaskClient, pools: Any, acme: HostedPool, tokens: dict[str, Any]
) -> None:
    answer = exchanged(web, acme.client_id, grant_type="refresh_token", refresh_token=tokens["refresh_token"])

    assert (answer.status_code, answer.get_json()) == (400, {"error": "invalid_grant"})
    with refused("NotAuthorizedException", "Invalid Refresh Token."):
        pools.get_tokens_from_refresh_token(ClientId=acme.client_id, RefreshToken=tokens["refresh_token"])


def test_its_code_is_worth_nothing_to_its_app_client(
    web: FlaskClient, acme: HostedPool, visitor: Visitor, asked: dict[str, str]
) -> None:
    answer = redeemed(web, acme.client_id, visitor.get_code(asked))

    assert (answer.status_code, answer.get_json()) == (400, {"error": "invalid_grant"})


def test_a_document_without_the_grant_gets_no_refresh_token(
    web: FlaskClient, visitor: Visitor, agent: AgentServer, asked: dict[str, str]
) -> None:
    agent.says(grant_types=["authorization_code"])

    answer = redeemed(web, agent.url, visitor.get_code(asked)).get_json()

    assert "access_token" in answer
    assert "refresh_token" not in answer
    refusal = exchanged(web, agent.url, grant_type="refresh_token", refresh_token="any")
    assert refusal.get_json() == {"error": "unauthorized_client"}


def test_its_access_token_shows_the_user(
    web: FlaskClient, pools: Any, visitor: Visitor, agent: AgentServer, asked: dict[str, str]
) -> None:
    code = visitor.get_code({**asked, "scope": "openid email aws.cognito.signin.user.admin"})
    access_token = redeemed(web, agent.url, code).get_json()["access_token"]

    shown = web.get(f"{SITE}/oauth2/userInfo", headers={"Authorization": f"Bearer {access_token}"}).get_json()

    assert shown["email"] == "ann@example.com"
    assert pools.get_user(AccessToken=access_token)["Username"] == "ann"


def test_its_access_token_shows_the_user_where_the_app_client_revokes_no_tokens(
    web: FlaskClient, pools: Any, acme: HostedPool, visitor: Visitor, agent: AgentServer
) -> None:
    client = acme.add_client(EnableTokenRevocation=False)
    patterns = [agent.listed_url]
    pools.create_cimd_policy(
        UserPoolId=acme.pool_id, ClientId=client["ClientId"], PolicyName="Agents", URLPatterns=patterns
    )
    code = visitor.get_code(acme.asking(client_id=agent.url, redirect_uri=OWN_CALLBACK))
    token = redeemed(web, agent.url, code).get_json()["access_token"]

    answer = web.get(f"{SITE}/oauth2/userInfo", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 200


def test_it_revokes_its_refresh_token(web: FlaskClient, agent: AgentServer, tokens: dict[str, Any]) -> None:
    form = {"client_id": agent.url, "token": tokens["refresh_token"]}

    assert web.post(f"{SITE}/oauth2/revoke", data=form).status_code == 200

    answer = exchanged(web, agent.url, grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert answer.get_json()["error"] == "invalid_grant"


def test_it_must_use_pkce(visitor: Visitor, asked: dict[str, str]) -> None:
    plain = {name: value for name, value in asked.items() if not name.startswith("code_challenge")}

    answer = visitor.open("/oauth2/authorize", plain)

    assert answer.location.startswith(OWN_CALLBACK)
    assert answered(answer)["error"] == "invalid_request"


def test_it_may_not_use_the_redirect_uris_of_its_app_client(visitor: Visitor, asked: dict[str, str]) -> None:
    answer = visitor.open("/oauth2/authorize", {**asked, "redirect_uri": CALLBACK})

    assert answer.location.startswith(f"{SITE}/error?error=redirect_mismatch")


def test_it_may_not_use_client_credentials(web: FlaskClient, agent: AgentServer, tokens: dict[str, Any]) -> None:
    assert "access_token" in tokens

    answer = exchanged(web, agent.url, grant_type="client_credentials")

    assert answer.get_json() == {"error": "unauthorized_client"}


def test_it_may_not_present_a_secret(web: FlaskClient, agent: AgentServer, tokens: dict[str, Any]) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "client_secret": "secret"}

    assert exchanged(web, agent.url, **form).get_json() == {"error": "invalid_client"}


def test_a_url_that_no_policy_lets_in_is_never_asked(
    visitor: Visitor, agent: AgentServer, asked: dict[str, str]
) -> None:
    answer = visitor.open("/oauth2/authorize", {**asked, "client_id": f"{agent.url}.html"})

    assert answer.status_code == 400
    assert "Client does not exist." in answer.text
    assert agent.asked == []


def test_the_token_endpoint_asks_no_server_that_nobody_began_a_sign_in_with(
    web: FlaskClient, agent: AgentServer, policy: dict[str, str]
) -> None:
    assert policy
    answer = exchanged(web, agent.url, grant_type="refresh_token", refresh_token="any")

    assert answer.get_json() == {"error": "invalid_client"}
    assert agent.asked == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"client_id": "https://example.com/other.json"}, "has another client_id than its URL"),
        ({"client_secret": "secret"}, "must hold no client secret"),
        ({"client_secret_expires_at": 0}, "must hold no client secret"),
        ({"token_endpoint_auth_method": "private_key_jwt"}, "must have token_endpoint_auth_method none"),
        ({"redirect_uris": []}, "must have redirect_uris"),
        ({"redirect_uris": "https://agent.example.com/callback"}, "must have redirect_uris"),
        ({"redirect_uris": ["http://agent.example.com/callback"]}, "must have redirect_uris"),
        ({"redirect_uris": ["javascript:alert(1)"]}, "must have redirect_uris"),
        ({"redirect_uris": None}, "must have redirect_uris"),
        ({"grant_types": ["client_credentials"]}, "authorization_code among its grant_types"),
        ({"padding": "x" * 5 * 1024}, UNAVAILABLE),
    ],
)
def test_a_bad_document_is_refused_on_the_error_page(
    visitor: Visitor, agent: AgentServer, asked: dict[str, str], changes: dict[str, Any], sentence: str
) -> None:
    agent.says(**changes)

    answer = visitor.open("/oauth2/authorize", asked)

    assert answer.status_code == 400
    assert sentence in answer.text


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"[" * 5000, b'{"a": "\xff"}'])
def test_what_is_no_json_object_is_refused(
    visitor: Visitor, agent: AgentServer, asked: dict[str, str], body: bytes
) -> None:
    agent.body = body

    answer = visitor.open("/oauth2/authorize", asked)

    assert answer.status_code == 400
    assert "The client metadata document is not a JSON object." in answer.text


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (404, {"Content-Type": "application/json"}),
        (302, {"Content-Type": "application/json", "Location": "/client.json"}),
        (200, {"Content-Type": "text/html"}),
        (200, {}),
    ],
)
def test_an_answer_that_is_no_document_is_refused(
    visitor: Visitor, agent: AgentServer, asked: dict[str, str], status: int, headers: dict[str, str]
) -> None:
    agent.status, agent.headers = status, headers

    answer = visitor.open("/oauth2/authorize", asked)

    assert UNAVAILABLE in answer.text
    assert agent.asked == ["/client.json"]


@pytest.mark.parametrize(
    ("cache_control", "days"), [("no-store", 1), ("max-age=60", 1), ("public, max-age=172800", 2), ("max-age=x", 1)]
)
def test_a_document_is_kept_as_long_as_it_or_its_policy_says(
    visitor: Visitor, agent: AgentServer, clock: FakeClock, asked: dict[str, str], cache_control: str, days: int
) -> None:
    agent.headers["Cache-Control"] = cache_control
    visitor.open("/oauth2/authorize", asked)

    clock.advance(days * DAY - timedelta(seconds=1))
    visitor.open("/oauth2/authorize", asked)
    assert len(agent.asked) == 1

    clock.advance(timedelta(seconds=1))
    visitor.open("/oauth2/authorize", asked)
    assert len(agent.asked) == 2


def test_urls_that_were_seen_are_listed(
    pools: Any, visitor: Visitor, agent: AgentServer, clock: FakeClock, policy: dict[str, str], asked: dict[str, str]
) -> None:
    assert pools.list_client_metadata_urls(**policy)["ClientMetadataURLs"] == []
    visitor.open("/oauth2/authorize", asked)
    visitor.open("/oauth2/authorize", {**asked, "client_id": f"{agent.url}.html"})

    [seen] = pools.list_client_metadata_urls(**policy)["ClientMetadataURLs"]

    assert seen["URL"] == agent.listed_url
    assert (seen["CachedDate"] - clock.now()).total_seconds() < 1
    assert seen["ExpirationDate"] - seen["CachedDate"] == DAY


def test_an_invalidated_document_is_needed_anew(
    pools: Any, web: FlaskClient, agent: AgentServer, policy: dict[str, str], tokens: dict[str, Any]
) -> None:
    pools.update_client_metadata_url_state(**policy, URL=agent.listed_url, Action="INVALIDATE")
    assert pools.list_client_metadata_urls(**policy)["ClientMetadataURLs"] == [{"URL": agent.listed_url}]

    agent.status = 404
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    answer = exchanged(web, agent.url, **form)
    assert answer.get_json() == {"error": "invalid_client", "error_description": UNAVAILABLE}

    agent.status = 200
    assert "access_token" in exchanged(web, agent.url, **form).get_json()


def test_a_refreshed_document_counts_at_once_and_a_bad_one_leaves_the_kept_one(
    pools: Any, visitor: Visitor, agent: AgentServer, policy: dict[str, str], asked: dict[str, str]
) -> None:
    visitor.open("/oauth2/authorize", asked)
    agent.says(redirect_uris=["https://agent.example.com/new"])
    pools.update_client_metadata_url_state(**policy, URL=agent.listed_url, Action="REFRESH")
    assert "redirect_mismatch" in visitor.open("/oauth2/authorize", asked).location

    agent.status = 500
    with refused("InvalidParameterException", UNAVAILABLE):
        pools.update_client_metadata_url_state(**policy, URL=agent.listed_url, Action="REFRESH")
    renewed = {**asked, "redirect_uri": "https://agent.example.com/new"}
    assert visitor.open("/oauth2/authorize", renewed).location.startswith(f"{SITE}/login")


def test_without_its_policy_a_client_is_refused_at_once(
    pools: Any,
    web: FlaskClient,
    visitor: Visitor,
    agent: AgentServer,
    policy: dict[str, str],
    asked: dict[str, str],
    tokens: dict[str, Any],
) -> None:
    pools.delete_cimd_policy(**policy)

    answer = exchanged(web, agent.url, grant_type="refresh_token", refresh_token=tokens["refresh_token"])

    assert answer.get_json() == {"error": "invalid_client"}
    assert "Client does not exist." in visitor.open("/oauth2/authorize", asked).text


def test_without_its_app_client_a_client_is_refused(
    pools: Any, acme: HostedPool, visitor: Visitor, asked: dict[str, str]
) -> None:
    pools.delete_user_pool_client(UserPoolId=acme.pool_id, ClientId=acme.client_id)

    assert "Client does not exist." in visitor.open("/oauth2/authorize", asked).text


def test_an_https_url_of_this_machine_is_not_asked(visitor: Visitor, agent: AgentServer, asked: dict[str, str]) -> None:
    answer = visitor.open("/oauth2/authorize", {**asked, "client_id": agent.listed_url})

    assert UNAVAILABLE in answer.text
    assert agent.asked == []
