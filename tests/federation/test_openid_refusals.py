"""Answers of an OpenID Connect provider that are not believed, and how the client is told."""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from idp.domain.oauth_error import AuthorizationRefused
from idp.outbound.http import HttpClient
from idp.outbound.keyring import generate_key
from idp.outbound.openid_providers import OpenIdProviders
from idp.services import Services
from tests.fakes import FakeClock
from tests.federation.openid_provider import OpenIdProvider, Reply, Sign, says
from tests.federation.openid_relation import OpenIdRelation, relate

DISCOVERY = "/.well-known/openid-configuration"
BAD_ID_TOKEN = "Corp Error - Bad id_token: "
NOT_DISCOVERED = "Corp Error - the endpoints of its issuer cannot be discovered"
SILENT = "Corp Error - the provider does not answer"
ANOTHER_USER = "Corp Error - The user of userInfo is not that of the id_token."
DEEP = Reply(200, b'{"a":' + b"[" * 500 + b"]" * 500 + b"}")
LARGE = Reply(200, b"[" + b" " * 300_000)


@pytest.fixture
def corp(services: Services, idp: Any, openid_provider: OpenIdProvider) -> OpenIdRelation:
    """A pool whose users come from an OpenID provider."""
    return relate(services, idp, openid_provider)


def refusal(relation: OpenIdRelation, **brought: str) -> tuple[str, str | None]:
    """Return how a sign-in is refused."""
    with pytest.raises(AuthorizationRefused) as raised:
        relation.sign_in(**brought)
    return raised.value.error, raised.value.description


def unsigned(_: OpenIdProvider, claims: dict[str, Any]) -> str:
    """Return an ID token that nobody signed."""
    return jwt.encode(claims, "", algorithm="none", headers={"kid": "key-1"})


def by_the_public_key(provider: OpenIdProvider, claims: dict[str, Any]) -> str:
    """Return an ID token whose HMAC key is the provider's public key, which everybody has."""
    key = provider.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signed = ".".join(
        _encoded(json.dumps(part).encode()) for part in ({"alg": "HS256", "kid": provider.key_id}, claims)
    )
    return f"{signed}.{_encoded(hmac.digest(key, signed.encode(), 'sha256'))}"


def _encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def by_the_secret(provider: OpenIdProvider, claims: dict[str, Any]) -> str:
    """Return an ID token whose HMAC key is the client's secret."""
    return jwt.encode(claims, "hush-hush-secret" * 2, algorithm="HS256", headers={"kid": provider.key_id})


def by_a_stranger(provider: OpenIdProvider, claims: dict[str, Any]) -> str:
    """Return an ID token that a stranger signed in the provider's name."""
    return jwt.encode(claims, generate_key(), algorithm="RS256", headers={"kid": provider.key_id})


def by_an_unpublished_key(_: OpenIdProvider, claims: dict[str, Any]) -> str:
    """Return an ID token of a key that nobody published."""
    return jwt.encode(claims, generate_key(), algorithm="RS256", headers={"kid": "unheard-of"})


def no_token(_: OpenIdProvider, claims: dict[str, Any]) -> str:
    """Return what is no token."""
    return "eyJ.not"


@pytest.mark.parametrize(
    ("sign", "sentence"),
    [
        (unsigned, "The token's algorithm is not allowed."),
        (by_the_public_key, "The token's algorithm is not allowed."),
        (by_the_secret, "The token's algorithm is not allowed."),
        (by_a_stranger, "The signature does not verify."),
        (by_an_unpublished_key, "The token's issuer publishes no such key."),
        (no_token, "A token has three parts of ASCII."),
    ],
)
def test_an_id_token_must_be_signed_by_the_provider(corp: OpenIdRelation, sign: Sign, sentence: str) -> None:
    corp.upstream.sign = sign

    assert refusal(corp) == ("invalid_request", BAD_ID_TOKEN + sentence)


