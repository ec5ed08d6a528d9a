"""Users as JSON; no password is ever in an answer.  Source of every limit: AWS API_AdminCreateUser; a test holds them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from idp.admin.records import UNDOCUMENTED, Answer, PageQuery, Record, Text
from idp.domain.user import UserStatus

Username = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$")]
Password = Annotated[str, StringConstraints(max_length=256, pattern=r"^[^\s\x00]+$")]
AttributeName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=32, pattern=r"^[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r ]+$"),
    UNDOCUMENTED,
]
AttributeValue = Annotated[str, StringConstraints(max_length=2048, pattern=r"^[^\x00]*$")]


class NewUser(Record):
    """A user to be created; they must change the temporary password when they first sign in."""

    username: Username
    attributes: dict[AttributeName, AttributeValue] = Field(default={}, repr=False)
    temporary_password: Password | None = Field(default=None, repr=False, description="One is made when left out.")
    message_action: Literal["SUPPRESS"] | None = Field(default=None, description="SUPPRESS sends no invitation.")
    desired_delivery_mediums: list[Literal["SMS", "EMAIL"]] = ["SMS"]
    force_alias_creation: bool = Field(default=False, description="Take a verified address from its owner.")


class UserQuery(PageQuery):
    """Which users are wanted."""

    filter: Text | None = Field(
        default=None,
        max_length=256,
        description='One condition as in ListUsers, such as `email ^= "ann@"`.',
    )


class User(Answer):
    """A user."""

    username: str
    sub: str
    status: UserStatus
    enabled: bool
    attributes: dict[str, str] = Field(repr=False)
    created_at: datetime
    updated_at: datetime


class UserPage(Answer):
    """A page of users."""

    items: list[User]
    next_cursor: str | None = None
