"""What a DynamoDB request touches: for IAM's decision, every table with the keys and attributes it names.

Source: DynamoDB Developer Guide, "Using IAM policy conditions for fine-grained access control"; spec LAMBDA section 2,
STS_IAM section 5.
Unknown: what AWS takes for dynamodb:Select of a GetItem, for dynamodb:ReturnValues of a request that gives none, and
whether ReturnValuesOnConditionCheckFailure counts. We take what the request can return: ALL_ATTRIBUTES without a projection,
NONE, and ALL_OLD if a failed condition shows the item.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from idp.domain.dynamodb_expression import (
    Unreadable,
    attributes_of_condition,
    attributes_of_projection,
    attributes_of_update,
    key_conditions,
)
from idp.domain.dynamodb_operations import BY_ARN

Request = Mapping[str, Any]
KeyNames = Mapping[str | None, str]
ConditionKeys = Mapping[str, str | tuple[str, ...]]
KeysOf = Callable[[str], KeyNames]
"""A table, as the request names it -> the partition keys of it (None) and of its indexes."""

_ITEM_OPERATIONS = frozenset({"GetItem", "PutItem", "UpdateItem", "DeleteItem"})
_WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"})
_ITEM_ACTIONS: Mapping[str, str] = {
    "Get": "GetItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
"""Items of transactions, and the actions they are decided as."""

_NAMED_BY_KEYS = ("Key", "Item", "AttributeUpdates", "Expected", "KeyConditions", "QueryFilter", "ScanFilter")
_CONDITIONS = ("ConditionExpression", "FilterExpression", "KeyConditionExpression")
MAX_EXPONENT = 130


@dataclass(frozen=True, slots=True)
class TableAccess:
    """One decision to ask IAM for.

    Attributes:
        operation: such as `GetItem`; the action without its prefix.
        table: as the request names it, by name or ARN (also of a backup or stream); None for what concerns no table.
        keys: condition keys (`dynamodb:…`).
    """

    operation: str
    table: str | None
    index: str | None = None
    keys: ConditionKeys = field(default_factory=dict)


def read_accesses(operation: str, request: Request, keys_of: KeysOf) -> list[TableAccess]:
    """Return all that a request touches, with every condition key.

    Args:
        request: of the form that the service's model wants.

    Raises:
        Unreadable: keys or attributes cannot be told.
    """
    if operation in _ITEM_OPERATIONS:
        return [_item_access(operation, request, keys_of)]
    if operation in {"Query", "Scan"}:
        return [_search_access(operation, request, keys_of)]
    if operation == "BatchGetItem":
        return [_batch_get_access(table, each, keys_of) for table, each in request["RequestItems"].items()]
    if operation == "BatchWriteItem":
        return [_batch_write_access(table, each, keys_of) for table, each in request["RequestItems"].items()]
    if operation in {"TransactGetItems", "TransactWriteItems"}:
        return [_transaction_access(operation, *each, keys_of) for each in _transaction_items(request)]
    return bare_accesses(operation, request)


def bare_accesses(operation: str, request: Request) -> list[TableAccess]:
    """Return all that a request touches, without condition keys."""
    if operation in {"BatchGetItem", "BatchWriteItem"}:
        return [TableAccess(operation, table) for table in request["RequestItems"]]
    if operation in {"TransactGetItems", "TransactWriteItems"}:
        return [TableAccess(_ITEM_ACTIONS[kind], item["TableName"]) for kind, item in _transaction_items(request)]
    return [TableAccess(operation, request.get(BY_ARN.get(operation, "TableName")), request.get("IndexName"))]


def _item_access(operation: str, request: Request, keys_of: KeysOf) -> TableAccess:
    table, place = request.get("TableName"), request.get("Item" if operation == "PutItem" else "Key")
    if table is None or place is None:
        raise Unreadable("no table or no key")
    keys: ConditionKeys = {
        "dynamodb:LeadingKeys": (_leading_key(place, keys_of(table)),),
        "dynamodb:Attributes": _attributes(request),
        **_returned(operation, request),
    }
    return TableAccess(operation, table, keys=keys)


def _transaction_access(enclosing: str, kind: str, item: Request, keys_of: KeysOf) -> TableAccess:
    access = _item_access(_ITEM_ACTIONS[kind], item, keys_of)
    return TableAccess(access.operation, access.table, keys={**access.keys, "dynamodb:EnclosingOperation": enclosing})


def _transaction_items(request: Request) -> list[tuple[str, Request]]:
    return [(kind, item) for each in request["TransactItems"] for kind, item in each.items() if item is not None]


def _search_access(operation: str, request: Request, keys_of: KeysOf) -> TableAccess:
    table, index = request.get("TableName"), request.get("IndexName")
    if table is None:
        raise Unreadable("no table")
    keys: dict[str, str | tuple[str, ...]] = {**_returned(operation, request)}
    if operation == "Query":
        keys["dynamodb:LeadingKeys"] = (_queried_key(request, keys_of(table).get(index)),)
    attributes = _attributes(request)
    if attributes:
        keys["dynamodb:Attributes"] = attributes
    return TableAccess(operation, table, index, keys)


def _batch_get_access(table: str, request: Request, keys_of: KeysOf) -> TableAccess:
    names = keys_of(table)
    attributes = {*_attributes(request), *(name for key in request["Keys"] for name in key)}
    keys: ConditionKeys = {
        "dynamodb:LeadingKeys": _distinct(_leading_key(key, names) for key in request["Keys"]),
        "dynamodb:Attributes": tuple(sorted(attributes)),
        **_returned("GetItem", request),
    }
    return TableAccess("BatchGetItem", table, keys=keys)


def _batch_write_access(table: str, requests: Iterable[Request], keys_of: KeysOf) -> TableAccess:
    names = keys_of(table)
    places = [
        place
        for each in requests
        for request, member in ((each.get("PutRequest"), "Item"), (each.get("DeleteRequest"), "Key"))
        if request is not None
        for place in (request[member],)
    ]
    keys: ConditionKeys = {
        "dynamodb:LeadingKeys": _distinct(_leading_key(place, names) for place in places),
        "dynamodb:Attributes": tuple(sorted({name for place in places for name in place})),
    }
    return TableAccess("BatchWriteItem", table, keys=keys)


def _returned(operation: str, request: Request) -> dict[str, str]:
    """Return the keys that say what an answer may show."""
    keys = {}
    if "ReturnConsumedCapacity" in request:
        keys["dynamodb:ReturnConsumedCapacity"] = request["ReturnConsumedCapacity"]
    if operation in _WRITES:
        shows_item = request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
        keys["dynamodb:ReturnValues"] = "ALL_OLD" if shows_item else request.get("ReturnValues", "NONE")
        return keys
    keys["dynamodb:Select"] = _select(request)
    return keys


def _select(request: Request) -> str:
    """Return what the answer will hold, which need not be what Select claims."""
    if request.get("Select") == "COUNT":
        return "COUNT"
    if "ProjectionExpression" in request or request.get("AttributesToGet"):
        return "SPECIFIC_ATTRIBUTES"
    if request.get("Select") == "ALL_ATTRIBUTES":
        return "ALL_ATTRIBUTES"
    return "ALL_PROJECTED_ATTRIBUTES" if "IndexName" in request else "ALL_ATTRIBUTES"


def _attributes(request: Request) -> tuple[str, ...]:
    """Return the top-level attributes that a request names anywhere."""
    names = request.get("ExpressionAttributeNames", {})
    found = set(request.get("AttributesToGet", ()))
    for member in _NAMED_BY_KEYS:
        found |= set(request.get(member, ()))
    for member in _CONDITIONS:
        if member in request:
            found |= attributes_of_condition(request[member], names)
    if "ProjectionExpression" in request:
        found |= attributes_of_projection(request["ProjectionExpression"], names)
    if "UpdateExpression" in request:
        found |= attributes_of_update(request["UpdateExpression"], names)
    return tuple(sorted(found))


def _queried_key(request: Request, partition_key: str | None) -> str:
    """Return the value that a Query compares the partition key with."""
    if "KeyConditionExpression" in request and request.get("KeyConditions"):
        raise Unreadable("two key conditions")
    if "KeyConditionExpression" in request:
        names = request.get("ExpressionAttributeNames", {})
        conditions = key_conditions(request["KeyConditionExpression"], names)
        found = [each for each in conditions if each.attribute == partition_key]
        if len(found) != 1 or found[0].operator != "=":
            raise Unreadable("no single partition key")
        return _text(request.get("ExpressionAttributeValues", {}).get(found[0].value))
    condition = request.get("KeyConditions", {}).get(partition_key, {})
    if condition.get("ComparisonOperator") != "EQ" or len(condition.get("AttributeValueList", ())) != 1:
        raise Unreadable("no single partition key")
    return _text(condition["AttributeValueList"][0])


def _leading_key(place: Mapping[str, Any], names: KeyNames) -> str:
    """Return the partition key's value in a key or an item."""
    name = names.get(None)
    if name is None or name not in place:
        raise Unreadable("no partition key")
    return _text(place[name])


def _text(value: Any) -> str:
    """Return a key's value as policies compare it: text as it is, numbers in canonical form, bytes in base64."""
    if not isinstance(value, Mapping) or len(value) != 1:
        raise Unreadable("no attribute value")
    ((kind, content),) = value.items()
    if not isinstance(content, str) or kind not in {"S", "N", "B"}:
        raise Unreadable("no key")
    return content if kind == "S" else _number(content) if kind == "N" else _bytes(content)


def _number(text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise Unreadable("no number") from error
    if not number.is_finite() or abs(number.adjusted()) > MAX_EXPONENT:
        raise Unreadable("no number")
    if number == 0:
        return "0"
    canonical = format(number, "f")
    return canonical.rstrip("0").rstrip(".") if "." in canonical else canonical


def _bytes(text: str) -> str:
    try:
        return base64.b64encode(base64.b64decode(text, validate=True)).decode()
    except binascii.Error as error:
        raise Unreadable("no base64") from error


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
