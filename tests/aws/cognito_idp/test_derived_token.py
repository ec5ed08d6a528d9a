"""GetDerivedToken: a token is exchanged for one that is narrower, bound to a service, or of somebody who acts for the user."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import jwt
import pytest

from idp.domain.errors import TriggerRefused
from idp.flows.discovery import jwks
from tests.aws.cognito_idp.people import EVERY_FLOW, Pool, a_client_of, a_pool, claims_of, with_ann
from tests.aws.cognito_idp.pools import a_user_pool
from tests.aws.cognito_idp.trigger_stories import token_generation
from tests.sdk import client_of, refused

if TYPE_CHECKING:
    from flask import Flask

    from idp.services import Services
    from tests.fakes import FakeClock, ScriptedTriggers

API = "https://api.example.com"
READ, WRITE = f"{API}/read", f"{API}/write"
ADMIN = "aws.cognito.signin.user.admin"
IMPERSONATION, DELEGATION = "ALLOW_TOKEN_EXCHANGE_IMPERSONATION", "ALLOW_TOKEN_EXCHANGE_DELEGATION"
BOTH = [IMPERSONATION, DELEGATION]
WRONG_SECRET = "another+secret+of+thirty+signs"
FOREIGN = "must be a token of the user pool; those of other providers are not supported."


@pytest.fixture
def app_client(idp: Any) -> Pool:
    """The client that Ann signs in by; its pool has an API of two scopes."""
    pool_id = a_user_pool(idp)
    idp.create_resource_server(
        UserPoolId=pool_id,
        Identifier=API,
        Name="API",
        Scopes=[{"ScopeName": name, "ScopeDescription": name} for name in ("read", "write")],
    )
    return with_ann(a_client_of(idp, pool_id))


@pytest.fixture
def service(app_client: Pool) -> Pool:
    """A client with a secret that may exchange tokens, and has three scopes."""
    return a_client_of(
        app_client.idp,
        app_client.pool_id,
        GenerateSecret=True,
        ExplicitAuthFlows=BOTH,
        AllowedOAuthScopes=[READ, "openid", ADMIN],
    )


@pytest.fixture
def ann(app_client: Pool) -> Any:
    """Ann's tokens, of a sign-in by the API."""
    return app_client.tokens()


def exchange(service: Pool, token: str, **changes: Any) -> Any:
    given = {
        "ClientId": service.client_id,
        "SubjectToken": token,
        "SubjectTokenType": "ACCESS_TOKEN",
        **({} if service.client_secret is None else {"ClientSecret": service.client_secret}),
    }
    return service.idp.get_derived_token(**given | changes)


def derive(service: Pool, token: str, **changes: Any) -> dict[str, Any]:
    return claims_of(exchange(service, token, **changes)["IssuedToken"])


def acting(token: str) -> dict[str, str]:
    return {"ActorToken": token, "ActorTokenType": "ACCESS_TOKEN"}


@pytest.fixture
def scoped(app_client: Pool, triggers: ScriptedTriggers) -> str:
    """Ann's access token, to which the pool's function adds the API's scopes and those of attributes."""
    app_client.idp.update_user_pool(UserPoolId=app_client.pool_id, LambdaConfig=token_generation("V2_0"))
    changes = {"accessTokenGeneration": {"scopesToAdd": [READ, WRITE, "openid", "email"]}}
    response = {"claimsAndScopeOverrideDetails": changes}
    triggers.on("PreTokenGeneration", lambda event: {**event, "response": response})
    token = str(app_client.tokens()["AccessToken"])
    app_client.idp.update_user_pool(UserPoolId=app_client.pool_id, LambdaConfig={})
    return token


def a_machine_token(service: Pool) -> tuple[str, str]:
    machine = a_client_of(
        service.idp,
        service.pool_id,
        GenerateSecret=True,
        ExplicitAuthFlows=["ALLOW_CLIENT_TOKEN_AUTH"],
        AllowedOAuthScopes=[READ],
    )
    answer = service.idp.get_client_token(ClientId=machine.client_id, Secret=machine.client_secret)
    return machine.client_id, answer["ClientAuthenticationResult"]["AccessToken"]


# Impersonation


