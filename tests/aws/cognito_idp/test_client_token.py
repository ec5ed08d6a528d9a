"""GetClientToken: a client with a secret and ALLOW_CLIENT_TOKEN_AUTH gets an access token for itself."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import jwt
import pytest

from idp.app import mount_faces
from idp.domain.errors import TriggerAnswerInvalid, TriggerFailed, TriggerRefused
from idp.domain.request_quota import parse_quotas
from idp.flows.discovery import jwks
from idp.outbound.request_quotas import RequestQuotas
from tests.aws.cognito_idp.people import EVERY_FLOW, Pool, a_client_of, claims_of
from tests.aws.cognito_idp.pools import a_user_pool
from tests.aws.cognito_idp.trigger_stories import GOLDEN, TOLD, token_generation
from tests.sdk import client_of, refused

if TYPE_CHECKING:
    from flask import Flask

    from idp.services import Services
    from tests.fakes import FakeClock, ScriptedTriggers

API = "https://api.example.com"
READ, WRITE, DROP = f"{API}/read", f"{API}/write", f"{API}/drop"
ONLY_FLOW = ["ALLOW_CLIENT_TOKEN_AUTH"]
MACHINE: dict[str, Any] = {
    "GenerateSecret": True,
    "ExplicitAuthFlows": ONLY_FLOW,
    "AllowedOAuthScopes": [READ, WRITE],
}
OTHER_SECRET = "another+secret+of+thirty+signs"
NO_FLOW = "ALLOW_CLIENT_TOKEN_AUTH is not enabled for the client."


@pytest.fixture
def machine(idp: Any) -> Pool:
    """A client that gets tokens for itself, in a pool with an API of three scopes; two are the client's."""
    pool_id = a_user_pool(idp)
    idp.create_resource_server(
        UserPoolId=pool_id,
        Identifier=API,
        Name="API",
        Scopes=[{"ScopeName": name, "ScopeDescription": name} for name in ("read", "write", "drop")],
    )
    return a_client_of(idp, pool_id, **MACHINE)


def answer_of(machine: Pool, **changes: Any) -> Any:
    given = {"ClientId": machine.client_id, "Secret": machine.client_secret, **changes}
    return machine.idp.get_client_token(**given)["ClientAuthenticationResult"]


def token_of(machine: Pool, **changes: Any) -> str:
    return str(answer_of(machine, **changes)["AccessToken"])


def update(machine: Pool, **settings: Any) -> None:
    machine.idp.update_user_pool_client(UserPoolId=machine.pool_id, ClientId=machine.client_id, **settings)


def test_a_client_gets_a_token_that_verifies_against_the_published_keys(machine: Pool, services: Services) -> None:
    answer = answer_of(machine)
    keys = jwt.PyJWKSet.from_json(jwks(services, machine.pool_id).decode())
    verified = jwt.decode(
        answer["AccessToken"],
        keys[jwt.get_unverified_header(answer["AccessToken"])["kid"]],
        algorithms=["RS256"],
        issuer=f"http://localhost:9229/{machine.pool_id}",
        options={"verify_exp": False},
    )

    assert list(answer) == ["AccessToken", "ExpiresIn", "TokenType"]
    assert (answer["ExpiresIn"], answer["TokenType"]) == (3600, "Bearer")
    assert (verified["sub"], verified["client_id"]) == (machine.client_id, machine.client_id)
    assert (verified["token_use"], verified["scope"]) == ("access", f"{READ} {WRITE}")


def test_no_signature_is_asked_for(machine: Pool, app: Flask) -> None:
    assert token_of(replace(machine, idp=client_of(app, "cognito-idp", unsigned=True)))


