"""What a pool's tier has and refuses, through the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.aws.cognito_idp.pools import a_client, a_user_pool
from tests.sdk import refused

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:claims"
AUDIT: Any = {"AdvancedSecurityMode": "AUDIT"}
ROTATION: Any = {
    "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"],
    "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0},
}


def tier_of(idp: Any, pool_id: str) -> Any:
    return idp.describe_user_pool(UserPoolId=pool_id)["UserPool"]["UserPoolTier"]


@pytest.mark.parametrize(
    ("given", "tier"),
    [
        ({}, "ESSENTIALS"),
        ({"UserPoolTier": "LITE"}, "LITE"),
        ({"UserPoolAddOns": {"AdvancedSecurityMode": "OFF"}}, "ESSENTIALS"),
        ({"UserPoolAddOns": AUDIT}, "PLUS"),
    ],
)
def test_a_new_pool_has_the_tier_it_was_given_or_needs(
    idp: CognitoIdentityProviderClient, given: dict[str, Any], tier: str
) -> None:
    assert tier_of(idp, a_user_pool(idp, **given)) == tier


@pytest.mark.parametrize(
    ("given", "tier"), [({}, "LITE"), ({"UserPoolTier": "PLUS"}, "PLUS"), ({"UserPoolAddOns": AUDIT}, "PLUS")]
)
def test_an_update_keeps_the_tier_unless_it_says_or_needs_another(
    idp: CognitoIdentityProviderClient, given: dict[str, Any], tier: str
) -> None:
    pool_id = a_user_pool(idp, UserPoolTier="LITE")

    idp.update_user_pool(UserPoolId=pool_id, **given)

    assert tier_of(idp, pool_id) == tier


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"Policies": {"PasswordPolicy": {"MinimumLength": 8, "PasswordHistorySize": 3}}},
            "Password history is not available in the user pool's tier.",
        ),
        (
            {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}},
            "Choice-based sign-in is not available in the user pool's tier.",
        ),
        (
            {"LambdaConfig": {"PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": FUNCTION}}},
            "Access token customization is not available in the user pool's tier.",
        ),
        ({"UserPoolAddOns": AUDIT}, "Threat protection is not available in the user pool's tier."),
    ],
)
def test_the_lite_plan_lacks_features(idp: CognitoIdentityProviderClient, given: dict[str, Any], sentence: str) -> None:
    pool_id = a_user_pool(idp, UserPoolTier="LITE")

    with refused("FeatureUnavailableInTierException", sentence):
        a_user_pool(idp, UserPoolTier="LITE", **given)
    with refused("FeatureUnavailableInTierException", sentence):
        idp.update_user_pool(UserPoolId=pool_id, UserPoolTier="LITE", **given)


def test_threat_protection_is_not_in_the_essentials(idp: CognitoIdentityProviderClient) -> None:
    with refused("FeatureUnavailableInTierException"):
        a_user_pool(idp, UserPoolTier="ESSENTIALS", UserPoolAddOns=AUDIT)


def test_clients_of_the_lite_plan_rotate_no_refresh_tokens(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp, UserPoolTier="LITE")
    client_id = a_client(idp, pool_id)

    with refused("FeatureUnavailableInTierException"):
        a_client(idp, pool_id, **ROTATION)
    with refused("FeatureUnavailableInTierException"):
        idp.update_user_pool_client(UserPoolId=pool_id, ClientId=client_id, **ROTATION)


def test_domains_of_the_lite_plan_show_classic_pages(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp, UserPoolTier="LITE")
    idp.create_user_pool_domain(UserPoolId=pool_id, Domain="shop", ManagedLoginVersion=1)

    with refused("FeatureUnavailableInTierException", "Managed login is not available in the user pool's tier."):
        idp.update_user_pool_domain(UserPoolId=pool_id, Domain="shop", ManagedLoginVersion=2)


def test_a_pool_with_passkeys_is_not_lowered_to_lite(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp)
    idp.set_user_pool_mfa_config(UserPoolId=pool_id, WebAuthnConfiguration={"RelyingPartyId": "example.com"})

    with refused("TierChangeNotAllowedException"):
        idp.update_user_pool(UserPoolId=pool_id, UserPoolTier="LITE")