@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        ({"iss": "https://evil.example"}, "Bad id_token issuer: The token's issuer is not allowed."),
        ({"iss": None}, "Bad id_token issuer: The token's issuer is not allowed."),
        ({"aud": "another"}, "Bad id_token: The token was issued for another client."),
        ({"aud": []}, "Bad id_token: The token was issued for another client."),
        ({"aud": None, "client_id": "ours"}, "Bad id_token: it lacks a claim that it must have."),
        ({"iat": None}, "Bad id_token: it lacks a claim that it must have."),
        ({"exp": None}, "Bad id_token: The claim exp is not a whole number of seconds."),
        ({"exp": 1_772_452_700}, "Bad id_token: The token has expired."),
        ({"iat": 1_772_452_900}, "Bad id_token: The token is not yet valid."),
        ({"aud": ["ours", "another"]}, "Bad id_token azp: it was issued to another client."),
        ({"azp": "another"}, "Bad id_token azp: it was issued to another client."),
        ({"nonce": "of another browser"}, "Bad id_token nonce."),
        ({"nonce": None}, "Bad id_token nonce."),
        ({"nonce": 7}, "Bad id_token nonce."),
        ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "Bad id_token at_hash: it came with another access token."),
        ({"sub": ""}, "The answer does not name the user."),
        ({"sub": 7}, "The answer does not name the user."),
        ({"sub": "a\nb"}, "The answer does not name the user."),
        ({"sub": "a" * 256}, "The answer does not name the user."),
    ],
)
def test_an_id_token_must_answer_our_request_now(corp: OpenIdRelation, claims: dict[str, Any], sentence: str) -> None:
    corp.upstream.id_claims = claims
    corp.upstream.configuration_members = {"userinfo_endpoint": None}

    assert refusal(corp) == ("invalid_request", f"Corp Error - {sentence}")


@pytest.mark.parametrize("user_info", [{"sub": "bob-2", "email": "bob@corp.example"}, {"email": "ann@corp.example"}])
def test_user_info_must_be_of_the_same_user(corp: OpenIdRelation, user_info: dict[str, Any]) -> None:
    corp.upstream.user_info = user_info

    assert refusal(corp) == ("invalid_request", ANOTHER_USER)


def test_an_id_token_by_a_new_key_is_believed_once_the_keys_may_be_asked_for_again(
    corp: OpenIdRelation, clock: FakeClock
) -> None:
    corp.sign_in()
    corp.upstream.rotate()

    assert refusal(corp) == ("invalid_request", BAD_ID_TOKEN + "The token's issuer publishes no such key.")
    clock.advance(timedelta(seconds=11))
    assert corp.sign_in().subject == "ann-1"


def test_invented_keys_do_not_make_us_ask_for_keys_again_and_again(corp: OpenIdRelation) -> None:
    corp.upstream.sign = by_an_unpublished_key

    refusal(corp)
    refusal(corp)

    assert corp.upstream.paths().count("/keys") == 1


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"id_token": None}, "Bad id_token: there is none."),
        ({"id_token": 7}, "Bad id_token: there is none."),
        ({"access_token": None}, "200 the access_token is missing"),
        ({"access_token": "two\nlines"}, "200 the token answer is malformed"),
        ({"access_token": "grün"}, "200 the token answer is malformed"),
        ({"token_type": "mac"}, "200 the token answer is malformed"),
        ({"error": "invalid_grant", "error_description": "No."}, "200 invalid_grant No."),
    ],
)
def test_a_token_answer_must_hold_tokens(corp: OpenIdRelation, members: dict[str, Any], sentence: str) -> None:
    corp.upstream.token_members = members

    assert refusal(corp) == ("invalid_request", f"Corp Error - {sentence}")


@pytest.mark.parametrize("path", ["/token", "/userinfo"])
@pytest.mark.parametrize(
    ("reply", "error", "sentence"),
    [
        (
            says({"error": "invalid_request", "error_description": 'So\u00a0it "is".'}, 400),
            "invalid_request",
            "400 invalid_request Soit is.",
        ),
        (
            says({"error": {"type": "OAuthException", "message": "Bad."}}, 400),
            "invalid_request",
            "400 OAuthException Bad.",
        ),
        (Reply(500, b"<h1>Stack trace</h1>"), "server_error", "500 invalid_answer"),
        (Reply(302, b"", {"Location": "http://127.0.0.1:1/"}), "invalid_request", "302 invalid_answer"),
        (Reply(200, b"{"), "invalid_request", "200 invalid_answer the answer is not a JSON object"),
        (Reply(200, b"[]"), "invalid_request", "200 invalid_answer the answer is not a JSON object"),
        (Reply(200, b'{"sub":"a","sub":"b"}'), "invalid_request", "200 invalid_answer the answer is not a JSON object"),
        (DEEP, "invalid_request", "200 invalid_answer the answer is not a JSON object"),
        (LARGE, "server_error", "the provider does not answer"),
    ],
)
def test_a_provider_that_fails_is_told_of_without_its_pages(
    corp: OpenIdRelation, path: str, reply: Reply, error: str, sentence: str
) -> None:
    corp.upstream.answers[path] = reply

    assert refusal(corp) == (error, f"Corp Error - {sentence}")


