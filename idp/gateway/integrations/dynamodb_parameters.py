"""Have the parameters of a DynamoDB action the form that decisions about them rely on?

Members that are not here are those of DynamoDB's first API, which its expressions have replaced.
Source: API reference of DynamoDB, one page for each action.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

Check = Callable[[Any], bool]


def is_well_formed(action: str, parameters: Mapping[str, Any]) -> bool:
    """Say whether an action can be decided on and carried out."""
    return _FORMS.get(action, _is_of_one_table)(parameters)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_item(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(each, dict) for each in value.values())


def _is_names(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())


def _is_anything(value: Any) -> bool:  # noqa: ARG001
    return True


def _list_of(check: Check) -> Check:
    return lambda value: isinstance(value, list) and bool(value) and all(check(each) for each in value)


def _by_table(check: Check) -> Check:
    return lambda value: isinstance(value, dict) and bool(value) and all(check(each) for each in value.values())


def _structure(members: Mapping[str, Check], *required: str) -> Check:
    def check(value: Any) -> bool:
        return (
            isinstance(value, dict)
            and all(name in value for name in required)
            and all(name in members and members[name](each) for name, each in value.items())
        )

    return check


def _one_of(members: Mapping[str, Check]) -> Check:
    check = _structure(members)
    return lambda value: check(value) and len(value) == 1


_READ: Final[Mapping[str, Check]] = {
    "ExpressionAttributeNames": _is_names,
    "ProjectionExpression": _is_text,
}
_ONE_TABLE: Final[Mapping[str, Check]] = {
    **_READ,
    "TableName": _is_text,
    "IndexName": _is_text,
    "Key": _is_item,
    "Item": _is_item,
    "ExpressionAttributeValues": _is_item,
    "ExclusiveStartKey": _is_item,
    "ConditionExpression": _is_text,
    "FilterExpression": _is_text,
    "KeyConditionExpression": _is_text,
    "UpdateExpression": _is_text,
    "ReturnConsumedCapacity": _is_text,
    "ReturnItemCollectionMetrics": _is_text,
    "ReturnValues": _is_text,
    "ReturnValuesOnConditionCheckFailure": _is_text,
    "Select": _is_text,
    "ConsistentRead": _is_anything,
    "Limit": _is_anything,
    "ScanIndexForward": _is_anything,
    "Segment": _is_anything,
    "TotalSegments": _is_anything,
}
_WRITE: Final[Mapping[str, Check]] = {
    "TableName": _is_text,
    "ExpressionAttributeNames": _is_names,
    "ExpressionAttributeValues": _is_item,
    "ConditionExpression": _is_text,
    "ReturnValuesOnConditionCheckFailure": _is_text,
}
_ANSWERED: Final[Mapping[str, Check]] = {"ReturnConsumedCapacity": _is_text, "ReturnItemCollectionMetrics": _is_text}
_BY_KEY: Final = _structure({**_WRITE, "Key": _is_item}, "TableName", "Key")
_is_of_one_table: Final = _structure(_ONE_TABLE, "TableName")
_KEYS: Final = _structure({**_READ, "Keys": _list_of(_is_item), "ConsistentRead": _is_anything}, "Keys")
_BATCH_WRITE: Final = _one_of(
    {
        "PutRequest": _structure({"Item": _is_item}, "Item"),
        "DeleteRequest": _structure({"Key": _is_item}, "Key"),
    }
)
_TRANSACTION_GET: Final = _structure(
    {"Get": _structure({**_READ, "TableName": _is_text, "Key": _is_item}, "TableName", "Key")}, "Get"
)
_TRANSACTION_WRITE: Final = _one_of(
    {
        "Put": _structure({**_WRITE, "Item": _is_item}, "TableName", "Item"),
        "Update": _structure(
            {**_WRITE, "Key": _is_item, "UpdateExpression": _is_text}, "TableName", "Key", "UpdateExpression"
        ),
        "Delete": _BY_KEY,
        "ConditionCheck": _BY_KEY,
    }
)
_FORMS: Final[Mapping[str, Check]] = {
    "BatchGetItem": _structure({"RequestItems": _by_table(_KEYS), **_ANSWERED}, "RequestItems"),
    "BatchWriteItem": _structure({"RequestItems": _by_table(_list_of(_BATCH_WRITE)), **_ANSWERED}, "RequestItems"),
    "TransactGetItems": _structure({"TransactItems": _list_of(_TRANSACTION_GET), **_ANSWERED}, "TransactItems"),
    "TransactWriteItems": _structure(
        {"TransactItems": _list_of(_TRANSACTION_WRITE), "ClientRequestToken": _is_text, **_ANSWERED}, "TransactItems"
    ),
}
