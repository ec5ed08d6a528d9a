"""DynamoDB behind routes: called in the integration's role, which may do what its policies say."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from tests.gateway.callers import Deploy, Get
from tests.gateway.documents import ACCOUNT, ROLE, operation, policy, rest_api

TABLE = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/pets"
KEY = '"Key": {"id": {"S": "$util.escapeJavaScript($input.params(\'id\'))"}}'
ITEM = '"Item": {"id": {"S": "$input.params(\'id\')"}, "name": {"S": $input.json(\'$.name\')}}'
QUERY = '"KeyConditionExpression": "id = :id", "ExpressionAttributeValues": {":id": {"S": "$input.params(\'id\')"}}'
ANSWERS = {"4\\d{2}": {"statusCode": 400}, "default": {"statusCode": 200}}


def to_dynamodb(action: str, members: str, **settings: Any) -> dict[str, Any]:
    """Return an operation that calls an action on the table `pets`."""
    return operation(
        {
            "type": "aws",
            "httpMethod": "POST",
            "uri": f"arn:aws:apigateway:us-east-1:dynamodb:action/{action}",
            "credentials": ROLE,
            "requestTemplates": {"application/json": f'{{"TableName": "pets", {members}}}'},
            "responses": ANSWERS,
            **settings,
        }
    )


NAME_ONLY = {
    "default": {
        "statusCode": 200,
        "responseTemplates": {"application/json": '{"name": "$input.path(\'$.Item.name.S\')"}'},
    }
}
PETS = rest_api(
    {
        "/pets/{id}": {
            "get": to_dynamodb("GetItem", KEY),
            "put": to_dynamodb("PutItem", ITEM),
            "post": to_dynamodb("Query", QUERY),
            "head": to_dynamodb("GetItem", KEY, responses=NAME_ONLY),
        },
        "/names/{id}": {"get": to_dynamodb("GetItem", KEY, responses=NAME_ONLY)},
        "/raw": {"post": to_dynamodb("GetItem", "", requestTemplates={})},
    }
)


@pytest.fixture
def role_may(aws: Any) -> Callable[..., None]:
    """Make the integration's role, with a policy of these statements."""

    def made(*statements: dict[str, Any], service: str = "apigateway.amazonaws.com") -> None:
        iam = aws("iam")
        trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}
        iam.create_role(RoleName="integration", AssumeRolePolicyDocument=json.dumps(policy(trust)))
        iam.put_role_policy(RoleName="integration", PolicyName="p", PolicyDocument=json.dumps(policy(*statements)))

    return made


@pytest.fixture(autouse=True)
def table(aws: Any) -> None:
    """Make the table."""
    aws("dynamodb").create_table(
        TableName="pets",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )


def may(*actions: str, **members: Any) -> dict[str, Any]:
    """Return a statement about the table."""
    return {"Effect": "Allow", "Action": [f"dynamodb:{action}" for action in actions], "Resource": TABLE, **members}


def test_items_are_put_got_and_queried_through_templates(
    deploy: Deploy,
    get: Get,
    role_may: Callable[..., None],
) -> None:
    role_may(may("PutItem", "GetItem", "Query"))
    deploy(PETS)
    put = get("/pets/7", method="PUT", data=b'{"name": "Rex"}', headers={"Content-Type": "application/json"})
    assert (put.status_code, put.data) == (200, b"{}")
    got = get("/pets/7")
    assert got.headers["Content-Type"] == "application/json"
    assert orjson.loads(got.data) == {"Item": {"id": {"S": "7"}, "name": {"S": "Rex"}}}
    assert orjson.loads(get("/pets/7", method="POST").data)["Count"] == 1
    assert get("/names/7").data == b'{"name": "Rex"}'


def test_the_role_may_do_no_more_than_its_policies_say(deploy: Deploy, get: Get, role_may: Callable[..., None]) -> None:
    role_may(may("GetItem"))
    deploy(PETS)
    assert get("/pets/7").status_code == 200
    answer = get("/pets/7", method="PUT", data=b'{"name": "Rex"}')
    assert answer.status_code == 400
    assert orjson.loads(answer.data) == {
        "__type": "com.amazon.coral.service#AccessDeniedException",
        "Message": f"User: arn:aws:sts::{ACCOUNT}:assumed-role/integration/BackplaneAssumeRoleSession is not authorized "
        f"to perform: dynamodb:PutItem on resource: {TABLE} because no identity-based policy allows the "
        "dynamodb:PutItem action",
    }


