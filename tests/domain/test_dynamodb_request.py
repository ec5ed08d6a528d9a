"""What DynamoDB requests touch, read for IAM's decision."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from idp.domain.dynamodb_expression import (
    KeyCondition,
    Unreadable,
    attributes_of_condition,
    attributes_of_projection,
    attributes_of_update,
    key_conditions,
)
from idp.domain.dynamodb_request import read_accesses

NAMES = {"#o": "owner", "#d": "dotted.name"}


def keys_of(_table: str) -> dict[str | None, str]:
    """Return the keys of every table of these tests."""
    return {None: "id"}


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ("note", {"note"}),
        ("#o, note , a.b.c, list[0].x, deep [ 3 ][4]", {"owner", "note", "a", "list", "deep"}),
        ("#d", {"dotted.name"}),
        ("set, and", {"set", "and"}),
    ],
)
def test_a_projection_names_the_beginning_of_each_path(text: str, attributes: set[str]) -> None:
    assert attributes_of_projection(text, NAMES) == attributes


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ("#o = :a AND note<>:b", {"owner", "note"}),
        ("NOT (a BETWEEN :x and :y) or b IN (:x, c)", {"a", "b", "c"}),
        ("attribute_exists(a.#o) AND contains(b, :x) AND size(c[1].d) >= :n", {"a", "b", "c"}),
        ("begins_with ( a, :x )", {"a"}),
    ],
)
def test_a_condition_names_what_it_reads(text: str, attributes: set[str]) -> None:
    assert attributes_of_condition(text, NAMES) == attributes


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ("SET a = :x, b.c = if_not_exists(d, :x) + e REMOVE f[0] ADD g :n DELETE #o :s", set("abdefg") | {"owner"}),
        ("set a = list_append(b, :x)", {"a", "b"}),
    ],
)
def test_an_update_names_what_it_reads_and_writes(text: str, attributes: set[str]) -> None:
    assert attributes_of_update(text, NAMES) == attributes


@pytest.mark.parametrize("text", ["#nobody", "a; b", "a = :x", "size(a)", "a - b", "é", "a\x00b", "x" * 5000])
def test_a_projection_that_is_none_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        attributes_of_projection(text, NAMES)


@pytest.mark.parametrize("text", ["unheard_of(a)", "a = :x + :y", "a = 'b'", 'a = "b"', "#nobody = :x"])
def test_a_condition_that_is_none_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        attributes_of_condition(text, NAMES)


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("id = :a", [KeyCondition("id", "=", ":a")]),
        (
            "( #o=:a and (id between :b AND :c) )",
            [KeyCondition("owner", "=", ":a"), KeyCondition("id", "BETWEEN", ":b")],
        ),
        (
            "begins_with(note, :n) AND id = :a",
            [KeyCondition("note", "BEGINS_WITH", ":n"), KeyCondition("id", "=", ":a")],
        ),
    ],
)
def test_a_key_condition_is_read_as_comparisons(text: str, conditions: list[KeyCondition]) -> None:
    assert key_conditions(text, NAMES) == conditions


@pytest.mark.parametrize(
    "text",
    [
        "",
        "id",
        "id =",
        "id = id",
        ":a = id",
        "id = :a OR id = :b",
        "id = :a)",
        "(id = :a",
        "NOT id = :a",
        "id.x = :a",
        "AND",
    ],
)
def test_a_key_condition_of_another_form_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        key_conditions(text, NAMES)


@given(st.text(alphabet="ab#:() ANDORBETWEENbegins_with=<>,.[]0+-", max_size=60))
def test_any_text_is_read_or_unreadable(text: str) -> None:
    for read in (attributes_of_projection, attributes_of_condition, attributes_of_update, key_conditions):
        try:
            read(text, NAMES)
        except Unreadable:
            continue


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"S": " as it is "}, " as it is "),
        ({"N": "007"}, "7"),
        ({"N": "1.50"}, "1.5"),
        ({"N": "1E2"}, "100"),
        ({"N": "-0.0"}, "0"),
        ({"N": "100"}, "100"),
        ({"B": "AAE="}, "AAE="),
    ],
)
def test_a_leading_key_is_compared_as_text(value: dict[str, str], text: str) -> None:
    access = read_accesses("GetItem", {"TableName": "t", "Key": {"id": value}}, keys_of)[0]

    assert access.keys["dynamodb:LeadingKeys"] == (text,)


@pytest.mark.parametrize(
    "value",
    [
        {"N": "ten"},
        {"N": "1E999999999"},
        {"N": "NaN"},
        {"B": "?"},
        {"BOOL": True},
        {"S": "a", "N": "1"},
        {},
        {"S": 1},
        "a",
    ],
)
def test_a_leading_key_that_is_none_is_unreadable(value: Any) -> None:
    with pytest.raises(Unreadable):
        read_accesses("GetItem", {"TableName": "t", "Key": {"id": value}}, keys_of)


@pytest.mark.parametrize("operation", ["GetItem", "PutItem", "Query", "Scan"])
def test_a_request_that_names_no_table_is_unreadable(operation: str) -> None:
    with pytest.raises(Unreadable):
        read_accesses(operation, {"Key": {"id": {"S": "1"}}, "Item": {"id": {"S": "1"}}}, keys_of)


def test_a_scan_of_an_index_tells_what_it_returns() -> None:
    access = read_accesses("Scan", {"TableName": "t", "IndexName": "i", "FilterExpression": "a = :x"}, keys_of)[0]

    assert (access.table, access.index) == ("t", "i")
    assert access.keys == {"dynamodb:Select": "ALL_PROJECTED_ATTRIBUTES", "dynamodb:Attributes": ("a",)}


def test_counting_returns_no_attributes() -> None:
    access = read_accesses("Scan", {"TableName": "t", "Select": "COUNT"}, keys_of)[0]

    assert access.keys == {"dynamodb:Select": "COUNT"}


def test_consumed_capacity_is_told_when_asked_for() -> None:
    request = {"TableName": "t", "Item": {"id": {"S": "1"}}, "ReturnConsumedCapacity": "TOTAL"}

    assert read_accesses("PutItem", request, keys_of)[0].keys["dynamodb:ReturnConsumedCapacity"] == "TOTAL"
