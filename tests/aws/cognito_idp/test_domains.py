"""Domains of user pools through the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sdk import refused

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

CERTIFICATE = "arn:aws:acm:us-east-1:000000000000:certificate/1"


@pytest.fixture
def pool_id(idp: CognitoIdentityProviderClient) -> str:
    return idp.create_user_pool(PoolName="people")["UserPool"]["Id"]


def test_a_prefix_domain_is_described_with_its_pool(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    idp.create_user_pool_domain(UserPoolId=pool_id, Domain="shop", ManagedLoginVersion=2)

    described: Any = idp.describe_user_pool_domain(Domain="shop")["DomainDescription"]

    assert described["UserPoolId"] == pool_id
    assert described["AWSAccountId"] == "000000000000"
    assert described["Status"] == "ACTIVE"
    assert described["ManagedLoginVersion"] == 2
    assert described["CustomDomainConfig"] == {}
    assert idp.describe_user_pool(UserPoolId=pool_id)["UserPool"]["Domain"] == "shop"


def test_a_pool_may_have_a_prefix_and_a_custom_domain(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    idp.create_user_pool_domain(UserPoolId=pool_id, Domain="shop")

    created = idp.create_user_pool_domain(
        UserPoolId=pool_id, Domain="auth.example.com", CustomDomainConfig={"CertificateArn": CERTIFICATE}
    )

    described = idp.describe_user_pool(UserPoolId=pool_id)["UserPool"]
    assert created["CloudFrontDomain"] == "localhost:9229"
    assert (described["Domain"], described["CustomDomain"]) == ("shop", "auth.example.com")
    custom = idp.describe_user_pool_domain(Domain="auth.example.com")["DomainDescription"]
    assert custom["CustomDomainConfig"] == {"CertificateArn": CERTIFICATE}


def test_an_unknown_domain_is_described_as_nothing(idp: CognitoIdentityProviderClient) -> None:
    assert idp.describe_user_pool_domain(Domain="nothing")["DomainDescription"] == {}


def test_another_accounts_domain_is_described_as_nothing(
    idp: CognitoIdentityProviderClient, pool_id: str, aws: Any
) -> None:
    idp.create_user_pool_domain(UserPoolId=pool_id, Domain="shop")

    assert aws("cognito-idp", key="111111111111").describe_user_pool_domain(Domain="shop")["DomainDescription"] == {}


def test_a_prefix_is_taken_once_whatever_the_account(
    idp: CognitoIdentityProviderClient, pool_id: str, aws: Any
) -> None:
    stranger = aws("cognito-idp", key="111111111111")
    other_id = stranger.create_user_pool(PoolName="others")["UserPool"]["Id"]
    idp.create_user_pool_domain(UserPoolId=pool_id, Domain="shop")

    with refused("InvalidParameterException", "Domain already associated with another user pool"):
        stranger.create_user_pool_domain(UserPoolId=other_id, Domain="shop")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("mycognito", "Domain cannot contain reserved word: cognito"),
        ("aws-shop", "Domain cannot contain reserved word: aws"),
        ("amazonia", "Domain cannot contain reserved word: amazon"),
        ("a.b", "Invalid domain prefix: a.b"),
    ],
)
def test_some_prefixes_are_not_to_be_had(
    idp: CognitoIdentityProviderClient, pool_id: str, name: str, sentence: str
) -> None:
    with refused("InvalidParameterException", sentence):
        idp.create_user_pool_domain(UserPoolId=pool_id, Domain=name)


def test_a_custom_domain_never_looks_like_a_prefix(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    with refused("InvalidParameterException", "Invalid custom domain: shop"):
        idp.create_user_pool_domain(
            UserPoolId=pool_id, Domain="shop", CustomDomainConfig={"CertificateArn": CERTIFICATE}
        )


def test_a_pool_has_one_prefix(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    idp.create_user_pool_domain(UserPoolId=pool_id, Domain="shop")

    with refused("InvalidParameterException", "User pool already has a domain configured."):
        idp.create_user_pool_domain(UserPoolId=pool_id, Domain="store")


def test_a_pool_with_a_domain_is_not_deleted_until_the_domain_is(
    idp: CognitoIdentityProviderClient, pool_id: str
) -> None:
    idp.create_user_pool_domain(UserPoolId=pool_id, Domain="shop")
    with refused(
        "InvalidParameterException",
        "User pool cannot be deleted. It has a domain configured that should be deleted first.",
    ):
        idp.delete_user_pool(UserPoolId=pool_id)

    idp.delete_user_pool_domain(UserPoolId=pool_id, Domain="shop")
    idp.delete_user_pool(UserPoolId=pool_id)


def test_an_update_changes_the_pages_of_a_domain(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    idp.create_user_pool_domain(UserPoolId=pool_id, Domain="shop")

    idp.update_user_pool_domain(UserPoolId=pool_id, Domain="shop", ManagedLoginVersion=2)

    assert idp.describe_user_pool_domain(Domain="shop")["DomainDescription"]["ManagedLoginVersion"] == 2


@pytest.mark.parametrize("operation", ["delete_user_pool_domain", "update_user_pool_domain"])
def test_the_domain_of_another_pool_is_out_of_reach(
    idp: CognitoIdentityProviderClient, pool_id: str, operation: str
) -> None:
    other_id = idp.create_user_pool(PoolName="others")["UserPool"]["Id"]
    idp.create_user_pool_domain(UserPoolId=pool_id, Domain="shop")

    with refused("ResourceNotFoundException", "No such domain or user pool exists."):
        getattr(idp, operation)(UserPoolId=other_id, Domain="shop")


@pytest.mark.parametrize("version", [0, 3])
def test_a_domain_shows_classic_pages_or_managed_login(
    idp: CognitoIdentityProviderClient, pool_id: str, version: int
) -> None:
    with refused("InvalidParameterException", "ManagedLoginVersion must be 1 or 2."):
        idp.create_user_pool_domain(UserPoolId=pool_id, Domain="shop", ManagedLoginVersion=version)


def test_a_custom_domain_keeps_its_security_policy(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    named: Any = {"UserPoolId": pool_id, "Domain": "auth.example.com"}
    policy: Any = {"CertificateArn": CERTIFICATE, "SecurityPolicy": "TLS_V1_3_2025"}
    idp.create_user_pool_domain(**named, CustomDomainConfig=policy)

    idp.update_user_pool_domain(**named, CustomDomainConfig={"CertificateArn": CERTIFICATE})

    described = idp.describe_user_pool_domain(Domain="auth.example.com")["DomainDescription"]
    assert described["CustomDomainConfig"] == policy


def test_no_domain_fails_over_to_another_region(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    idp.create_user_pool_domain(UserPoolId=pool_id, Domain="shop")
    named: Any = {"UserPoolId": pool_id, "Domain": "shop"}
    failover: Any = {"SecondaryRegion": "eu-west-1", "PrimaryRoute53HealthCheckId": "1"}

    with refused("InvalidParameterException", "This server has no other region that a domain could fail over to."):
        idp.update_user_pool_domain(**named, Routing={"Failover": failover})
