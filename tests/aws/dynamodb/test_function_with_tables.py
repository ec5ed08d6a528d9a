"""A Lambda function that uses DynamoDB by its role, over a real socket."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from idp import bootstrap
from idp.app import mount_faces
from idp.settings import Settings
from tests.aws.lambda_.code import ROLE, answered, created
from tests.sdk import client_of, refused

WRITER = """
import boto3

tables = boto3.client("dynamodb")

def handler(event, context):
    try:
        tables.put_item(TableName=event["table"], Item={"owner": {"S": event["owner"]}, "note": {"S": "1"}})
    except tables.exceptions.ClientError as error:
        return error.response["Error"]["Message"]
    return "written"
"""

NOTES: dict[str, Any] = {
    "TableName": "notes",
    "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("owner", "note")],
    "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}, {"AttributeName": "note", "KeyType": "RANGE"}],
    "BillingMode": "PAY_PER_REQUEST",
}


@pytest.fixture
def live(settings: Settings) -> Iterator[Flask]:
    """The whole server on a loopback port, at the real time: functions sign by their own clock."""
    server = make_server("127.0.0.1", 0, Flask("placeholder"), threaded=True)
    services = bootstrap.build(replace(settings, port=server.server_port))
    app = mount_faces(services)
    server.app = app
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield app
    bootstrap.close(services)
    server.shutdown()
    server.server_close()


def policy(**statement: Any) -> str:
    """Return a policy of one statement that allows."""
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


def test_a_function_uses_the_tables_that_its_role_may_use(live: Flask) -> None:
    iam, functions, tables = (client_of(live, each) for each in ("iam", "lambda", "dynamodb"))
    tables.create_table(**NOTES)
    trust = policy(Principal={"Service": "lambda.amazonaws.com"}, Action="sts:AssumeRole")
    iam.create_role(RoleName="runner", AssumeRolePolicyDocument=trust)
    own = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["ann"]}}
    allowed = policy(Action="dynamodb:PutItem", Resource="arn:aws:dynamodb:*:*:table/notes", Condition=own)
    iam.put_role_policy(RoleName="runner", PolicyName="notes", PolicyDocument=allowed)
    created(functions, WRITER, FunctionName="writer", Role=ROLE, Timeout=20)

    assert answered(functions, {"table": "notes", "owner": "ann"}, "writer") == "written"
    assert tables.scan(TableName="notes")["Items"] == [{"owner": {"S": "ann"}, "note": {"S": "1"}}]
    assert answered(functions, {"table": "notes", "owner": "bob"}, "writer") == (
        "User: arn:aws:sts::000000000000:assumed-role/runner/writer is not authorized to perform: dynamodb:PutItem on "
        "resource: arn:aws:dynamodb:us-east-1:000000000000:table/notes because no identity-based policy allows the "
        "dynamodb:PutItem action"
    )


def test_a_reset_takes_tables_and_functions_along(live: Flask) -> None:
    functions, tables = client_of(live, "lambda"), client_of(live, "dynamodb")
    created(functions)
    answered(functions, {})
    tables.create_table(**NOTES)

    assert live.test_client().post("/_dev/reset").status_code == 200

    assert tables.list_tables()["TableNames"] == []
    with refused("ResourceNotFoundException"):
        functions.invoke(FunctionName="greeter")
    assert created(functions)["FunctionName"] == "greeter"
    assert answered(functions, {"name": "Ann"})["hello"] == "Ann"