def test_a_derived_token_verifies_and_speaks_for_the_user_of_the_same_session(
    service: Pool, ann: Any, services: Services
) -> None:
    answer = exchange(service, ann["AccessToken"], Audiences=["orders"])
    keys = jwt.PyJWKSet.from_json(jwks(services, service.pool_id).decode())
    verified = jwt.decode(
        answer["IssuedToken"],
        keys[jwt.get_unverified_header(answer["IssuedToken"])["kid"]],
        algorithms=["RS256"],
        issuer=f"http://localhost:9229/{service.pool_id}",
        audience="orders",
        options={"verify_exp": False},
    )
    subject = claims_of(ann["AccessToken"])
    kept = ("sub", "username", "origin_jti", "event_id", "auth_time", "scope", "token_use")

    assert {name: verified[name] for name in kept} == {name: subject[name] for name in kept}
    assert (verified["client_id"], verified["aud"]) == (service.client_id, "orders")
    assert verified["jti"] != subject["jti"]
    assert "act" not in verified


def test_the_answer_tells_what_was_issued(service: Pool, ann: Any) -> None:
    answer = exchange(service, ann["AccessToken"])
    told = {name: value for name, value in answer.items() if name not in {"IssuedToken", "ResponseMetadata"}}

    assert told == {"IssuedTokenType": "ACCESS_TOKEN", "TokenType": "Bearer", "ExpiresIn": 3600, "Scopes": [ADMIN]}


def test_an_id_token_is_issued_when_it_is_asked_for(service: Pool, ann: Any) -> None:
    answer = exchange(service, ann["AccessToken"], RequestedTokenType="ID_TOKEN", Audiences=["orders"])
    claims = claims_of(answer["IssuedToken"])

    assert (answer["IssuedTokenType"], answer["TokenType"]) == ("ID_TOKEN", "N_A")
    assert (claims["token_use"], claims["aud"], claims["azp"]) == ("id", "orders", service.client_id)
    assert claims["email"] == "ann@example.com"


def test_an_id_token_shows_no_more_than_the_id_token_it_is_exchanged_for(app_client: Pool, service: Pool) -> None:
    modest = a_client_of(app_client.idp, app_client.pool_id, ReadAttributes=["given_name"])
    token = modest.tokens()["IdToken"]
    claims = derive(service, token, SubjectTokenType="ID_TOKEN", RequestedTokenType="ID_TOKEN")

    assert claims["given_name"] == "Ann"
    assert "email" not in claims


def test_no_signature_is_asked_for(service: Pool, ann: Any, app: Flask) -> None:
    unsigned = replace(service, idp=client_of(app, "cognito-idp", unsigned=True))

    assert derive(unsigned, ann["AccessToken"])


# Delegation


def test_a_service_acts_for_the_user(service: Pool, ann: Any) -> None:
    machine, token = a_machine_token(service)
    claims = derive(service, ann["AccessToken"], **acting(token))

    assert claims["sub"] == claims_of(ann["AccessToken"])["sub"]
    assert claims["act"] == {"sub": machine}


def test_a_user_acts_for_another(app_client: Pool, service: Pool, ann: Any) -> None:
    bob = app_client.sign_up("bob")
    token = app_client.tokens("bob")["IdToken"]

    assert derive(service, ann["AccessToken"], ActorToken=token, ActorTokenType="ID_TOKEN")["act"] == {"sub": bob}


def test_who_acted_before_stays_within_who_acts_now(service: Pool, ann: Any) -> None:
    first, first_token = a_machine_token(service)
    second, second_token = a_machine_token(service)
    once = exchange(service, ann["AccessToken"], **acting(first_token))["IssuedToken"]

    assert derive(service, once, **acting(second_token))["act"] == {"sub": second, "act": {"sub": first}}
    assert derive(service, once)["act"] == {"sub": first}


def test_a_client_that_is_gone_does_not_act(service: Pool, ann: Any) -> None:
    machine, token = a_machine_token(service)
    service.idp.delete_user_pool_client(UserPoolId=service.pool_id, ClientId=machine)
    with refused("NotAuthorizedException", "ActorToken is of a client that does not exist."):
        exchange(service, ann["AccessToken"], **acting(token))


@pytest.mark.parametrize("alone", [{"ActorTokenType": "ACCESS_TOKEN"}, {"ActorToken": "a.b.c"}])
def test_an_actor_is_a_token_with_its_type(service: Pool, ann: Any, alone: dict[str, str]) -> None:
    with refused("InvalidParameterException", "ActorToken and ActorTokenType must be given together."):
        exchange(service, ann["AccessToken"], **alone)


