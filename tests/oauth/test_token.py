"""`/oauth2/token`: one pipeline over the grants."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import jwt
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from idp.domain.claims import access_token_hash
from idp.domain.errors import TriggerRefused
from idp.services import Services
from tests.aws.cognito_idp.trigger_stories import FUNCTION, GOLDEN
from tests.fakes import FakeClock, ScriptedTriggers
from tests.hosted import CALLBACK, SITE, VERIFIER, HostedPool, Visitor, answered

TOKEN = f"{SITE}/oauth2/token"
SECRET = "a+secret+of+at+least+24+characters"
API = "https://api.example.com"


def exchange(web: FlaskClient, acme: HostedPool, code: str, /, **changes: str | None) -> TestResponse:
    """Present a code; a parameter that is None is left out."""
    form = {
        "grant_type": "authorization_code",
        "client_id": acme.client_id,
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        **changes,
    }
    return web.post(TOKEN, data={name: value for name, value in form.items() if value is not None})


def refresh(web: FlaskClient, acme: HostedPool, refresh_token: str, **changes: str) -> TestResponse:
    form = {"grant_type": "refresh_token", "client_id": acme.client_id, "refresh_token": refresh_token, **changes}
    return web.post(TOKEN, data=form)


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


def refused(answer: TestResponse, error: str, status: int = 400) -> None:
    """Assert that an answer is OAuth's refusal."""
    assert (answer.status_code, answer.get_json()["error"]) == (status, error)


@pytest.fixture
def code(acme: HostedPool, visitor: Visitor) -> str:
    """A fresh authorization code, bound to a code_challenge."""
    return visitor.get_code(acme.asking())


@pytest.fixture
def machine(acme: HostedPool) -> Mapping[str, Any]:
    """A client with a secret that calls an API in its own name."""
    acme.idp.create_resource_server(
        UserPoolId=acme.pool_id,
        Identifier=API,
        Name="API",
        Scopes=[{"ScopeName": name, "ScopeDescription": name} for name in ("read", "write", "drop")],
    )
    return acme.add_client(
        ClientSecret=SECRET,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=[f"{API}/read", f"{API}/write"],
    )


def test_a_code_is_exchanged_for_tokens(acme: HostedPool, web: FlaskClient, code: str) -> None:
    answer = exchange(web, acme, code)
    assert answer.status_code == 200
    tokens = answer.get_json()
    assert list(tokens) == ["id_token", "access_token", "refresh_token", "expires_in", "token_type"]
    assert (tokens["expires_in"], tokens["token_type"]) == (3600, "Bearer")
    access = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    assert (access["scope"], access["version"], access["client_id"]) == ("openid email", 2, acme.client_id)
    claims = jwt.decode(tokens["id_token"], options={"verify_signature": False})
    assert claims["at_hash"] == access_token_hash(tokens["access_token"])
    assert (claims["nonce"], claims["aud"], claims["email"]) == ("a nonce", acme.client_id, "ann@example.com")
    assert "given_name" not in claims


def test_auth_time_is_when_the_user_signed_in(
    acme: HostedPool, visitor: Visitor, web: FlaskClient, clock: FakeClock
) -> None:
    visitor.sign_in(acme.asking())
    signed_in_at = clock.now()
    clock.advance(timedelta(minutes=30))
    code = answered(visitor.open("/oauth2/authorize", acme.asking()))["code"]
    tokens = exchange(web, acme, code).get_json()
    claims = jwt.decode(tokens["id_token"], options={"verify_signature": False})
    assert claims["auth_time"] == signed_in_at.timestamp()


def test_an_answer_has_the_headers_that_cognito_sends(acme: HostedPool, web: FlaskClient, code: str) -> None:
    headers = exchange(web, acme, code).headers
    assert headers["Content-Type"] == "application/json;charset=UTF-8"
    assert headers["Cache-Control"] == "no-cache, no-store, max-age=0, must-revalidate"
    assert headers["Pragma"] == "no-cache"
    assert headers["Expires"] == "0"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Strict-Transport-Security"] == "max-age=31536000 ; includeSubDomains"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert len(headers["x-amz-cognito-request-id"]) == 36


