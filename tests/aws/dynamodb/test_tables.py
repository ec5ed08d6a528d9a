"""DynamoDB requests on their way to a backend: whose tables, whose word, and what never gets through."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from tests.aws.dynamodb.items import ANN, NOTES, item, key, refusal
from tests.sdk import refused

Ann = Callable[..., Any]


def test_an_item_is_kept(tables: Any) -> None:
    tables.put_item(TableName="notes", Item=item("ann", text="hello"))

    assert tables.get_item(TableName="notes", Key=key("ann"))["Item"] == item("ann", text="hello")


def test_accounts_and_regions_have_tables_of_their_own(aws: Any, tables: Any) -> None:
    assert tables.list_tables()["TableNames"] == ["notes"]
    assert aws("dynamodb", key="111122223333").list_tables()["TableNames"] == []
    assert aws("dynamodb", region="eu-west-1").list_tables()["TableNames"] == []


def test_a_client_does_not_choose_the_account_by_a_header_of_the_backend(aws: Any, tables: Any) -> None:
    stranger = aws("dynamodb", key="111122223333")
    stranger.meta.events.register("before-sign", _name_another_account)

    assert stranger.list_tables()["TableNames"] == []


def test_an_arn_of_the_table_does_for_its_name(tables: Any) -> None:
    tables.put_item(TableName=NOTES, Item=item("ann"))

    assert tables.get_item(TableName="notes", Key=key("ann"))["Item"] == item("ann")


def test_the_root_of_another_account_is_refused_a_table(aws: Any, tables: Any) -> None:
    with refused(
        "AccessDeniedException",
        "User: arn:aws:iam::111122223333:root is not authorized to perform: dynamodb:GetItem on resource: "
        f"{NOTES} because no resource-based policy allows the dynamodb:GetItem action",
    ):
        aws("dynamodb", key="111122223333").get_item(TableName=NOTES, Key=key("ann"))


def test_a_table_of_another_region_is_not_found(aws: Any, tables: Any) -> None:
    with refused("ResourceNotFoundException", "Requested resource not found"):
        aws("dynamodb", region="eu-west-1").get_item(TableName=NOTES, Key=key("ann"))


def test_a_table_that_does_not_exist_is_not_found(tables: Any) -> None:
    with refused("ResourceNotFoundException", "Requested resource not found"):
        tables.get_item(TableName="nothing", Key=key("ann"))


def test_a_condition_that_fails_is_told(tables: Any) -> None:
    tables.put_item(TableName="notes", Item=item("ann"))

    with refused("ConditionalCheckFailedException", "The conditional request failed"):
        tables.put_item(TableName="notes", Item=item("ann"), ConditionExpression="attribute_not_exists(note)")


def test_a_stream_is_read(aws: Any, tables: Any) -> None:
    stream = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    arn = tables.update_table(TableName="notes", StreamSpecification=stream)["TableDescription"]["LatestStreamArn"]
    tables.put_item(TableName="notes", Item=item("ann"))
    streams = aws("dynamodbstreams")
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")

    records = streams.get_records(ShardIterator=iterator["ShardIterator"])["Records"]

    assert [each["dynamodb"]["NewImage"] for each in records] == [item("ann")]


def test_a_constraint_of_the_model_is_held_here(tables: Any) -> None:
    with refused(
        "ValidationException",
        "1 validation error detected: Value null at 'key' failed to satisfy constraint: Member must not be null",
    ):
        tables.get_item(TableName="notes")


@pytest.mark.parametrize("operation", ["list_global_tables", "enable_kinesis_streaming_destination"])
def test_an_operation_that_is_not_passed_on_is_declined(tables: Any, operation: str) -> None:
    with refused("UnknownOperationException"):
        getattr(tables, operation)()


def test_a_user_needs_leave_for_the_very_table(ann: Ann) -> None:
    client = ann({"Action": "dynamodb:GetItem", "Resource": NOTES})

    client.get_item(TableName="notes", Key=key("bob"))

    with refused("AccessDeniedException", refusal("GetItem", f"{NOTES}-2")):
        client.get_item(TableName="notes-2", Key=key("bob"))
    with refused("AccessDeniedException", refusal("PutItem")):
        client.put_item(TableName="notes", Item=item("bob"))


def test_a_refusal_has_dynamodbs_form(ann: Ann) -> None:
    client, bodies = ann({"Action": "dynamodb:GetItem", "Resource": NOTES}), []
    client.meta.events.register("after-call", lambda http_response, **_: bodies.append(http_response.content))

    with refused("AccessDeniedException") as caught:
        client.list_tables()

    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert json.loads(bodies[0]) == {
        "__type": "com.amazon.coral.service#AccessDeniedException",
        "Message": refusal("ListTables", "*"),
    }


def test_an_unsigned_request_is_refused(web: FlaskClient) -> None:
    target = {"X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Type": "application/x-amz-json-1.0"}

    answer = web.post("/", headers=target)

    assert answer.status_code == 400
    assert answer.get_json(force=True) == {
        "__type": "com.amazon.coral.service#MissingAuthenticationTokenException",
        "message": "Request is missing Authentication Token",
    }


def test_leave_is_asked_for_before_parameters_are_checked(ann: Ann) -> None:
    client = ann({"Action": "dynamodb:PutItem", "Resource": NOTES})

    with refused("AccessDeniedException", refusal("GetItem")):
        client.get_item(TableName="notes")


def test_leave_for_a_table_does_not_cover_its_indexes(ann: Ann) -> None:
    client = ann({"Action": "dynamodb:Query", "Resource": NOTES})

    with refused("AccessDeniedException", refusal("Query", f"{NOTES}/index/moods")):
        client.query(
            TableName="notes",
            IndexName="moods",
            KeyConditionExpression="mood = :mood",
            ExpressionAttributeValues={":mood": {"S": "good"}},
        )


def test_every_item_of_a_transaction_needs_leave(ann: Ann) -> None:
    client = ann({"Action": "dynamodb:PutItem", "Resource": NOTES})
    put = {"Put": {"TableName": "notes", "Item": item("ann")}}
    delete = {"Delete": {"TableName": "notes", "Key": key("bob")}}

    client.transact_write_items(TransactItems=[put])

    with refused("AccessDeniedException", refusal("DeleteItem")):
        client.transact_write_items(TransactItems=[put, delete])


def test_every_table_of_a_batch_needs_leave(ann: Ann) -> None:
    client = ann({"Action": "dynamodb:BatchGetItem", "Resource": NOTES})

    with refused("AccessDeniedException", refusal("BatchGetItem", f"{NOTES}-2")):
        client.batch_get_item(RequestItems={"notes": {"Keys": [key("ann")]}, "notes-2": {"Keys": [key("ann")]}})


def test_statements_are_for_the_root(ann: Ann, tables: Any) -> None:
    tables.put_item(TableName="notes", Item=item("ann"))
    statement = 'SELECT * FROM "notes"'

    assert tables.execute_statement(Statement=statement)["Items"] == [item("ann")]

    with refused(
        "AccessDeniedException",
        f"User: {ANN} is not authorized to perform: dynamodb:ExecuteStatement because PartiQL statements are served to "
        "the account's root only",
    ):
        ann({"Action": "dynamodb:*", "Resource": "*"}).execute_statement(Statement=statement)


def test_a_member_that_is_given_twice_means_to_the_backend_what_was_decided_on(ann: Ann, tables: Any) -> None:
    tables.put_item(TableName="notes", Item=item("bob"))
    client = ann({"Action": "dynamodb:GetItem", "Resource": NOTES})
    client.meta.events.register("before-sign.dynamodb.GetItem", _name_another_table_first)

    assert client.get_item(TableName="notes", Key=key("bob"))["Item"] == item("bob")


def _name_another_account(request: Any, **_: Any) -> None:
    request.headers["x-moto-account-id"] = "000000000000"


def _name_another_table_first(request: Any, **_: Any) -> None:
    body = json.loads(request.data)
    request.data = ('{"TableName": "secrets", ' + json.dumps(body)[1:]).encode()
    assert urlsplit(request.url).path == "/"
