"""Policies for clients by metadata document, through the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.aws.cognito_idp.pools import a_client, a_user_pool
from tests.sdk import client_of, refused

if TYPE_CHECKING:
    from flask import Flask

PATTERNS = ["https://*.example.com/clients/*", "https://example.org/client.json"]
NOT_FOUND = "CIMD policy does not exist."
DAY = 86_400


@pytest.fixture
def pools(app: Flask) -> Any:
    """A boto3 client without type stubs, which do not know these operations yet."""
    return client_of(app, "cognito-idp")


@pytest.fixture
def pool_id(pools: Any) -> str:
    return a_user_pool(pools)


@pytest.fixture
def client_id(pools: Any, pool_id: str) -> str:
    return a_client(pools, pool_id)


def a_policy(pools: Any, pool_id: str, client_id: str, **changed: Any) -> Any:
    given = {"PolicyName": "Agents", "URLPatterns": PATTERNS, **changed}
    return pools.create_cimd_policy(UserPoolId=pool_id, ClientId=client_id, **given)["CIMDPolicy"]


def test_a_policy_is_described_as_it_was_made(pools: Any, pool_id: str, client_id: str) -> None:
    made = a_policy(pools, pool_id, client_id)

    described = pools.describe_cimd_policy(UserPoolId=pool_id, CIMDPolicyId=made["CIMDPolicyId"])["CIMDPolicy"]

    assert described == made
    assert (made["UserPoolId"], made["ClientId"], made["PolicyName"]) == (pool_id, client_id, "Agents")
    assert (made["CacheDuration"], made["URLPatterns"]) == (DAY, PATTERNS)


def test_an_update_keeps_the_name_and_the_duration_that_it_does_not_bring(
    pools: Any, pool_id: str, client_id: str
) -> None:
    made = a_policy(pools, pool_id, client_id, CacheDuration=2 * DAY)
    other = a_client(pools, pool_id)
    named = {"UserPoolId": pool_id, "CIMDPolicyId": made["CIMDPolicyId"]}

    changed = pools.update_cimd_policy(**named, ClientId=other, URLPatterns=PATTERNS[:1])["CIMDPolicy"]

    assert (changed["ClientId"], changed["URLPatterns"]) == (other, PATTERNS[:1])
    assert (changed["PolicyName"], changed["CacheDuration"]) == ("Agents", 2 * DAY)
    assert pools.describe_cimd_policy(**named)["CIMDPolicy"] == changed


def test_a_deleted_policy_is_gone(pools: Any, pool_id: str, client_id: str) -> None:
    named = {"UserPoolId": pool_id, "CIMDPolicyId": a_policy(pools, pool_id, client_id)["CIMDPolicyId"]}

    pools.delete_cimd_policy(**named)

    with refused("ResourceNotFoundException", NOT_FOUND):
        pools.describe_cimd_policy(**named)
    with refused("ResourceNotFoundException", NOT_FOUND):
        pools.delete_cimd_policy(**named)
    with refused("ResourceNotFoundException", NOT_FOUND):
        pools.update_cimd_policy(**named, ClientId=client_id, URLPatterns=PATTERNS)
    with refused("ResourceNotFoundException", NOT_FOUND):
        pools.list_client_metadata_urls(**named)


def test_policies_are_listed_page_by_page(pools: Any, pool_id: str, client_id: str) -> None:
    made = sorted(a_policy(pools, pool_id, client_id, PolicyName=name)["CIMDPolicyId"] for name in "abc")

    first = pools.list_cimd_policies(UserPoolId=pool_id, MaxResults=2)
    rest = pools.list_cimd_policies(UserPoolId=pool_id, MaxResults=2, NextToken=first["NextToken"])

    assert [each["CIMDPolicyId"] for each in first["CIMDPolicies"] + rest["CIMDPolicies"]] == made
    assert "NextToken" not in rest
    assert "URLPatterns" not in first["CIMDPolicies"][0]


def test_a_policy_outlives_its_app_client_and_names_it_no_more(pools: Any, pool_id: str, client_id: str) -> None:
    made = a_policy(pools, pool_id, client_id)

    pools.delete_user_pool_client(UserPoolId=pool_id, ClientId=client_id)

    named = {"UserPoolId": pool_id, "CIMDPolicyId": made["CIMDPolicyId"]}
    assert "ClientId" not in pools.describe_cimd_policy(**named)["CIMDPolicy"]


def test_a_policy_is_for_a_client_of_its_pool(pools: Any, client_id: str) -> None:
    with refused("ResourceNotFoundException"):
        a_policy(pools, a_user_pool(pools), client_id)


def test_a_pool_has_a_limited_number_of_policies(pools: Any, pool_id: str, client_id: str) -> None:
    [a_policy(pools, pool_id, client_id) for _ in range(50)]

    with refused("LimitExceededException", "A user pool has at most 50 CIMD policies."):
        a_policy(pools, pool_id, client_id)


@pytest.mark.parametrize(
    "pattern",
    [
        "https://example.com*",
        "https://example.com",
        "https://*/client.json",
        "https://*.com/client.json",
        "https://www.*.com/client.json",
        "https://*example.com/client.json",
        "https://ann@example.com/client.json",
        "https:///client.json",
    ],
)
def test_a_pattern_that_lets_in_hosts_it_does_not_show_is_refused(
    pools: Any, pool_id: str, client_id: str, pattern: str
) -> None:
    sentence = f"The URL pattern {pattern} must have a host, with a wildcard at most at its start."
    with refused("InvalidParameterException", sentence):
        a_policy(pools, pool_id, client_id, URLPatterns=[pattern])


@pytest.mark.parametrize("action", ["REFRESH", "INVALIDATE"])
def test_the_state_of_a_url_that_was_never_seen_cannot_be_changed(
    pools: Any, pool_id: str, client_id: str, action: str
) -> None:
    named = {"UserPoolId": pool_id, "CIMDPolicyId": a_policy(pools, pool_id, client_id)["CIMDPolicyId"]}

    with refused("CachedCIMDURLDoesNotExistException", "The client metadata URL is not cached for the policy."):
        pools.update_client_metadata_url_state(**named, URL="https://example.org/client.json", Action=action)
