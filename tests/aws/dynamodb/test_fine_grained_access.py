"""Conditions on keys and attributes: everybody's own items, and of those no more than may be seen.

Source: DynamoDB Developer Guide, "Using IAM policy conditions for fine-grained access control".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.aws.dynamodb.items import NOTES, item, key, own_items, refusal
from tests.sdk import refused

Ann = Callable[..., Any]

READ = ("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query")
WRITE = ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem")
MOOD = {":mood": {"S": "good"}}


def asked_for(owner: str) -> dict[str, Any]:
    """Return the parameters of a query for somebody's notes."""
    return {
        "TableName": "notes",
        "KeyConditionExpression": "#owner = :owner",
        "ExpressionAttributeNames": {"#owner": "owner"},
        "ExpressionAttributeValues": {":owner": {"S": owner}},
    }


def requests_for(owner: str) -> list[tuple[str, dict[str, Any]]]:
    """Return a request of every kind that works on somebody's notes."""
    legacy = {"owner": {"AttributeValueList": [{"S": owner}], "ComparisonOperator": "EQ"}}
    begins = {**asked_for(owner), "KeyConditionExpression": "(#owner = :owner) AND (begins_with(note, :note))"}
    begins["ExpressionAttributeValues"] = begins["ExpressionAttributeValues"] | {":note": {"S": "1"}}
    between = {**begins, "KeyConditionExpression": "#owner=:owner AND note BETWEEN :note AND :note"}
    return [
        ("get_item", {"TableName": "notes", "Key": key(owner)}),
        ("get_item", {"TableName": NOTES, "Key": key(owner)}),
        ("put_item", {"TableName": "notes", "Item": item(owner)}),
        (
            "update_item",
            {
                "TableName": "notes",
                "Key": key(owner),
                "UpdateExpression": "SET a = if_not_exists(a, :mood)",
                "ExpressionAttributeValues": MOOD,
            },
        ),
        ("delete_item", {"TableName": "notes", "Key": key(owner)}),
        ("query", asked_for(owner)),
        ("query", begins),
        ("query", between),
        ("query", {"TableName": "notes", "KeyConditions": legacy}),
        ("batch_get_item", {"RequestItems": {"notes": {"Keys": [key("ann"), key(owner, "2")]}}}),
        (
            "batch_write_item",
            {
                "RequestItems": {
                    "notes": [{"PutRequest": {"Item": item("ann")}}, {"DeleteRequest": {"Key": key(owner, "2")}}]
                }
            },
        ),
        ("transact_get_items", {"TransactItems": [{"Get": {"TableName": "notes", "Key": key(owner)}}]}),
        ("transact_write_items", {"TransactItems": [{"Put": {"TableName": "notes", "Item": item(owner)}}]}),
    ]


@pytest.mark.parametrize(("operation", "parameters"), requests_for("ann"))
def test_ones_own_items_are_open(ann: Ann, operation: str, parameters: dict[str, Any]) -> None:
    getattr(ann(own_items(*READ, *WRITE)), operation)(**parameters)


@pytest.mark.parametrize(("operation", "parameters"), requests_for("bob"))
def test_anothers_items_are_closed(ann: Ann, operation: str, parameters: dict[str, Any]) -> None:
    client = ann(own_items(*READ, *WRITE))

    with refused("AccessDeniedException"):
        getattr(client, operation)(**parameters)


def test_a_scan_has_no_leading_keys_so_that_for_all_values_lets_it_through(ann: Ann) -> None:
    """AWS's own trap, kept: policies must not list the action."""
    ann(own_items("dynamodb:Scan")).scan(TableName="notes")

    with refused("AccessDeniedException", refusal("Scan")):
        ann(own_items(*READ)).scan(TableName="notes")