def test_there_is_no_id_token_without_openid(acme: HostedPool, visitor: Visitor, web: FlaskClient) -> None:
    code = visitor.get_code(acme.asking(scope="aws.cognito.signin.user.admin"))
    tokens = exchange(web, acme, code).get_json()
    assert list(tokens) == ["access_token", "refresh_token", "expires_in", "token_type"]


def test_without_pkce_a_code_needs_no_verifier(acme: HostedPool, visitor: Visitor, web: FlaskClient) -> None:
    code = visitor.get_code(acme.asking(code_challenge=None, code_challenge_method=None))
    assert exchange(web, acme, code, code_verifier=None).status_code == 200


def test_a_verifier_without_a_challenge_is_refused(acme: HostedPool, visitor: Visitor, web: FlaskClient) -> None:
    code = visitor.get_code(acme.asking(code_challenge=None, code_challenge_method=None))
    refused(exchange(web, acme, code), "invalid_grant")


@pytest.mark.parametrize("verifier", [None, "wrong", VERIFIER + "x", VERIFIER.upper()])
def test_a_wrong_verifier_is_refused_and_uses_the_code_up(
    acme: HostedPool, web: FlaskClient, code: str, verifier: str | None
) -> None:
    refused(exchange(web, acme, code, code_verifier=verifier), "invalid_grant")
    refused(exchange(web, acme, code), "invalid_grant")


def test_a_code_that_comes_back_ends_the_session_its_first_use_began(
    acme: HostedPool, web: FlaskClient, code: str
) -> None:
    tokens = exchange(web, acme, code).get_json()
    refused(exchange(web, acme, code), "invalid_grant")
    refused(refresh(web, acme, tokens["refresh_token"]), "invalid_grant")
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    refused(web.get(f"{SITE}/oauth2/userInfo", headers=bearer), "invalid_token", 401)


def test_a_code_is_good_for_five_minutes(acme: HostedPool, web: FlaskClient, code: str, clock: FakeClock) -> None:
    clock.advance(timedelta(minutes=5))
    refused(exchange(web, acme, code), "invalid_grant")


def test_an_unknown_code_is_refused(acme: HostedPool, web: FlaskClient) -> None:
    refused(exchange(web, acme, "00000000-0000-4000-8000-000000000000"), "invalid_grant")


def test_a_code_of_another_client_is_refused_and_stays_good(acme: HostedPool, web: FlaskClient, code: str) -> None:
    other = acme.add_client()["ClientId"]
    refused(exchange(web, acme, code, client_id=other), "invalid_grant")
    assert exchange(web, acme, code).status_code == 200


def test_another_redirect_uri_is_refused(acme: HostedPool, web: FlaskClient, code: str) -> None:
    answer = exchange(web, acme, code, redirect_uri="https://app.example.com/other")
    assert answer.get_json() == {"error": "unauthorized_client", "error_description": "invalid_redirect"}


def test_a_code_of_a_user_who_was_disabled_is_refused(acme: HostedPool, web: FlaskClient, code: str) -> None:
    acme.idp.admin_disable_user(UserPoolId=acme.pool_id, Username="ann")
    refused(exchange(web, acme, code), "invalid_grant")


def test_a_client_that_cannot_read_what_its_scope_promises_is_refused(
    acme: HostedPool, visitor: Visitor, web: FlaskClient
) -> None:
    client_id = acme.add_client(ReadAttributes=["email"])["ClientId"]
    code = visitor.get_code(acme.asking(client_id=client_id))
    refused(exchange(web, acme, code, client_id=client_id), "invalid_grant")


@pytest.mark.parametrize("missing", ["grant_type", "client_id", "code", "redirect_uri"])
def test_a_missing_parameter_is_an_invalid_request(acme: HostedPool, web: FlaskClient, code: str, missing: str) -> None:
    refused(exchange(web, acme, code, **{missing: None}), "invalid_request")


def test_an_empty_parameter_counts_as_missing(acme: HostedPool, web: FlaskClient, code: str) -> None:
    refused(exchange(web, acme, code, redirect_uri=""), "invalid_request")


def test_a_repeated_parameter_is_an_invalid_request(acme: HostedPool, web: FlaskClient) -> None:
    body = f"grant_type=authorization_code&client_id={acme.client_id}&code=1&code=2"
    refused(web.post(TOKEN, data=body, content_type="application/x-www-form-urlencoded"), "invalid_request")


