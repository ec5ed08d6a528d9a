"""JSON objects of this API, and how they map to the settings that the flows take.

Members have Cognito's names with a small first letter (`ExplicitAuthFlows` is `explicitAuthFlows`): one rule, no table,
and what an operator knows from the AWS API holds here. So JSON is in camelCase, as it is in the development doors.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic.alias_generators import to_camel
from pydantic.json_schema import GenerateJsonSchema

MAX_PAGE = 60
MAX_CURSOR_LENGTH = 1024

Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
"""Text without NUL, which no database takes."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[\p{L}\p{M}\p{N}_\s+=,.@-]+$")]

UNDOCUMENTED = WithJsonSchema({"type": "string"})
"""For names of members: the library that writes the document has no words for their limits."""


class Untitled(GenerateJsonSchema):
    """Writes schemas whose members have no titles: those say their names again."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - as the generator asks
        """Say no."""
        return False


class Record(BaseModel):
    """A JSON object: members by their own names only, of their own types only."""

    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", strict=True, frozen=True, hide_input_in_errors=True
    )

    @classmethod
    def model_json_schema(cls, *args: Any, **options: Any) -> dict[str, Any]:
        """Return the schema, untitled."""
        return super().model_json_schema(*args, **{"schema_generator": Untitled, **options})


class Answer(Record):
    """A JSON object of ours, made by the names of its fields."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)


class PageQuery(Record):
    """Which page of a list is wanted."""

    model_config = ConfigDict(strict=False)

    limit: int = Field(default=20, ge=1, le=MAX_PAGE, description="How many items at most.")
    cursor: Text | None = Field(
        default=None, max_length=MAX_CURSOR_LENGTH, description="`nextCursor` of the page before; good for one hour."
    )


def settings_of(record: Record) -> dict[str, Any]:
    """Return what a record was given, under the AWS API's names; what it was not given, or null, is left out."""
    fields = type(record).model_fields
    given = {name: getattr(record, name) for name in fields if name in record.model_fields_set}
    return {
        _aws_name(fields[name].alias or name): _setting(value) for name, value in given.items() if value is not None
    }


def members_of(kind: type[Record], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that a kind of record has of settings under the AWS API's names: the inverse of `settings_of`."""
    names = {field.alias or name: field.annotation for name, field in kind.model_fields.items()}
    known = {member: _aws_name(member) for member in names}
    return {
        member: _member(names[member], settings[aws_name]) for member, aws_name in known.items() if aws_name in settings
    }


def _aws_name(member: str) -> str:
    return member[:1].upper() + member[1:]


def _setting(value: Any) -> Any:
    if isinstance(value, Record):
        return settings_of(value)
    return [_setting(each) for each in value] if isinstance(value, list) else value


def _member(annotation: Any, value: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return members_of(annotation, value)
    if isinstance(value, list) and get_args(annotation):
        return [_member(get_args(annotation)[0], each) for each in value]
    return value