def test_conditions_on_keys_count(deploy: Deploy, get: Get, role_may: Callable[..., None]) -> None:
    role_may(may("GetItem", Condition={"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["7"]}}))
    deploy(PETS)
    assert get("/pets/7").status_code == 200
    assert get("/pets/8").status_code == 400


@pytest.mark.parametrize("service", ["lambda.amazonaws.com"])
def test_a_role_that_does_not_trust_api_gateway_is_a_server_error(
    deploy: Deploy,
    get: Get,
    role_may: Callable[..., None],
    service: str,
) -> None:
    role_may(may("GetItem"), service=service)
    deploy(PETS)
    answer = get("/pets/7")
    assert (answer.status_code, answer.data) == (500, b'{"message":"Internal server error"}')


def test_a_role_that_is_not_there_is_a_server_error(deploy: Deploy, get: Get) -> None:
    deploy(PETS)
    assert get("/pets/7").status_code == 500


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"TableName": 7}',
        b'{"Key": {"id": {"S": "7"}}}',
        b'{"TableName": "pets", "Key": "7"}',
        b'{"TableName": "pets", "Key": {"id": "7"}}',
        b'{"TableName": "pets", "AttributesToGet": ["id"]}',
    ],
)
def test_parameters_that_are_none_of_the_actions_reach_no_table(
    deploy: Deploy,
    get: Get,
    role_may: Callable[..., None],
    body: bytes,
) -> None:
    role_may(may("GetItem"))
    deploy(PETS)
    answer = get("/raw", method="POST", data=body)
    assert answer.status_code == 400
    assert orjson.loads(answer.data)["__type"] == "com.amazon.coral.validate#ValidationException"


def test_a_value_cannot_break_out_of_its_place_in_a_template(
    deploy: Deploy,
    get: Get,
    role_may: Callable[..., None],
) -> None:
    role_may(may("GetItem"))
    deploy(PETS)
    answer = get("/pets/7%22%7D%7D,%20%22TableName%22:%20%22other")
    assert answer.status_code == 200
    assert answer.data == b"{}"


REX = {"id": {"S": "7"}, "name": {"S": "Rex"}}
SEVEN = {"id": {"S": "7"}}
MANY: list[tuple[str, str, dict[str, Any]]] = [
    ("BatchWriteItem", "BatchWriteItem", {"RequestItems": {"pets": [{"PutRequest": {"Item": REX}}]}}),
    ("BatchGetItem", "BatchGetItem", {"RequestItems": {"pets": {"Keys": [SEVEN]}}}),
    ("TransactWriteItems", "PutItem", {"TransactItems": [{"Put": {"TableName": "pets", "Item": REX}}]}),
    ("TransactGetItems", "GetItem", {"TransactItems": [{"Get": {"TableName": "pets", "Key": SEVEN}}]}),
]


@pytest.mark.parametrize(("action", "permission", "parameters"), MANY)
def test_many_items_are_for_roles_that_may_touch_each(
    deploy: Deploy, get: Get, role_may: Callable[..., None], action: str, permission: str, parameters: dict[str, Any]
) -> None:
    role_may(may(permission, Condition={"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["7"]}}))
    deploy(rest_api({"/": {"post": to_dynamodb(action, "", requestTemplates={})}}))
    assert get("/", method="POST", data=orjson.dumps(parameters)).status_code == 200
    foreign = orjson.dumps(parameters).replace(b'"7"', b'"8"')
    refused = get("/", method="POST", data=foreign)
    assert (refused.status_code, orjson.loads(refused.data)["__type"]) == (
        400,
        "com.amazon.coral.service#AccessDeniedException",
    )


@pytest.mark.parametrize(
    ("action", "parameters"),
    [
        ("BatchGetItem", {}),
        ("BatchGetItem", {"RequestItems": {"pets": {"Keys": []}}}),
        ("BatchGetItem", {"RequestItems": {"pets": {"Keys": [SEVEN], "AttributesToGet": ["id"]}}}),
        ("BatchWriteItem", {"RequestItems": {"pets": [{}]}}),
        ("BatchWriteItem", {"RequestItems": {"pets": [{"PutRequest": {"Key": SEVEN}}]}}),
        ("TransactGetItems", {"TransactItems": [{"Put": {"TableName": "pets", "Item": REX}}]}),
        ("TransactWriteItems", {"TransactItems": [{"Update": {"TableName": "pets", "Key": SEVEN}}]}),
        (
            "TransactWriteItems",
            {
                "TransactItems": [
                    {"Put": {"TableName": "pets", "Item": REX}, "Delete": {"TableName": "x", "Key": SEVEN}}
                ]
            },
        ),
    ],
)
def test_parameters_for_many_items_must_be_those_of_the_action(
    deploy: Deploy, get: Get, role_may: Callable[..., None], action: str, parameters: dict[str, Any]
) -> None:
    role_may({"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"})
    deploy(rest_api({"/": {"post": to_dynamodb(action, "", requestTemplates={})}}))
    answer = get("/", method="POST", data=orjson.dumps(parameters))
    assert (answer.status_code, orjson.loads(answer.data)["__type"]) == (
        400,
        "com.amazon.coral.validate#ValidationException",
    )