# The client


def test_impersonation_needs_its_flow(app_client: Pool, ann: Any) -> None:
    delegate = a_client_of(app_client.idp, app_client.pool_id, ExplicitAuthFlows=[*EVERY_FLOW, DELEGATION])
    with refused("InvalidParameterException", f"{IMPERSONATION} is not enabled for the client."):
        exchange(delegate, ann["AccessToken"])


def test_delegation_needs_its_flow(app_client: Pool, ann: Any) -> None:
    impersonator = a_client_of(app_client.idp, app_client.pool_id, ExplicitAuthFlows=[*EVERY_FLOW, IMPERSONATION])
    with refused("InvalidParameterException", f"{DELEGATION} is not enabled for the client."):
        exchange(impersonator, ann["AccessToken"], **acting(ann["AccessToken"]))


def test_a_client_without_a_secret_shows_none(app_client: Pool, ann: Any) -> None:
    public = a_client_of(app_client.idp, app_client.pool_id, ExplicitAuthFlows=BOTH)

    assert derive(public, ann["AccessToken"])["client_id"] == public.client_id
    with refused("NotAuthorizedException", f"Unable to verify secret for client {public.client_id}"):
        exchange(public, ann["AccessToken"], ClientSecret=WRONG_SECRET)


def test_a_wrong_secret_is_refused(service: Pool, ann: Any) -> None:
    with refused("NotAuthorizedException", f"Unable to verify secret for client {service.client_id}"):
        exchange(service, ann["AccessToken"], ClientSecret=WRONG_SECRET)


def test_a_missing_secret_is_refused(service: Pool, ann: Any) -> None:
    with refused("NotAuthorizedException", f"Unable to verify secret for client {service.client_id}"):
        exchange(replace(service, client_secret=None), ann["AccessToken"])


# Tokens that are no good


def as_subject(_ann: Any, token: str) -> dict[str, str]:
    return {"token": token}


def as_actor(ann: Any, token: str) -> dict[str, str]:
    return {"token": ann["AccessToken"], **acting(token)}


PLACES = pytest.mark.parametrize(
    ("place", "member"), [(as_subject, "SubjectToken"), (as_actor, "ActorToken")], ids=["subject", "actor"]
)


@PLACES
def test_a_token_of_another_pool_is_refused(idp: Any, service: Pool, ann: Any, place: Any, member: str) -> None:
    token = with_ann(a_pool(idp)).tokens()["AccessToken"]
    with refused("NotAuthorizedException", f"{member} is not a valid ACCESS_TOKEN of the user pool."):
        exchange(service, **place(ann, token))


@PLACES
def test_a_forged_token_is_refused(service: Pool, ann: Any, place: Any, member: str) -> None:
    signed, _, signature = ann["AccessToken"].rpartition(".")
    with refused("NotAuthorizedException", f"{member} is not a valid ACCESS_TOKEN of the user pool."):
        exchange(service, **place(ann, f"{signed}.{signature[::-1]}"))


@PLACES
def test_a_token_of_another_type_than_said_is_refused(service: Pool, ann: Any, place: Any, member: str) -> None:
    with refused("NotAuthorizedException", f"{member} is not a valid ACCESS_TOKEN of the user pool."):
        exchange(service, **place(ann, ann["IdToken"]))


def test_an_access_token_is_no_id_token(service: Pool, ann: Any) -> None:
    with refused("NotAuthorizedException", "SubjectToken is not a valid ID_TOKEN of the user pool."):
        exchange(service, ann["AccessToken"], SubjectTokenType="ID_TOKEN")


@PLACES
def test_an_expired_token_is_refused(
    app_client: Pool, service: Pool, clock: FakeClock, place: Any, member: str
) -> None:
    old = app_client.tokens()["AccessToken"]
    clock.advance(timedelta(hours=1))
    with refused("NotAuthorizedException", f"{member} has expired."):
        exchange(service, **place(app_client.tokens(), old))


@PLACES
def test_a_revoked_token_is_refused(app_client: Pool, service: Pool, ann: Any, place: Any, member: str) -> None:
    revoked = app_client.tokens()
    app_client.idp.revoke_token(ClientId=app_client.client_id, Token=revoked["RefreshToken"])
    with refused("NotAuthorizedException", f"{member} has been revoked."):
        exchange(service, **place(ann, revoked["AccessToken"]))