def test_a_token_lives_as_long_as_the_clients_access_tokens(machine: Pool, clock: FakeClock) -> None:
    lifetime = {"AccessTokenValidity": 20, "TokenValidityUnits": {"AccessToken": "minutes"}}
    update(machine, ExplicitAuthFlows=ONLY_FLOW, AllowedOAuthScopes=[READ], **lifetime)
    answer = answer_of(machine)

    assert answer["ExpiresIn"] == 1200
    assert claims_of(answer["AccessToken"])["exp"] == int(clock.now().timestamp()) + 1200


# Secrets


@pytest.mark.parametrize("secret", [OTHER_SECRET, "x" * 24])
def test_a_wrong_secret_is_refused(machine: Pool, secret: str) -> None:
    with refused("NotAuthorizedException", f"Unable to verify secret for client {machine.client_id}"):
        answer_of(machine, Secret=secret)


def test_another_clients_secret_is_refused(machine: Pool) -> None:
    other = a_client_of(machine.idp, machine.pool_id, **MACHINE)
    with refused("NotAuthorizedException", f"Unable to verify secret for client {machine.client_id}"):
        answer_of(machine, Secret=other.client_secret)


def test_either_of_two_secrets_is_right_until_it_is_deleted(machine: Pool) -> None:
    which = {"UserPoolId": machine.pool_id, "ClientId": machine.client_id}
    added = machine.idp.add_user_pool_client_secret(**which, ClientSecret=OTHER_SECRET)["ClientSecretDescriptor"]

    assert token_of(machine)
    assert token_of(machine, Secret=OTHER_SECRET)
    machine.idp.delete_user_pool_client_secret(**which, ClientSecretId=added["ClientSecretId"])
    with refused("NotAuthorizedException"):
        token_of(machine, Secret=OTHER_SECRET)


def test_a_client_without_a_secret_has_none_to_show(machine: Pool) -> None:
    public = a_client_of(machine.idp, machine.pool_id)
    with refused("NotAuthorizedException", f"Unable to verify secret for client {public.client_id}"):
        answer_of(public, Secret=OTHER_SECRET)


def test_an_unknown_client_is_refused(machine: Pool) -> None:
    with refused("ResourceNotFoundException", "User pool client nobody does not exist."):
        answer_of(machine, ClientId="nobody")


# The flow


def test_a_client_without_the_flow_is_refused(machine: Pool) -> None:
    other = a_client_of(machine.idp, machine.pool_id, **{**MACHINE, "ExplicitAuthFlows": EVERY_FLOW})
    with refused("InvalidParameterException", NO_FLOW):
        answer_of(other)


def test_a_client_that_has_the_flow_no_more_is_refused(machine: Pool) -> None:
    update(machine, AllowedOAuthScopes=[READ])
    with refused("InvalidParameterException", NO_FLOW):
        answer_of(machine)


@pytest.mark.parametrize("flow", [*EVERY_FLOW, "ALLOW_USER_AUTH"])
def test_the_flow_excludes_those_of_users(machine: Pool, flow: str) -> None:
    sentence = "ALLOW_CLIENT_TOKEN_AUTH cannot be selected along with other ExplicitAuthFlows."
    with refused("InvalidParameterException", sentence):
        update(machine, ExplicitAuthFlows=[*ONLY_FLOW, flow])


def test_the_flow_needs_a_secret(machine: Pool) -> None:
    sentence = "ALLOW_CLIENT_TOKEN_AUTH cannot be selected if client does not have a client secret."
    with refused("InvalidParameterException", sentence):
        a_client_of(machine.idp, machine.pool_id, ExplicitAuthFlows=ONLY_FLOW)


def test_the_flow_is_shown_with_the_client(machine: Pool) -> None:
    described = machine.idp.describe_user_pool_client(UserPoolId=machine.pool_id, ClientId=machine.client_id)

    assert described["UserPoolClient"]["ExplicitAuthFlows"] == ONLY_FLOW


# What a token is good for


def test_a_client_gets_the_scopes_it_asks_for(machine: Pool) -> None:
    assert claims_of(token_of(machine, Scopes=[WRITE, WRITE]))["scope"] == WRITE