def test_a_body_that_is_no_form_is_an_invalid_request(acme: HostedPool, web: FlaskClient) -> None:
    refused(web.post(TOKEN, json={"grant_type": "authorization_code"}), "invalid_request")


def test_a_huge_body_is_refused(acme: HostedPool, web: FlaskClient) -> None:
    refused(web.post(TOKEN, data={"grant_type": "x" * 100_000}), "invalid_request", 413)


def test_an_unknown_grant_is_unsupported(acme: HostedPool, web: FlaskClient) -> None:
    answer = web.post(TOKEN, data={"grant_type": "password", "client_id": acme.client_id})
    refused(answer, "unsupported_grant_type")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_methods_are_not_allowed(acme: HostedPool, web: FlaskClient, method: str) -> None:
    answer = web.open(TOKEN, method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_a_browser_of_any_origin_may_ask(acme: HostedPool, web: FlaskClient) -> None:
    answer = web.options(TOKEN, headers={"Origin": "https://app.example.com"})
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "POST"
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]


def test_an_unknown_domain_has_no_endpoint(web: FlaskClient) -> None:
    assert web.post("/_domain/nobody/oauth2/token").status_code == 404


@pytest.mark.parametrize(
    "percent_encoded", ["a+secret+of+at+least+24+characters", "a%2Bsecret%2Bof%2Bat%2Bleast%2B24%2Bcharacters"]
)
def test_a_client_proves_its_secret_by_header(
    acme: HostedPool, web: FlaskClient, machine: Mapping[str, Any], percent_encoded: str
) -> None:
    form = {"grant_type": "client_credentials"}
    answer = web.post(TOKEN, data=form, headers=basic(machine["ClientId"], percent_encoded))
    assert answer.status_code == 200


def test_a_client_proves_its_secret_in_the_body(acme: HostedPool, web: FlaskClient, machine: Mapping[str, Any]) -> None:
    form = {"grant_type": "client_credentials", "client_id": machine["ClientId"], "client_secret": SECRET}
    assert web.post(TOKEN, data=form).status_code == 200


def test_a_wrong_secret_by_header_is_answered_401(
    acme: HostedPool, web: FlaskClient, machine: Mapping[str, Any]
) -> None:
    form = {"grant_type": "client_credentials"}
    answer = web.post(TOKEN, data=form, headers=basic(machine["ClientId"], "wrong"))
    refused(answer, "invalid_client", 401)
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize("secret", ["wrong", ""])
def test_a_wrong_or_missing_secret_in_the_body_is_answered_400(
    acme: HostedPool, web: FlaskClient, machine: Mapping[str, Any], secret: str
) -> None:
    form = {"grant_type": "client_credentials", "client_id": machine["ClientId"], "client_secret": secret}
    refused(web.post(TOKEN, data=form), "invalid_client")


def test_a_client_that_authenticates_in_two_ways_is_refused(
    acme: HostedPool, web: FlaskClient, machine: Mapping[str, Any]
) -> None:
    form = {"grant_type": "client_credentials", "client_id": machine["ClientId"], "client_secret": SECRET}
    refused(web.post(TOKEN, data=form, headers=basic(machine["ClientId"], SECRET)), "invalid_request")


def test_a_body_that_names_another_client_than_the_header_is_refused(
    acme: HostedPool, web: FlaskClient, machine: Mapping[str, Any]
) -> None:
    form = {"grant_type": "client_credentials", "client_id": acme.client_id}
    refused(web.post(TOKEN, data=form, headers=basic(machine["ClientId"], SECRET)), "invalid_request")


@pytest.mark.parametrize(
    "header", ["Bearer x", "Basic", "Basic !!!", "Basic bm9jb2xvbg==", "Basic /w==", "Basic OnNlY3JldA==", "Basic \xe9"]
)
def test_a_malformed_authorization_header_is_refused(acme: HostedPool, web: FlaskClient, header: str) -> None:
    answer = web.post(TOKEN, data={"grant_type": "client_credentials"}, headers={"Authorization": header})
    refused(answer, "invalid_request")


def test_a_public_client_has_no_secret_to_show(acme: HostedPool, web: FlaskClient, code: str) -> None:
    refused(exchange(web, acme, code, client_secret="invented"), "invalid_client")