def test_a_disabled_user_gets_no_token(service: Pool, ann: Any) -> None:
    service.idp.admin_disable_user(UserPoolId=service.pool_id, Username="ann")
    with refused("NotAuthorizedException"):
        exchange(service, ann["AccessToken"])


def test_a_deleted_user_gets_no_token(service: Pool, ann: Any) -> None:
    service.idp.admin_delete_user(UserPoolId=service.pool_id, Username="ann")
    with refused("UserNotFoundException"):
        exchange(service, ann["AccessToken"])


def test_a_client_is_no_subject(service: Pool) -> None:
    _, token = a_machine_token(service)
    with refused("InvalidParameterException", "SubjectToken must be a token of a user."):
        exchange(service, token)


@pytest.mark.parametrize("upstream", [{"SubjectTokenType": "SAML2"}, {"SubjectTokenProviderName": "Corp"}])
def test_a_subject_of_an_upstream_provider_is_refused(service: Pool, ann: Any, upstream: dict[str, str]) -> None:
    with refused("InvalidParameterException", f"SubjectToken {FOREIGN}"):
        exchange(service, ann["AccessToken"], **upstream)


@pytest.mark.parametrize("upstream", [{"ActorTokenType": "SAML2"}, {"ActorTokenProviderName": "Corp"}])
def test_an_actor_of_an_upstream_provider_is_refused(service: Pool, ann: Any, upstream: dict[str, str]) -> None:
    with refused("InvalidParameterException", f"ActorToken {FOREIGN}"):
        exchange(service, ann["AccessToken"], **acting(ann["AccessToken"]) | upstream)


# Scopes


def test_without_scopes_the_subjects_are_kept(service: Pool, scoped: str) -> None:
    assert derive(service, scoped)["scope"] == claims_of(scoped)["scope"]


@pytest.mark.parametrize(
    ("asked", "granted"),
    [([READ, WRITE], [READ]), ([READ, f"{API}/unheard-of"], [READ]), ([ADMIN, READ], [ADMIN, READ])],
    ids=["not the client's", "nobody's", "both's"],
)
def test_scopes_are_those_of_request_subject_and_client(
    service: Pool, scoped: str, asked: list[str], granted: list[str]
) -> None:
    answer = exchange(service, scoped, Scopes=asked)

    assert answer["Scopes"] == granted
    assert claims_of(answer["IssuedToken"])["scope"] == " ".join(granted)


@pytest.mark.parametrize("asked", [[WRITE], ["phone"], ["openid"]], ids=["the subject's", "nobody's", "shows more"])
def test_without_common_scopes_there_is_no_token(service: Pool, scoped: str, asked: list[str]) -> None:
    with refused("InvalidParameterException", "None of Scopes is both the SubjectToken's and the client's."):
        exchange(service, scoped, Scopes=asked)


def test_an_id_token_gives_no_scopes(service: Pool, ann: Any) -> None:
    assert derive(service, ann["IdToken"], SubjectTokenType="ID_TOKEN")["scope"] == ""
    with refused("InvalidParameterException"):
        exchange(service, ann["IdToken"], SubjectTokenType="ID_TOKEN", Scopes=[ADMIN])


def test_a_token_narrowed_to_an_api_gives_no_id_token(service: Pool, scoped: str) -> None:
    narrow = exchange(service, scoped, Scopes=[READ])["IssuedToken"]
    with refused("InvalidParameterException", "The granted scopes do not include those of an ID token."):
        exchange(service, narrow, RequestedTokenType="ID_TOKEN")


# Audiences and resources


def test_a_resource_is_the_audience(service: Pool, ann: Any) -> None:
    assert derive(service, ann["AccessToken"], Resources=[API])["aud"] == API


def test_a_resource_is_a_resource_server_of_the_pool(service: Pool, ann: Any) -> None:
    with refused("InvalidParameterException", "Resource server https://else.example does not exist."):
        exchange(service, ann["AccessToken"], Resources=["https://else.example"])


def test_audiences_exclude_resources(service: Pool, ann: Any) -> None:
    with refused("InvalidParameterException", "Audiences and Resources cannot be requested together."):
        exchange(service, ann["AccessToken"], Audiences=["orders"], Resources=[API])


@pytest.mark.parametrize("member", ["Audiences", "Resources"])
def test_one_audience_is_the_most(service: Pool, ann: Any, member: str) -> None:
    with refused("InvalidParameterException"):
        exchange(service, ann["AccessToken"], **{member: [API, "orders"]})


