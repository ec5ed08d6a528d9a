"""The fixtures that tests of DynamoDB may ask for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def tables(aws: Any) -> Any:
    """A boto3 client of DynamoDB, signed by the account's root, with a table `notes` of (owner, note)."""
    client = aws("dynamodb")
    client.create_table(
        TableName="notes",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("owner", "note", "mood")],
        KeySchema=[{"AttributeName": "owner", "KeyType": "HASH"}, {"AttributeName": "note", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "moods",
                "KeySchema": [{"AttributeName": "mood", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    return client


@pytest.fixture
def ann(aws: Any, tables: Any) -> Callable[..., Any]:
    """A maker of DynamoDB clients signed by the IAM user Ann, who may do what the statements say."""
    iam = aws("iam")
    iam.create_user(UserName="ann")
    key = iam.create_access_key(UserName="ann")["AccessKey"]

    def client(*statements: dict[str, Any]) -> Any:
        document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]}
        iam.put_user_policy(UserName="ann", PolicyName="all", PolicyDocument=json.dumps(document))
        return aws("dynamodb", key=key["AccessKeyId"], secret=key["SecretAccessKey"])

    return client
