"""Identities of an identity pool, each with its own items: the policy variable of the developer guide.

Source: Cognito Developer Guide, "IAM roles", "Fine-grained access to Amazon DynamoDB".
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.aws.dynamodb.items import NOTES, item, key
from tests.sdk import refused

Guest = Callable[[], tuple[str, Any]]

OWN = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${cognito-identity.amazonaws.com:sub}"]}}


def policy(**statement: Any) -> str:
    """Return a policy of one statement that allows."""
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


@pytest.fixture
def guest(aws: Any, tables: Any) -> Guest:
    """A maker of guests: each one's identity id, and a DynamoDB client with its credentials."""
    iam, identities = aws("iam"), aws("cognito-identity")
    pool = identities.create_identity_pool(IdentityPoolName="notes", AllowUnauthenticatedIdentities=True)
    pool_id = pool["IdentityPoolId"]
    trust = policy(
        Principal={"Federated": "cognito-identity.amazonaws.com"},
        Action="sts:AssumeRoleWithWebIdentity",
        Condition={"StringEquals": {"cognito-identity.amazonaws.com:aud": pool_id}},
    )
    role = iam.create_role(RoleName="guests", AssumeRolePolicyDocument=trust)["Role"]
    own_items = policy(Action=["dynamodb:GetItem", "dynamodb:PutItem"], Resource=NOTES, Condition=OWN)
    iam.put_role_policy(RoleName="guests", PolicyName="own", PolicyDocument=own_items)
    identities.set_identity_pool_roles(IdentityPoolId=pool_id, Roles={"unauthenticated": role["Arn"]})

    def arrive() -> tuple[str, Any]:
        identity_id = identities.get_id(IdentityPoolId=pool_id)["IdentityId"]
        given = identities.get_credentials_for_identity(IdentityId=identity_id)["Credentials"]
        client = aws("dynamodb", key=given["AccessKeyId"], secret=given["SecretKey"], token=given["SessionToken"])
        return identity_id, client

    return arrive


def test_an_identity_keeps_its_own_items(guest: Guest) -> None:
    identity_id, client = guest()

    client.put_item(TableName="notes", Item=item(identity_id, text="mine"))

    assert client.get_item(TableName="notes", Key=key(identity_id))["Item"] == item(identity_id, text="mine")


def test_an_identity_is_refused_anothers_items(guest: Guest) -> None:
    _, client = guest()
    other_id, _ = guest()

    with refused("AccessDeniedException") as caught:
        client.get_item(TableName="notes", Key=key(other_id))

    assert caught.value.response["Error"]["Message"].endswith(
        f"/CognitoIdentityCredentials is not authorized to perform: dynamodb:GetItem on resource: {NOTES} "
        "because no identity-based policy allows the dynamodb:GetItem action"
    )


def test_an_identity_is_refused_a_scan(guest: Guest) -> None:
    _, client = guest()

    with refused("AccessDeniedException"):
        client.scan(TableName="notes")