def test_an_id_token_is_not_made_for_a_client_that_goes_by_a_url(service: Pool, ann: Any) -> None:
    with refused("InvalidParameterException", "An ID token cannot be issued for another client."):
        exchange(service, ann["AccessToken"], RequestedTokenType="ID_TOKEN", Audiences=["https://app.example/client"])


def test_the_user_is_shown_as_the_requesting_client_may_see_them(app_client: Pool, ann: Any) -> None:
    modest = a_client_of(
        app_client.idp,
        app_client.pool_id,
        ExplicitAuthFlows=BOTH,
        ReadAttributes=["given_name"],
    )
    derived = exchange(modest, ann["AccessToken"])["IssuedToken"]
    shown = {each["Name"] for each in app_client.idp.get_user(AccessToken=derived)["UserAttributes"]}

    assert shown == {"sub", "given_name"}


def test_an_id_token_is_not_made_for_another_client(app_client: Pool, service: Pool, ann: Any) -> None:
    with refused("InvalidParameterException", "An ID token cannot be issued for another client."):
        exchange(service, ann["AccessToken"], RequestedTokenType="ID_TOKEN", Audiences=[app_client.client_id])


# Lifetime and revocation


def test_a_derived_token_does_not_outlive_its_subjects(service: Pool, ann: Any, clock: FakeClock) -> None:
    clock.advance(timedelta(minutes=50))
    answer = exchange(service, ann["AccessToken"])

    assert answer["ExpiresIn"] == 600
    assert claims_of(answer["IssuedToken"])["exp"] == claims_of(ann["AccessToken"])["exp"]


def test_a_derived_token_lives_no_longer_than_the_clients(app_client: Pool, ann: Any) -> None:
    brief = a_client_of(
        app_client.idp,
        app_client.pool_id,
        ExplicitAuthFlows=BOTH,
        AccessTokenValidity=5,
        TokenValidityUnits={"AccessToken": "minutes"},
    )

    assert exchange(brief, ann["AccessToken"])["ExpiresIn"] == 300


def test_a_derived_token_ends_with_its_session(app_client: Pool, service: Pool, ann: Any) -> None:
    derived = exchange(service, ann["AccessToken"])["IssuedToken"]

    assert app_client.idp.get_user(AccessToken=derived)["Username"] == "ann"
    app_client.idp.revoke_token(ClientId=app_client.client_id, Token=ann["RefreshToken"])
    with refused("NotAuthorizedException", "Access Token has been revoked"):
        app_client.idp.get_user(AccessToken=derived)


def test_a_token_that_cannot_be_revoked_gives_one_like_it(app_client: Pool, service: Pool) -> None:
    loose = a_client_of(app_client.idp, app_client.pool_id, EnableTokenRevocation=False).tokens()["AccessToken"]
    claims, subject = derive(service, loose), claims_of(loose)

    assert "origin_jti" not in claims
    assert (claims["event_id"], claims["auth_time"]) == (subject["event_id"], subject["auth_time"])


# The PreTokenGeneration trigger


def test_a_function_adds_claims_but_neither_actor_nor_audience(
    service: Pool, ann: Any, triggers: ScriptedTriggers
) -> None:
    service.idp.update_user_pool(UserPoolId=service.pool_id, LambdaConfig=token_generation("V2_0"))
    added = {"tenant": "7", "act": {"sub": "forged"}, "aud": service.client_id}
    response = {"claimsAndScopeOverrideDetails": {"accessTokenGeneration": {"claimsToAddOrOverride": added}}}
    triggers.on("PreTokenGeneration", lambda event: {**event, "response": response})
    claims = derive(service, ann["AccessToken"], Audiences=["orders"])

    assert (claims["tenant"], claims["aud"], "act" in claims) == ("7", "orders", False)


def test_a_function_may_refuse(service: Pool, ann: Any, triggers: ScriptedTriggers) -> None:
    def refuse(_event: Any) -> Any:
        raise TriggerRefused("Not today.")

    service.idp.update_user_pool(UserPoolId=service.pool_id, LambdaConfig=token_generation("V2_0"))
    triggers.on("PreTokenGeneration", refuse)
    with refused("UserLambdaValidationException", "Not today."):
        exchange(service, ann["AccessToken"])
