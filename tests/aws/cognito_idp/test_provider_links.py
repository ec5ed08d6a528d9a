"""Linking identities at upstream providers to users, through the API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.aws.cognito_idp.people import Pool, a_pool, claims_of, with_ann
from tests.aws.cognito_idp.pools import NEW_PASSWORD
from tests.aws.cognito_idp.providers import a_saml_provider, a_social_provider, an_oidc_provider
from tests.sdk import refused

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

    from tests.fakes import FakeClock

IS_LINKED = "SourceUser is already linked to DestinationUser"
HAS_SIGNED_IN = "Merging is not currently supported, provide a SourceUser that has not been signed up in order to link"


@pytest.fixture
def pool(idp: CognitoIdentityProviderClient) -> Pool:
    pool = with_ann(a_pool(idp))
    a_social_provider(idp, pool.pool_id)
    return pool


def a_source(value: str = "g-1", *, provider: str = "Google", attribute: str = "Cognito_Subject") -> dict[str, str]:
    return {"ProviderName": provider, "ProviderAttributeName": attribute, "ProviderAttributeValue": value}


def link(pool: Pool, source: dict[str, str], username: str = "ann") -> None:
    pool.idp.admin_link_provider_for_user(
        UserPoolId=pool.pool_id,
        DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": username},
        SourceUser=source,
    )


def unlink(pool: Pool, source: dict[str, str]) -> None:
    pool.idp.admin_disable_provider_for_user(UserPoolId=pool.pool_id, User=source)


def identities(attributes: Any) -> Any:
    return next((json.loads(each["Value"]) for each in attributes if each["Name"] == "identities"), None)


def of_ann(pool: Pool) -> Any:
    return identities(pool.idp.admin_get_user(UserPoolId=pool.pool_id, Username="ann")["UserAttributes"])


def test_a_link_is_told_wherever_the_users_attributes_are(pool: Pool, clock: FakeClock) -> None:
    link(pool, a_source())

    listed = pool.idp.list_users(UserPoolId=pool.pool_id)["Users"][0]["Attributes"]
    own = pool.idp.get_user(AccessToken=pool.tokens()["AccessToken"])["UserAttributes"]
    expected = {
        "userId": "g-1",
        "providerName": "Google",
        "providerType": "Google",
        "issuer": None,
        "primary": False,
        "dateCreated": int(clock.now().timestamp() * 1000),
    }
    assert [of_ann(pool), identities(listed), identities(own)] == [[expected]] * 3


def test_an_id_token_tells_links_in_text(pool: Pool, clock: FakeClock) -> None:
    link(pool, a_source())

    claims = claims_of(pool.tokens()["IdToken"])

    assert claims["identities"] == [
        {
            "userId": "g-1",
            "providerName": "Google",
            "providerType": "Google",
            "issuer": None,
            "primary": "false",
            "dateCreated": str(int(clock.now().timestamp() * 1000)),
        }
    ]


def test_a_user_without_links_has_no_identities(pool: Pool) -> None:
    assert of_ann(pool) is None
    assert "identities" not in claims_of(pool.tokens()["IdToken"])


def test_links_stay_when_attributes_change(pool: Pool) -> None:
    link(pool, a_source())

    pool.idp.admin_update_user_attributes(
        UserPoolId=pool.pool_id, Username="ann", UserAttributes=[{"Name": "name", "Value": "Ann"}]
    )

    assert len(of_ann(pool)) == 1


def test_nobody_writes_identities_but_the_pool(pool: Pool) -> None:
    token = pool.tokens()["AccessToken"]

    with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
        pool.idp.update_user_attributes(AccessToken=token, UserAttributes=[{"Name": "identities", "Value": "[]"}])
    with refused("InvalidParameterException", "Cannot modify the non-mutable attribute identities"):
        pool.idp.admin_update_user_attributes(
            UserPoolId=pool.pool_id, Username="ann", UserAttributes=[{"Name": "identities", "Value": "[]"}]
        )


def test_a_saml_identity_tells_its_issuer(pool: Pool) -> None:
    a_saml_provider(pool.idp, pool.pool_id)

    link(pool, a_source(provider="Work"))

    assert of_ann(pool)[0]["issuer"] == "https://idp.example.com/metadata"


def test_openid_connect_and_saml_link_by_mapped_attributes(pool: Pool) -> None:
    an_oidc_provider(pool.idp, pool.pool_id)

    link(pool, a_source("ann@corp.example", provider="Corp", attribute="email"))

    assert of_ann(pool)[0]["userId"] == "ann@corp.example"


@pytest.mark.parametrize(
    ("source", "code", "sentence"),
    [
        (
            a_source(attribute="email"),
            "InvalidParameterException",
            "ProviderAttributeName must be Cognito_Subject for Google.",
        ),
        (
            a_source(provider="Corp", attribute="name"),
            "InvalidParameterException",
            "The attribute name is not mapped by the provider Corp.",
        ),
        (
            a_source(provider="Cognito"),
            "InvalidParameterException",
            "SourceUser must be a user of an external identity provider.",
        ),
        (
            a_source(provider="Nobody"),
            "ResourceNotFoundException",
            "Identity provider Nobody does not exist.",
        ),
        (
            {"ProviderName": "Google"},
            "InvalidParameterException",
            "sourceUser needs ProviderName, ProviderAttributeName and ProviderAttributeValue.",
        ),
    ],
)
def test_some_sources_cannot_be_linked(pool: Pool, source: dict[str, str], code: str, sentence: str) -> None:
    an_oidc_provider(pool.idp, pool.pool_id)

    with refused(code, sentence):
        link(pool, source)


def test_a_destination_must_be_there(pool: Pool) -> None:
    with refused("UserNotFoundException", "User does not exist."):
        link(pool, a_source(), "bob")


def test_a_destination_is_not_found_by_an_alias(idp: CognitoIdentityProviderClient) -> None:
    pool = with_ann(a_pool(idp, settings={"AliasAttributes": ["email"]}))
    a_social_provider(idp, pool.pool_id)

    with refused("UserNotFoundException", "User does not exist."):
        link(pool, a_source(), "ann@example.com")


def test_an_identity_is_linked_once(pool: Pool) -> None:
    link(pool, a_source())

    with refused("InvalidParameterException", IS_LINKED):
        link(pool, a_source())


def test_an_identity_is_one_users(pool: Pool) -> None:
    pool.sign_up("bob")
    link(pool, a_source())

    with refused("AliasExistsException", IS_LINKED):
        link(pool, a_source(), "bob")


def test_who_has_signed_in_on_their_own_cannot_be_linked(pool: Pool) -> None:
    pool.sign_up("Google_g-1")

    with refused("InvalidParameterException", HAS_SIGNED_IN):
        link(pool, a_source())


def test_a_user_has_at_most_five_identities(pool: Pool) -> None:
    for number in range(5):
        link(pool, a_source(f"g-{number}"))

    with refused("LimitExceededException", "A user can have at most 5 linked identities."):
        link(pool, a_source("g-5"))


def test_a_provider_links_by_at_most_five_attributes(pool: Pool) -> None:
    attributes = ["email", "name", "nickname", "profile", "website", "picture"]
    an_oidc_provider(pool.idp, pool.pool_id, AttributeMapping={each: each for each in attributes})
    pool.sign_up("bob")
    for attribute in attributes[:5]:
        link(pool, a_source("x", provider="Corp", attribute=attribute))

    with refused("LimitExceededException", "Users of a provider can be linked by at most 5 attributes."):
        link(pool, a_source("x", provider="Corp", attribute="picture"), "bob")


def test_a_link_can_be_taken_away_and_given_to_another(pool: Pool) -> None:
    pool.sign_up("bob")
    link(pool, a_source())

    unlink(pool, a_source())

    assert of_ann(pool) is None
    link(pool, a_source(), "bob")


def test_a_link_that_is_not_there_cannot_be_taken_away(pool: Pool) -> None:
    with refused("UserNotFoundException", "User does not exist."):
        unlink(pool, a_source())


def test_the_identity_of_a_deleted_user_is_free(pool: Pool) -> None:
    pool.sign_up("bob")
    link(pool, a_source())
    pool.idp.admin_delete_user(UserPoolId=pool.pool_id, Username="ann")

    link(pool, a_source(), "bob")


def test_a_local_user_who_is_disabled_signs_in_by_links_alone(pool: Pool) -> None:
    link(pool, a_source())

    unlink(pool, a_source("ann", provider="Cognito"))

    user = pool.idp.admin_get_user(UserPoolId=pool.pool_id, Username="ann")
    assert user["UserStatus"] == "EXTERNAL_PROVIDER"
    with refused("NotAuthorizedException"):
        pool.tokens()
    with refused("NotAuthorizedException"):
        pool.srp().answer()
    with refused("NotAuthorizedException", "User password cannot be reset in the current state."):
        pool.idp.forgot_password(ClientId=pool.client_id, Username="ann")


def test_an_administrator_gives_a_disabled_user_a_password_again(pool: Pool) -> None:
    unlink(pool, a_source("ann", provider="Cognito"))

    pool.idp.admin_set_user_password(UserPoolId=pool.pool_id, Username="ann", Password=NEW_PASSWORD, Permanent=True)

    assert pool.tokens(password=NEW_PASSWORD)["AccessToken"]


def test_a_local_user_is_disabled_by_the_subject_alone(pool: Pool) -> None:
    with refused("InvalidParameterException", "ProviderAttributeName must be Cognito_Subject for Cognito."):
        unlink(pool, a_source("ann", provider="Cognito", attribute="email"))


def test_links_of_another_account_are_out_of_reach(pool: Pool, aws: Any) -> None:
    link(pool, a_source())
    stranger = Pool(aws("cognito-idp", key="111111111111"), pool.pool_id, pool.client_id, None)

    with refused("ResourceNotFoundException", f"User pool {pool.pool_id} does not exist."):
        unlink(stranger, a_source())
