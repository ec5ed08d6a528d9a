from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import jwt
import pytest

from idp.services import Services
from tests.aws.cognito_identity.conftest import UserPool
from tests.fakes import START, FakeClock
from tests.sdk import refused

NO_MATCH = "Logins don't match. Please include at least one valid login for this identity or identity pool."
UNSUPPORTED = "Token is not from a supported provider of this identity pool."
PREFIX = "Invalid login token. "


def test_an_identity_id_has_the_form_of_aws(public: Any, pool_id: str) -> None:
    identity_id = public.get_id(IdentityPoolId=pool_id)["IdentityId"]

    assert re.fullmatch(r"us-east-1:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", identity_id)


def test_an_unknown_pool_is_not_found(public: Any) -> None:
    unknown = "us-east-1:00000000-0000-4000-8000-000000000000"

    with refused("ResourceNotFoundException", f"IdentityPool '{unknown}' not found."):
        public.get_id(IdentityPoolId=unknown)


def test_every_guest_is_somebody_new(public: Any, pool_id: str) -> None:
    first, second = (public.get_id(IdentityPoolId=pool_id)["IdentityId"] for _ in range(2))

    assert first != second


def test_a_pool_may_forbid_guests(public: Any, a_pool: Callable[..., str]) -> None:
    closed = a_pool(AllowUnauthenticatedIdentities=False)

    with refused("NotAuthorizedException", "Unauthenticated access is not supported for this identity pool."):
        public.get_id(IdentityPoolId=closed)


def test_the_same_person_is_always_the_same_identity(public: Any, pool_id: str, people: UserPool) -> None:
    first = public.get_id(IdentityPoolId=pool_id, Logins=people.login("ann"))["IdentityId"]
    second = public.get_id(IdentityPoolId=pool_id, Logins=people.login("ann"))["IdentityId"]
    other = public.get_id(IdentityPoolId=pool_id, Logins=people.login("bob"))["IdentityId"]

    assert first == second != other


def test_a_person_is_another_identity_in_another_pool(
    public: Any, pool_id: str, a_pool: Callable[..., str], people: UserPool
) -> None:
    here = public.get_id(IdentityPoolId=pool_id, Logins=people.login("ann"))["IdentityId"]
    there = public.get_id(IdentityPoolId=a_pool(), Logins=people.login("ann"))["IdentityId"]

    assert here != there


def test_an_access_token_is_no_login(public: Any, pool_id: str, people: UserPool) -> None:
    logins = {people.provider: people.tokens("ann")["AccessToken"]}

    with refused("NotAuthorizedException", f"{PREFIX}Missing a required claim: aud"):
        public.get_id(IdentityPoolId=pool_id, Logins=logins)


def test_an_access_token_is_no_login_whatever_its_audience(
    public: Any, pool_id: str, people: UserPool, services: Services
) -> None:
    token = people.tokens("ann")["AccessToken"]
    claims = jwt.decode(token, options={"verify_signature": False}) | {"aud": people.client_id}
    bound = services.keyring.signer(people.id, "access").sign(claims)

    with refused("NotAuthorizedException", f"{PREFIX}Missing a required claim: aud"):
        public.get_id(IdentityPoolId=pool_id, Logins={people.provider: bound})


def test_an_expired_token_is_refused(public: Any, pool_id: str, people: UserPool, clock: FakeClock) -> None:
    logins = people.login("ann")
    expires = int(START.timestamp()) + 3600

    clock.advance(3600)
    with refused("NotAuthorizedException", f"{PREFIX}Token expired: {expires} >= {expires}"):
        public.get_id(IdentityPoolId=pool_id, Logins=logins)
    clock.advance(3600)
    with refused("NotAuthorizedException", f"{PREFIX}Token expired: {expires + 3600} >= {expires}"):
        public.get_id(IdentityPoolId=pool_id, Logins=logins)


def test_a_token_of_another_user_pool_does_not_fit_the_key(
    public: Any, pool_id: str, people: UserPool, a_user_pool: Callable[[], UserPool]
) -> None:
    foreign = a_user_pool().tokens("ann")["IdToken"]

    with refused("NotAuthorizedException", f"{PREFIX}Issuer doesn't match providerName"):
        public.get_id(IdentityPoolId=pool_id, Logins={people.provider: foreign})


def test_a_user_pool_that_is_not_configured_is_refused(
    public: Any, pool_id: str, a_user_pool: Callable[[], UserPool]
) -> None:
    with refused("NotAuthorizedException", UNSUPPORTED):
        public.get_id(IdentityPoolId=pool_id, Logins=a_user_pool().login("ann"))