def test_a_client_of_another_pool_is_unknown(acme: HostedPool, web: FlaskClient) -> None:
    other = acme.idp.create_user_pool(PoolName="Other")["UserPool"]["Id"]
    stranger = HostedPool(acme.idp, other, "").add_client()["ClientId"]
    refused(web.post(TOKEN, data={"grant_type": "refresh_token", "client_id": stranger}), "invalid_client")


def test_client_credentials_give_all_custom_scopes_by_default(
    acme: HostedPool, web: FlaskClient, machine: Mapping[str, Any]
) -> None:
    form = {"grant_type": "client_credentials"}
    tokens = web.post(TOKEN, data=form, headers=basic(machine["ClientId"], SECRET)).get_json()
    assert list(tokens) == ["access_token", "expires_in", "token_type"]
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    assert claims["sub"] == machine["ClientId"]
    assert set(claims["scope"].split()) == {f"{API}/read", f"{API}/write"}


def test_client_credentials_give_the_scopes_asked_for(
    acme: HostedPool, web: FlaskClient, machine: Mapping[str, Any]
) -> None:
    form = {"grant_type": "client_credentials", "scope": f"{API}/read"}
    tokens = web.post(TOKEN, data=form, headers=basic(machine["ClientId"], SECRET)).get_json()
    assert jwt.decode(tokens["access_token"], options={"verify_signature": False})["scope"] == f"{API}/read"


@pytest.mark.parametrize("scope", [f"{API}/drop", "openid", "unheard-of"])
def test_client_credentials_give_no_scope_that_is_not_the_clients(
    acme: HostedPool, web: FlaskClient, machine: Mapping[str, Any], scope: str
) -> None:
    form = {"grant_type": "client_credentials", "scope": scope}
    refused(web.post(TOKEN, data=form, headers=basic(machine["ClientId"], SECRET)), "invalid_scope")


def test_a_client_may_use_only_the_grants_it_is_allowed(
    acme: HostedPool, web: FlaskClient, machine: Mapping[str, Any]
) -> None:
    form = {"grant_type": "authorization_code", "code": "x", "redirect_uri": CALLBACK}
    refused(web.post(TOKEN, data=form, headers=basic(machine["ClientId"], SECRET)), "unauthorized_client")
    form = {"grant_type": "client_credentials", "client_id": acme.client_id}
    refused(web.post(TOKEN, data=form), "unauthorized_client")


def test_a_refresh_token_gives_new_tokens_and_no_refresh_token(acme: HostedPool, web: FlaskClient, code: str) -> None:
    first = exchange(web, acme, code).get_json()
    second = refresh(web, acme, first["refresh_token"]).get_json()
    assert list(second) == ["id_token", "access_token", "expires_in", "token_type"]
    claims = jwt.decode(second["id_token"], options={"verify_signature": False})
    assert claims["at_hash"] == access_token_hash(second["access_token"])


def test_rotation_gives_a_new_refresh_token_and_a_reuse_ends_them_all(
    acme: HostedPool, visitor: Visitor, web: FlaskClient
) -> None:
    client_id = acme.add_client(
        ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"],
        RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 0},
    )["ClientId"]
    code = visitor.get_code(acme.asking(client_id=client_id))
    first = exchange(web, acme, code, client_id=client_id).get_json()["refresh_token"]
    second = refresh(web, acme, first, client_id=client_id).get_json()["refresh_token"]
    refused(refresh(web, acme, first, client_id=client_id), "invalid_grant")
    refused(refresh(web, acme, second, client_id=client_id), "invalid_grant")


@pytest.mark.parametrize("token", ["unheard-of", "a.b.c"])
def test_an_unknown_refresh_token_is_refused(acme: HostedPool, web: FlaskClient, token: str) -> None:
    refused(refresh(web, acme, token), "invalid_grant")


def test_a_refresh_token_of_another_client_is_refused(acme: HostedPool, web: FlaskClient, code: str) -> None:
    token = exchange(web, acme, code).get_json()["refresh_token"]
    other = acme.add_client()["ClientId"]
    refused(refresh(web, acme, token, client_id=other), "invalid_grant")


