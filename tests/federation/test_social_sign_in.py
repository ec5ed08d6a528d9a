"""Sign-in at the four social providers, for which a server on this machine stands in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
import pytest

from idp.domain.oauth_error import AuthorizationRefused
from idp.services import Services
from tests.aws.cognito_idp.providers import APPLE_KEY
from tests.fakes import START
from tests.federation.openid_provider import CLIENT_ID, OpenIdProvider, says
from tests.federation.openid_relation import SOCIAL, OpenIdRelation, relate

GOOGLE_ISSUER = "https://accounts.google.com"
APPLE_ISSUER = "https://appleid.apple.com"
PEOPLE = "/people.googleapis.com/v1/people/me"
FACEBOOK_TOKEN = "/graph.facebook.com/v17.0/oauth/access_token"
FACEBOOK_ME = "/graph.facebook.com/v17.0/me"
AMAZON_PROFILE = "/api.amazon.com/user/profile"
APPLE_TOKEN = "/appleid.apple.com/auth/token"
NAME = '{"name":{"firstName":"Ann","lastName":"Lee"},"email":"queen@example.com"}'

At = Callable[..., OpenIdRelation]


@pytest.fixture
def at(services: Services, idp: Any, openid_provider: OpenIdProvider) -> At:
    """A maker of pools whose users come from a social provider, `openid_provider` in fact."""
    settings = replace(services.settings, social_providers_url=openid_provider.url)
    standing_in = replace(services, settings=settings)
    return lambda kind, **mapping: relate(
        standing_in, idp, openid_provider, kind, AttributeMapping={"email": "email", **mapping}
    )


def refusal(relation: OpenIdRelation, **brought: str) -> str | None:
    """Return in which words a sign-in is refused."""
    with pytest.raises(AuthorizationRefused) as raised:
        relation.sign_in(**brought)
    return raised.value.description


@pytest.mark.parametrize(
    ("kind", "endpoint", "more"),
    [
        ("Google", "https://accounts.google.com/o/oauth2/v2/auth", {"nonce": "the-nonce"}),
        ("Facebook", "https://www.facebook.com/v17.0/dialog/oauth", {}),
        ("LoginWithAmazon", "https://www.amazon.com/ap/oa", {}),
        (
            "SignInWithApple",
            "https://appleid.apple.com/auth/authorize",
            {"nonce": "the-nonce", "response_mode": "form_post"},
        ),
    ],
)
def test_a_browser_is_sent_to_the_real_provider(
    services: Services, idp: Any, openid_provider: OpenIdProvider, kind: str, endpoint: str, more: Mapping[str, str]
) -> None:
    location = urlsplit(relate(services, idp, openid_provider, kind).location(prompt="login", login_hint="ann"))

    sent = dict(parse_qsl(location.query))
    assert f"{location.scheme}://{location.netloc}{location.path}" == endpoint
    assert sent["scope"] == SOCIAL[kind]["authorize_scopes"]
    assert {name: sent[name] for name in sorted(set(sent) - COMMON)} == more


COMMON = {"client_id", "redirect_uri", "scope", "response_type", "state", "code_challenge", "code_challenge_method"}


def test_a_browser_is_sent_to_the_stand_in_when_there_is_one(at: At) -> None:
    relation = at("Google")

    assert relation.location().startswith(f"{relation.upstream.url}/accounts.google.com/o/oauth2/v2/auth?client_id=")


def test_apple_posts_its_answer_only_when_it_is_asked_for_more_than_who_it_is(at: At) -> None:
    assert "response_mode" not in at("SignInWithApple").set_up(authorize_scopes="openid").location()


@pytest.mark.parametrize("issuer", [GOOGLE_ISSUER, "accounts.google.com"])
def test_google_tells_who_signs_in_by_an_id_token(at: At, issuer: str) -> None:
    relation = at("Google")
    relation.upstream.issuer = issuer

    identity = relation.sign_in()

    assert (identity.subject, identity.claims["email"]) == ("ann-1", "ann@corp.example")
    assert PEOPLE not in relation.upstream.paths()


def test_an_id_token_of_google_must_be_googles(at: At) -> None:
    assert refusal(at("Google")) == "Google Error - Bad id_token issuer: The token's issuer is not allowed."


def test_google_is_asked_for_what_is_mapped_beyond_the_id_token(at: At) -> None:
    relation = at("Google", phone_number="phoneNumbers", birthdate="birthdays", gender="genders")
    relation.upstream.issuer = GOOGLE_ISSUER
    relation.upstream.user_info = {
        "resourceName": "people/ann-1",
        "etag": "x",
        "phoneNumbers": [{"value": "+1"}, {"value": "+15550100", "metadata": {"primary": True}}],
        "birthdays": [{"date": {"year": 1990, "month": 7, "day": 4}}],
        "genders": [],
    }

    identity = relation.sign_in()

    assert relation.upstream.last_asked(PEOPLE).sent == {"personFields": "birthdays,genders,phoneNumbers"}
    assert identity.evidence["userInfo"] == {"phoneNumbers": "+15550100", "birthdays": "1990-07-04"}
    assert identity.claims["sub"] == "ann-1"


def test_a_person_of_google_must_be_the_one_of_the_id_token(at: At) -> None:
    relation = at("Google", phone_number="phoneNumbers")
    relation.upstream.issuer = GOOGLE_ISSUER
    relation.upstream.user_info = {"resourceName": "people/bob-2", "phoneNumbers": [{"value": "+15550100"}]}

    assert refusal(relation) == "Google Error - The user of userInfo is not that of the id_token."


def test_facebook_is_asked_by_get_and_for_the_mapped_fields(at: At) -> None:
    relation = at("Facebook", name="name")
    relation.upstream.user_info = {"id": "1017", "email": "ann@corp.example", "name": "Ann Lee"}

    identity = relation.sign_in()

    assert (identity.subject, identity.claims["name"]) == ("1017", "Ann Lee")
    assert relation.upstream.last_asked(FACEBOOK_TOKEN).method == "GET"
    assert relation.upstream.last_asked(FACEBOOK_ME).sent == {"fields": "email,id,name"}
    assert identity.evidence["idToken"] == {}


def test_facebook_is_asked_by_the_version_of_its_api_that_is_set(at: At) -> None:
    relation = at("Facebook").set_up(api_version="v21.0")

    assert "/www.facebook.com/v21.0/dialog/oauth?" in relation.location()


def test_an_error_of_facebook_is_told_in_its_words_and_without_our_secret(at: At) -> None:
    relation = at("Facebook")
    error = {"message": "This code has been used.", "type": "OAuthException", "code": 100}
    relation.upstream.answers[FACEBOOK_TOKEN] = says({"error": error}, 400)

    assert refusal(relation) == "Facebook Error - 400 OAuthException This code has been used."


@pytest.mark.parametrize("kind", ["Facebook", "LoginWithAmazon"])
def test_a_profile_must_name_its_user(at: At, kind: str) -> None:
    relation = at(kind)
    relation.upstream.user_info = {"email": "ann@corp.example"}

    assert refusal(relation) == f"{kind} Error - The answer does not name the user."


def test_amazon_tells_who_signs_in_by_a_profile(at: At) -> None:
    relation = at("LoginWithAmazon")
    relation.upstream.user_info = {"user_id": "amzn1.account.K2", "email": "ann@corp.example"}

    identity = relation.sign_in()

    assert (identity.subject, identity.claims["email"]) == ("amzn1.account.K2", "ann@corp.example")
    assert relation.upstream.last_asked(AMAZON_PROFILE).method == "GET"


def test_apple_is_shown_a_secret_that_the_developers_key_has_just_signed(at: At) -> None:
    relation = at("SignInWithApple")
    relation.upstream.issuer = APPLE_ISSUER

    assert relation.sign_in().subject == "ann-1"

    secret = relation.upstream.last_asked(APPLE_TOKEN).sent["client_secret"]
    claims = jwt.decode(
        secret,
        APPLE_KEY.public_key(),
        ["ES256"],
        audience=APPLE_ISSUER,
        options={"verify_exp": False, "verify_iat": False},
    )
    assert jwt.get_unverified_header(secret) == {"alg": "ES256", "kid": "k", "typ": "JWT"}
    assert claims == {
        "iss": "t",
        "iat": int(START.timestamp()),
        "exp": int((START + timedelta(minutes=5)).timestamp()),
        "aud": APPLE_ISSUER,
        "sub": CLIENT_ID,
    }


def test_apple_gives_the_name_to_the_browser_and_nothing_else_in_it_is_taken(at: At) -> None:
    relation = at("SignInWithApple")
    relation.upstream.issuer = APPLE_ISSUER

    claims = relation.sign_in(user=NAME).claims

    assert (claims["firstName"], claims["lastName"], claims["name"]) == ("Ann", "Lee", "Ann Lee")
    assert claims["email"] == "ann@corp.example"


def test_an_address_that_the_browser_says_is_no_claim(at: At) -> None:
    relation = at("SignInWithApple")
    relation.upstream.issuer = APPLE_ISSUER
    relation.upstream.id_claims = {"email": None}

    assert "email" not in relation.sign_in(user=NAME).claims


@pytest.mark.parametrize("user", ["", "{", "[]", "7", '{"name":[]}', "[" * 5000, '{"name":{"firstName":"' + "a" * 5000])
def test_a_malformed_user_of_apple_is_refused(at: At, user: str) -> None:
    relation = at("SignInWithApple")
    relation.upstream.issuer = APPLE_ISSUER

    assert refusal(relation, user=user) == "SignInWithApple Error - The parameter user is malformed."


@pytest.mark.parametrize("user", ["{}", '{"name":{}}', '{"name":{"firstName":7,"lastName":""}}'])
def test_a_user_of_apple_may_have_no_name(at: At, user: str) -> None:
    relation = at("SignInWithApple")
    relation.upstream.issuer = APPLE_ISSUER

    assert "name" not in relation.sign_in(user=user).claims


def test_a_key_of_apple_that_is_none_is_told_without_showing_it(at: At) -> None:
    relation = at("SignInWithApple").set_up(private_key="stored before keys were checked")

    assert refusal(relation) == (
        "SignInWithApple Error - The provider detail private_key must be a private key for ES256, as Apple gives it."
    )