@pytest.mark.parametrize("path", [DISCOVERY, "/keys", "/token", "/userinfo"])
def test_a_provider_that_never_ends_its_answer_is_not_waited_for(
    services: Services, idp: Any, openid_provider: OpenIdProvider, path: str
) -> None:
    openid_provider.answers[path] = replace(says({"issuer": "x" * 100}), stalls=True)

    assert refusal(relate(impatient(services), idp, openid_provider))[0] in {"server_error", "invalid_request"}


@pytest.mark.parametrize(
    "reply",
    [
        says({}, 404),
        Reply(302, b"", {"Location": "/elsewhere"}),
        Reply(200, b"<html>"),
        Reply(200, b"[]"),
        LARGE,
    ],
)
def test_a_provider_that_does_not_describe_itself_cannot_be_asked(corp: OpenIdRelation, reply: Reply) -> None:
    corp.upstream.answers[DISCOVERY] = reply

    with pytest.raises(AuthorizationRefused, match=NOT_DISCOVERED):
        corp.location()


@pytest.mark.parametrize("issuer", [None, 7, "https://evil.example"])
def test_a_provider_must_go_by_the_very_issuer_that_it_is_known_by(corp: OpenIdRelation, issuer: object) -> None:
    corp.upstream.configuration_members = {"issuer": issuer}

    with pytest.raises(AuthorizationRefused, match=NOT_DISCOVERED):
        corp.location()


def test_an_issuer_is_another_by_a_slash(corp: OpenIdRelation) -> None:
    corp.upstream.configuration_members = {"issuer": f"{corp.upstream.url}/"}

    with pytest.raises(AuthorizationRefused, match=NOT_DISCOVERED):
        corp.location()


@pytest.mark.parametrize("member", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("address", [None, 7, "", "javascript:alert(1)", "file:///etc/passwd", "http://10.0.0.1/token"])
def test_a_provider_must_say_where_it_is_asked(corp: OpenIdRelation, member: str, address: object) -> None:
    corp.upstream.configuration_members = {member: address}

    with pytest.raises(AuthorizationRefused, match=NOT_DISCOVERED):
        corp.location()


def test_a_failed_discovery_is_tried_again_some_seconds_later(corp: OpenIdRelation, clock: FakeClock) -> None:
    corp.upstream.answers[DISCOVERY] = says({}, 500)
    with pytest.raises(AuthorizationRefused, match=NOT_DISCOVERED):
        corp.location()
    corp.upstream.answers.clear()

    with pytest.raises(AuthorizationRefused, match=NOT_DISCOVERED):
        corp.location()
    clock.advance(timedelta(seconds=6))
    assert corp.location()
    assert corp.upstream.paths().count(DISCOVERY) == 2


def test_an_error_is_told_as_the_provider_says_it(corp: OpenIdRelation) -> None:
    told = refusal(corp, error="access_denied", error_description='The "user"\r\ncancelled.')

    assert told == ("invalid_request", "Corp Error - 400 access_denied The usercancelled.")


def test_a_code_that_the_provider_does_not_know_is_told_as_it_says(corp: OpenIdRelation) -> None:
    assert refusal(corp, code="stolen") == (
        "invalid_request",
        "Corp Error - 400 invalid_grant The code is not good.",
    )


def test_an_answer_needs_a_code(corp: OpenIdRelation) -> None:
    assert refusal(corp, code="") == ("invalid_request", "Corp Error - the answer has no code")


def test_an_answer_of_another_issuer_is_refused_before_its_code_is_sent_anywhere(corp: OpenIdRelation) -> None:
    told = refusal(corp, iss="https://evil.example")

    assert told == ("invalid_request", "Corp Error - the answer is another issuer's")
    assert "/token" not in corp.upstream.paths()


def test_a_provider_that_names_itself_in_answers_must_always_do_so(corp: OpenIdRelation) -> None:
    corp.upstream.configuration_members = {"authorization_response_iss_parameter_supported": True}

    assert refusal(corp) == ("invalid_request", "Corp Error - the answer is another issuer's")
    assert corp.sign_in(iss=corp.upstream.url).subject == "ann-1"


def impatient(services: Services) -> Services:
    """Return services that wait for other servers for a fifth of a second."""
    http = HttpClient(timeout_s=0.2)
    return replace(services, http=http, openid_providers=OpenIdProviders(http, services.clock.now))