def test_a_client_without_oauth_gets_nothing_here_for_the_tokens_of_an_api_sign_in(
    acme: HostedPool, web: FlaskClient
) -> None:
    client_id = acme.add_client(
        AllowedOAuthFlowsUserPoolClient=False,
        AllowedOAuthFlows=[],
        AllowedOAuthScopes=[],
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )["ClientId"]
    signed_in = acme.idp.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ann", "PASSWORD": "Correct-horse7"},
    )
    token = signed_in["AuthenticationResult"]["RefreshToken"]
    refused(refresh(web, acme, token, client_id=client_id), "invalid_grant")


def test_a_failure_of_ours_is_a_server_error_that_tells_nothing(
    acme: HostedPool, web: FlaskClient, code: str, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_owner: str, _use: str) -> None:
        raise RuntimeError("secret details")

    monkeypatch.setattr(services.keyring, "signer", fail)
    answer = exchange(web, acme, code)
    assert (answer.status_code, answer.get_json()) == (500, {"error": "server_error"})


# The PreTokenGeneration trigger of a client's own token


def customize(acme: HostedPool, version: str = "V3_0") -> None:
    """Let a function see tokens before they are signed."""
    versioned: Any = {"LambdaVersion": version, "LambdaArn": FUNCTION}
    acme.idp.update_user_pool(UserPoolId=acme.pool_id, LambdaConfig={"PreTokenGenerationConfig": versioned})


def overriding(**access_token: Any) -> Any:
    details = {"claimsAndScopeOverrideDetails": {"accessTokenGeneration": access_token}}
    return lambda event: {**event, "response": details}


def machine_token(web: FlaskClient, machine: Mapping[str, Any], **more: str) -> TestResponse:
    form = {"grant_type": "client_credentials", "scope": f"{API}/read", **more}
    return web.post(TOKEN, data=form, headers=basic(machine["ClientId"], SECRET))


def test_a_function_sees_the_event_of_a_client(
    acme: HostedPool, machine: Mapping[str, Any], web: FlaskClient, triggers: ScriptedTriggers
) -> None:
    customize(acme)
    machine_token(web, machine, aws_client_metadata='{"campaign":"spring"}')
    golden = (GOLDEN / "TokenGeneration_ClientCredentials.json").read_text()
    expected = golden.replace("POOL", acme.pool_id).replace("CLIENT", machine["ClientId"])
    assert triggers.calls[-1].event == json.loads(expected)


def test_a_function_adds_claims_and_scopes_to_the_token_of_a_client(
    acme: HostedPool, machine: Mapping[str, Any], web: FlaskClient, triggers: ScriptedTriggers
) -> None:
    customize(acme)
    changes = {"claimsToAddOrOverride": {"tenant": "7", "sub": "forged"}, "scopesToAdd": ["extra"]}
    triggers.on("PreTokenGeneration", overriding(**changes))
    token = machine_token(web, machine).get_json()["access_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert (claims["tenant"], claims["sub"], claims["scope"]) == ("7", machine["ClientId"], f"{API}/read extra")


@pytest.mark.parametrize("version", ["V1_0", "V2_0"])
def test_older_functions_do_not_see_the_tokens_of_clients(
    acme: HostedPool, machine: Mapping[str, Any], web: FlaskClient, triggers: ScriptedTriggers, version: str
) -> None:
    customize(acme, version)
    assert machine_token(web, machine).status_code == 200
    assert triggers.calls == []


@pytest.mark.parametrize("metadata", ["no json", "[]", '{"campaign":7}', "7"])
def test_client_metadata_that_is_no_object_of_texts_is_refused(
    machine: Mapping[str, Any], web: FlaskClient, metadata: str
) -> None:
    refused(machine_token(web, machine, aws_client_metadata=metadata), "invalid_request")


def test_a_function_that_refuses_a_client_is_told_in_its_words(
    acme: HostedPool, machine: Mapping[str, Any], web: FlaskClient, triggers: ScriptedTriggers
) -> None:
    def refuse(_event: Any) -> Any:
        raise TriggerRefused("PreTokenGeneration failed with error Not today.")

    customize(acme)
    triggers.on("PreTokenGeneration", refuse)
    answer = machine_token(web, machine)
    assert answer.get_json() == {
        "error": "invalid_request",
        "error_description": "PreTokenGeneration failed with error Not today.",
    }
