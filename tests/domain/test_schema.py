"""A pool's schema: which values its attributes take.  How definitions are refused: tests/aws/cognito_idp/test_user_pools.py."""

from __future__ import annotations

from typing import Any

import pytest

from idp.domain.errors import InvalidParameter, LimitExceeded
from idp.domain.schema import MAX_CUSTOM_ATTRIBUTES, Schema


def a_schema(kind: str, **constraints: str) -> Schema:
    """Return a schema with one custom attribute of a type."""
    document: dict[str, Any] = {"Name": "x", "AttributeDataType": kind}
    if constraints:
        document[f"{kind}AttributeConstraints"] = constraints
    return Schema.define([document])


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (a_schema("String"), ""),
        (a_schema("String"), "x" * 2048),
        (a_schema("String", MinLength="2", MaxLength="3"), "ab"),
        (a_schema("String", MinLength="2", MaxLength="3"), "äöü"),
        (a_schema("Number"), "-12"),
        (a_schema("Number", MinValue="1", MaxValue="3"), "3"),
        (a_schema("DateTime"), "2026-03-02T12:00:00Z"),
        (a_schema("DateTime"), "1772452800"),
        (a_schema("Boolean"), "true"),
        (a_schema("Boolean"), "False"),
    ],
)
def test_a_value_of_the_type_and_within_the_bounds_conforms(schema: Schema, value: str) -> None:
    schema.check_new({"custom:x": value})


@pytest.mark.parametrize(
    ("schema", "value", "fault"),
    [
        (a_schema("String"), "x" * 2049, "String must be no longer than 2048 characters"),
        (a_schema("String", MaxLength="3"), "abcd", "String must be no longer than 3 characters"),
        (a_schema("String", MinLength="2"), "a", "String must be no shorter than 2 characters"),
        (a_schema("Number"), "1.5", "Value is not of type Number"),
        (a_schema("Number"), "", "Value is not of type Number"),
        (a_schema("Number"), "٣", "Value is not of type Number"),
        (a_schema("Number"), "1_000", "Value is not of type Number"),
        (a_schema("Number"), "9" * 5000, "Value is not of type Number"),
        (a_schema("Number", MaxValue="3"), "4", "Number must be no greater than 3"),
        (a_schema("Number", MinValue="3"), "2", "Number must be no less than 3"),
        (a_schema("DateTime"), "tomorrow", "Value is not of type DateTime"),
        (a_schema("Boolean"), "1", "Value is not of type Boolean"),
    ],
)
def test_another_value_does_not(schema: Schema, value: str, fault: str) -> None:
    with pytest.raises(InvalidParameter) as refusal:
        schema.check_new({"custom:x": value})

    assert refusal.value.message == f"Attributes did not conform to the schema: custom:x: {fault}\n"


def test_all_missing_attributes_are_named() -> None:
    schema = Schema.define([{"Name": name, "Required": True} for name in ("email", "name", "family_name")])

    with pytest.raises(InvalidParameter) as refusal:
        schema.check_new({}, required=schema.required())

    assert refusal.value.message == (
        "Attributes did not conform to the schema: "
        "name.formatted: The attribute name.formatted is required\n"
        "name.familyName: The attribute name.familyName is required\n"
        "email: The attribute is required\n"
    )


def test_missing_attributes_do_not_matter_where_an_administrator_creates_the_user() -> None:
    Schema.define([{"Name": "email", "Required": True}]).check_new({})


def test_the_subject_cannot_be_redefined() -> None:
    schema = Schema.define([{"Name": "sub", "Required": False, "Mutable": True}])

    subject = schema.find("sub")
    assert subject is not None
    assert (subject.required, subject.mutable) == (True, False)


def test_truth_values_are_kept_in_lower_case() -> None:
    schema = a_schema("Boolean")

    normalized = schema.normalized({"custom:x": "TRUE", "email_verified": "False", "name": "ANN"})

    assert normalized == {"custom:x": "true", "email_verified": "false", "name": "ANN"}


def test_a_pool_has_fifty_custom_attributes_at_most() -> None:
    documents = [{"Name": f"x{number}", "AttributeDataType": "String"} for number in range(MAX_CUSTOM_ATTRIBUTES)]
    schema = Schema.define(documents)

    with pytest.raises(LimitExceeded):
        schema.check_additions([{"Name": "more", "AttributeDataType": "String"}])


def test_an_added_attribute_may_not_have_a_standard_name() -> None:
    with pytest.raises(InvalidParameter):
        Schema.define([]).check_additions([{"Name": "email", "AttributeDataType": "String"}])