@pytest.mark.parametrize(
    "parameters",
    [
        {"KeyConditionExpression": "#owner = :owner OR #owner = :mine"},
        {"KeyConditionExpression": "#owner = :mine AND #owner = :owner"},
        {"KeyConditionExpression": "begins_with(#owner, :mine)"},
        {"KeyConditionExpression": "#owner >= :mine"},
        {"KeyConditionExpression": "note = :mine"},
        {"KeyConditionExpression": "#nobody = :mine"},
        {"KeyConditionExpression": "#owner = :nothing"},
        {"KeyConditionExpression": "(" * 500 + "#owner = :mine" + ")" * 500},
        {"KeyConditionExpression": "#owner = :mine; #owner = :owner"},
        {"KeyConditions": {"owner": {"AttributeValueList": [{"S": "ann"}, {"S": "bob"}], "ComparisonOperator": "IN"}}},
        {
            "KeyConditionExpression": "#owner = :mine",
            "KeyConditions": {"owner": {"AttributeValueList": [{"S": "bob"}], "ComparisonOperator": "EQ"}},
        },
        {"KeyConditionExpression": "#owner = :mine", "ProjectionExpression": "note + text"},
        {"KeyConditionExpression": "#owner = :mine", "FilterExpression": "steal(note)"},
        {"QueryFilter": {"owner": {"AttributeValueList": [{"S": "ann"}], "ComparisonOperator": "EQ"}}},
    ],
)
def test_a_query_whose_keys_cannot_be_told_is_refused(ann: Ann, parameters: dict[str, Any]) -> None:
    values = {":mine": {"S": "ann"}, ":owner": {"S": "bob"}}
    names = {"#owner": "owner"}
    client = ann(own_items(*READ))

    with refused("AccessDeniedException", refusal("Query")):
        client.query(TableName="notes", ExpressionAttributeNames=names, ExpressionAttributeValues=values, **parameters)


def test_a_query_whose_keys_do_not_matter_goes_to_the_backend_as_it_is(ann: Ann) -> None:
    client = ann({"Action": "dynamodb:Query", "Resource": NOTES})

    with refused("ValidationException"):
        client.query(TableName="notes", KeyConditionExpression="owner owner")


def test_an_index_has_a_partition_key_of_its_own(ann: Ann) -> None:
    client = ann(own_items("dynamodb:Query"))
    by_mood = {"TableName": "notes", "IndexName": "moods", "KeyConditionExpression": "mood = :mood"}

    client.query(**by_mood, ExpressionAttributeValues={":mood": {"S": "ann"}})

    with refused("AccessDeniedException", refusal("Query", f"{NOTES}/index/moods")):
        client.query(**by_mood, ExpressionAttributeValues=MOOD)


def test_keys_are_told_by_the_table_as_it_is_now(ann: Ann, tables: Any) -> None:
    client = ann(own_items("dynamodb:GetItem"))
    client.get_item(TableName="notes", Key=key("ann"))
    tables.delete_table(TableName="notes")
    tables.create_table(
        TableName="notes",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("owner", "note")],
        KeySchema=[{"AttributeName": "note", "KeyType": "HASH"}, {"AttributeName": "owner", "KeyType": "RANGE"}],
        BillingMode="PAY_PER_REQUEST",
    )

    with refused("AccessDeniedException", refusal("GetItem")):
        client.get_item(TableName="notes", Key=key("ann", "bobs"))


ATTRIBUTES = {
    "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["ann"], "dynamodb:Attributes": ["owner", "note", "text"]}
}
SPECIFIC = {
    "StringEqualsIfExists": {
        "dynamodb:Select": "SPECIFIC_ATTRIBUTES",
        "dynamodb:ReturnValues": ["NONE", "UPDATED_OLD", "UPDATED_NEW"],
    }
}