@pytest.mark.parametrize("scope", [DROP, f"{API}/unheard-of", "openid", "aws.cognito.signin.user.admin"])
def test_a_client_gets_no_scope_that_is_not_its_own(machine: Pool, scope: str) -> None:
    with refused("InvalidParameterException", "Scopes must be custom scopes of the client."):
        answer_of(machine, Scopes=[READ, scope])


def test_a_client_without_custom_scopes_gets_no_token(machine: Pool) -> None:
    update(machine, ExplicitAuthFlows=ONLY_FLOW, AllowedOAuthScopes=["openid"])
    with refused("InvalidParameterException", "Scopes must be custom scopes of the client."):
        answer_of(machine)


@pytest.mark.parametrize("operation", ["get_user", "delete_user", "global_sign_out", "list_devices"])
def test_a_token_opens_no_operation_of_users(machine: Pool, operation: str) -> None:
    token = token_of(machine)
    with refused("NotAuthorizedException", "Invalid Access Token"):
        getattr(machine.idp, operation)(AccessToken=token)


def test_nobody_signs_in_by_such_a_client(machine: Pool) -> None:
    machine.sign_up()
    with refused("InvalidParameterException", "USER_PASSWORD_AUTH flow not enabled for this client"):
        machine.sign_in()


def test_requests_count_as_authentication_of_clients(machine: Pool, services: Services) -> None:
    quotas = RequestQuotas(parse_quotas("ClientAuthentication=1"))
    limited = client_of(mount_faces(replace(services, request_quotas=quotas)), "cognito-idp")

    assert token_of(replace(machine, idp=limited))
    with refused("TooManyRequestsException", "Rate exceeded"):
        token_of(replace(machine, idp=limited))


# The PreTokenGeneration trigger


def customize(machine: Pool, version: str = "V3_0") -> None:
    machine.idp.update_user_pool(UserPoolId=machine.pool_id, LambdaConfig=token_generation(version))


def test_a_function_sees_the_event_of_a_client(machine: Pool, triggers: ScriptedTriggers) -> None:
    customize(machine)
    token_of(machine, Scopes=[READ], ClientMetadata=TOLD)
    golden = (GOLDEN / "TokenGeneration_ClientCredentials.json").read_text()

    assert triggers.calls[-1].event == json.loads(
        golden.replace("POOL", machine.pool_id).replace("CLIENT", machine.client_id)
    )


def test_a_function_adds_claims(machine: Pool, triggers: ScriptedTriggers) -> None:
    customize(machine)
    changes = {"accessTokenGeneration": {"claimsToAddOrOverride": {"tenant": "7", "sub": "forged"}}}
    response = {"claimsAndScopeOverrideDetails": changes}
    triggers.on("PreTokenGeneration", lambda event: {**event, "response": response})
    claims = claims_of(token_of(machine))

    assert (claims["tenant"], claims["sub"]) == ("7", machine.client_id)


@pytest.mark.parametrize("version", ["V1_0", "V2_0"])
def test_older_functions_do_not_see_the_tokens_of_clients(
    machine: Pool, triggers: ScriptedTriggers, version: str
) -> None:
    customize(machine, version)

    assert token_of(machine)
    assert triggers.calls == []


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (TriggerRefused("Not today."), "NotAuthorizedException", "Not today."),
        (TriggerFailed("Slow."), "InternalErrorException", "Internal server error."),
        (TriggerAnswerInvalid("Odd."), "InternalErrorException", "Internal server error."),
    ],
    ids=["refused", "failed", "odd"],
)
def test_a_function_that_gives_no_answer_is_told_in_an_error_of_the_model(
    machine: Pool, triggers: ScriptedTriggers, error: Exception, code: str, sentence: str
) -> None:
    def fail(_event: Any) -> Any:
        raise error

    customize(machine)
    triggers.on("PreTokenGeneration", fail)
    with refused(code, sentence):
        answer_of(machine)