def test_a_client_that_is_not_configured_is_refused(public: Any, a_pool: Callable[..., str], people: UserPool) -> None:
    other = a_pool(CognitoIdentityProviders=[{"ProviderName": people.provider, "ClientId": "another"}])

    with refused("NotAuthorizedException", UNSUPPORTED):
        public.get_id(IdentityPoolId=other, Logins=people.login("ann"))


def test_a_pool_without_providers_takes_no_logins(public: Any, a_pool: Callable[..., str], people: UserPool) -> None:
    with refused("NotAuthorizedException", NO_MATCH):
        public.get_id(IdentityPoolId=a_pool(CognitoIdentityProviders=[]), Logins=people.login("ann"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda token: "not a token", f"{PREFIX}Not a valid OpenId Connect identity token."),
        (lambda token: token[:-8] + "AAAAAAAA", f"{PREFIX}Couldn't verify signed token."),
        (lambda token: "eyJhbGciOiJub25lIn0." + token.split(".")[1] + ".", f"{PREFIX}Couldn't verify signed token."),
    ],
    ids=["no token", "forged signature", "alg none"],
)
def test_forged_tokens_are_refused(
    public: Any, pool_id: str, people: UserPool, change: Callable[[str], str], message: str
) -> None:
    with refused("NotAuthorizedException", message):
        public.get_id(IdentityPoolId=pool_id, Logins={people.provider: change(people.tokens("ann")["IdToken"])})


def test_the_developers_name_is_no_public_provider(public: Any, a_pool: Callable[..., str]) -> None:
    pool_id = a_pool(DeveloperProviderName="login.app")

    with refused("InvalidParameterException", "Please provide a valid public provider."):
        public.get_id(IdentityPoolId=pool_id, Logins={"login.app": "ann"})


def test_a_token_that_is_not_of_an_identity_pool_is_no_developers(public: Any, pool_id: str) -> None:
    with refused("NotAuthorizedException", f"{PREFIX}Not a Cognito token."):
        public.get_id(IdentityPoolId=pool_id, Logins={"cognito-identity.amazonaws.com": "x.y.z"})


class TestServerSideTokenCheck:
    @pytest.fixture
    def checked(self, a_pool: Callable[..., str], people: UserPool) -> str:
        return a_pool(CognitoIdentityProviders=[people.as_provider | {"ServerSideTokenCheck": True}])

    def test_an_active_token_is_taken(self, public: Any, checked: str, people: UserPool) -> None:
        assert public.get_id(IdentityPoolId=checked, Logins=people.login("ann"))["IdentityId"]

    @pytest.mark.parametrize("operation", ["admin_user_global_sign_out", "admin_disable_user", "admin_delete_user"])
    def test_an_inactive_token_is_refused(self, public: Any, checked: str, people: UserPool, operation: str) -> None:
        logins = people.login("ann")
        getattr(people.idp, operation)(UserPoolId=people.id, Username="ann")

        with refused("NotAuthorizedException", "Token is inactive"):
            public.get_id(IdentityPoolId=checked, Logins=logins)

    def test_without_the_check_a_token_is_good_until_it_expires(
        self, public: Any, pool_id: str, people: UserPool
    ) -> None:
        logins = people.login("ann")
        people.idp.admin_disable_user(UserPoolId=people.id, Username="ann")

        assert public.get_id(IdentityPoolId=pool_id, Logins=logins)["IdentityId"]


def test_an_identity_is_described(admin: Any, public: Any, pool_id: str, people: UserPool) -> None:
    identity_id = public.get_id(IdentityPoolId=pool_id, Logins=people.login("ann"))["IdentityId"]

    described = admin.describe_identity(IdentityId=identity_id)

    assert described["Logins"] == [people.provider]
    assert (described["CreationDate"], described["LastModifiedDate"]) == (START, START)


def test_another_accounts_identity_is_not_found(aws: Any, public: Any, pool_id: str) -> None:
    identity_id = public.get_id(IdentityPoolId=pool_id)["IdentityId"]

    with refused("ResourceNotFoundException", f"Identity '{identity_id}' not found."):
        aws("cognito-identity", key="444455556666").describe_identity(IdentityId=identity_id)


def test_identities_are_listed_in_pages(admin: Any, public: Any, pool_id: str) -> None:
    made = {public.get_id(IdentityPoolId=pool_id)["IdentityId"] for _ in range(3)}

    first = admin.list_identities(IdentityPoolId=pool_id, MaxResults=2)
    second = admin.list_identities(IdentityPoolId=pool_id, MaxResults=2, NextToken=first["NextToken"])

    assert [len(first["Identities"]), len(second["Identities"])] == [2, 1]
    assert {each["IdentityId"] for each in first["Identities"] + second["Identities"]} == made
    assert "NextToken" not in second