@pytest.fixture
def reader(ann: Ann) -> Any:
    """A client of Ann's that may see and write three attributes of her own items."""
    return ann(own_items(*READ, *WRITE, **ATTRIBUTES, **SPECIFIC))


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        (
            "get_item",
            {"Key": key("ann"), "ProjectionExpression": "note, #t", "ExpressionAttributeNames": {"#t": "text"}},
        ),
        ("get_item", {"Key": key("ann"), "AttributesToGet": ["text"]}),
        ("query", {**asked_for("ann"), "ProjectionExpression": "#owner, note"}),
        ("put_item", {"Item": item("ann", text="hello")}),
        (
            "update_item",
            {
                "Key": key("ann"),
                "UpdateExpression": "SET #t = :mood",
                "ExpressionAttributeNames": {"#t": "text"},
                "ExpressionAttributeValues": MOOD,
            },
        ),
    ],
)
def test_the_attributes_that_one_may_see_are_open(reader: Any, operation: str, parameters: dict[str, Any]) -> None:
    getattr(reader, operation)(**{"TableName": "notes", **parameters})


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("get_item", {"Key": key("ann")}),
        ("get_item", {"Key": key("ann"), "ProjectionExpression": "note, salary"}),
        ("get_item", {"Key": key("ann"), "ProjectionExpression": "#s", "ExpressionAttributeNames": {"#s": "salary"}}),
        ("get_item", {"Key": key("ann"), "AttributesToGet": ["salary"]}),
        ("query", asked_for("ann")),
        ("query", {**asked_for("ann"), "Select": "ALL_ATTRIBUTES"}),
        ("query", {**asked_for("ann"), "Select": "SPECIFIC_ATTRIBUTES"}),
        ("query", {**asked_for("ann"), "ProjectionExpression": "note", "FilterExpression": "salary > :owner"}),
        ("put_item", {"Item": item("ann", salary="1")}),
        (
            "put_item",
            {
                "Item": item("ann"),
                "ConditionExpression": "attribute_exists(salary) OR size(salary) > :mood",
                "ExpressionAttributeValues": MOOD,
            },
        ),
        ("put_item", {"Item": item("ann"), "ReturnValues": "ALL_OLD"}),
        (
            "put_item",
            {
                "Item": item("ann"),
                "ConditionExpression": "attribute_not_exists(note)",
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            },
        ),
        ("put_item", {"Item": item("ann"), "Expected": {"salary": {"Exists": False}}}),
        (
            "update_item",
            {"Key": key("ann"), "UpdateExpression": "SET #t = salary", "ExpressionAttributeNames": {"#t": "text"}},
        ),
        ("update_item", {"Key": key("ann"), "UpdateExpression": "ADD salary :mood", "ExpressionAttributeValues": MOOD}),
        ("update_item", {"Key": key("ann"), "AttributeUpdates": {"salary": {"Action": "DELETE"}}}),
        ("batch_write_item", {"RequestItems": {"notes": [{"PutRequest": {"Item": item("ann", salary="1")}}]}}),
        ("batch_get_item", {"RequestItems": {"notes": {"Keys": [key("ann")]}}}),
    ],
)
def test_other_attributes_are_closed(reader: Any, operation: str, parameters: dict[str, Any]) -> None:
    named = {} if operation.startswith("batch") else {"TableName": "notes"}

    with refused("AccessDeniedException"):
        getattr(reader, operation)(**{**named, **parameters})


def test_a_policy_can_ask_for_a_transaction(ann: Ann) -> None:
    enclosed = {"StringEquals": {"dynamodb:EnclosingOperation": "TransactWriteItems"}}
    client = ann({"Action": "dynamodb:PutItem", "Resource": NOTES, "Condition": enclosed})

    client.transact_write_items(TransactItems=[{"Put": {"TableName": "notes", "Item": item("ann")}}])

    with refused("AccessDeniedException", refusal("PutItem")):
        client.put_item(TableName="notes", Item=item("ann"))


def test_an_explicit_deny_of_an_attribute_counts_within_a_batch(ann: Ann) -> None:
    salary = {"ForAnyValue:StringEquals": {"dynamodb:Attributes": ["salary"]}}
    client = ann(
        {"Action": "dynamodb:*", "Resource": "*"},
        {"Effect": "Deny", "Action": "dynamodb:*", "Resource": "*", "Condition": salary},
    )

    client.batch_write_item(RequestItems={"notes": [{"PutRequest": {"Item": item("ann")}}]})

    with refused("AccessDeniedException") as caught:
        client.batch_write_item(RequestItems={"notes": [{"PutRequest": {"Item": item("ann", salary="1")}}]})
    assert caught.value.response["Error"]["Message"].endswith("with an explicit deny in an identity-based policy")
