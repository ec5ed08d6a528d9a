"""User pools as JSON.  Source of every limit: AWS API_CreateUserPool; a test holds them against botocore's model."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from idp.admin.records import UNDOCUMENTED, Answer, Name, Record

TagKey = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[^\x00]*$"), UNDOCUMENTED]
TagValue = Annotated[str, StringConstraints(max_length=256, pattern=r"^[^\x00]*$")]
NewAttributeName = Annotated[
    str, StringConstraints(min_length=1, max_length=20, pattern=r"^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$")
]
MAX_TAGS = 50


class PasswordPolicy(Record):
    """What passwords must satisfy; what a given policy leaves out is not required."""

    minimum_length: int = Field(default=8, ge=6, le=99)
    require_uppercase: bool = False
    require_lowercase: bool = False
    require_numbers: bool = False
    require_symbols: bool = False
    password_history_size: int = Field(default=0, ge=0, le=24)
    temporary_password_validity_days: int = Field(default=7, ge=0, le=365)


STRICTEST = PasswordPolicy.model_validate(
    {"requireUppercase": True, "requireLowercase": True, "requireNumbers": True, "requireSymbols": True}
)
"""The policy of a pool that is given none."""


class Policies(Record):
    """The pool's policies."""

    password_policy: PasswordPolicy = STRICTEST


class AdminCreateUserConfig(Record):
    """How users come into the pool."""

    allow_admin_create_user_only: bool = Field(default=False, description="Nobody signs up; operators create users.")


class UsernameConfiguration(Record):
    """How names are compared."""

    case_sensitive: bool


class SchemaAttribute(Record):
    """An attribute of the pool's own (`custom:` and this name), or a standard one that is to be required or immutable."""

    name: NewAttributeName
    attribute_data_type: Literal["String", "Number", "DateTime", "Boolean"] | None = Field(
        default=None, description="Needed for an attribute of the pool's own."
    )
    developer_only_attribute: bool = False
    mutable: bool = True
    required: bool = False


class UserPoolSettings(Record):
    """What is set once a pool is made."""

    policies: Policies = Policies()
    deletion_protection: Literal["ACTIVE", "INACTIVE"] = "INACTIVE"
    auto_verified_attributes: list[Literal["phone_number", "email"]] = []
    alias_attributes: list[Literal["phone_number", "email", "preferred_username"]] = []
    username_attributes: list[Literal["phone_number", "email"]] = []
    username_configuration: UsernameConfiguration = UsernameConfiguration.model_validate({"caseSensitive": True})
    admin_create_user_config: AdminCreateUserConfig = AdminCreateUserConfig()
    user_pool_tags: dict[TagKey, TagValue] = Field(default={}, max_length=MAX_TAGS)
    attribute_schema: list[SchemaAttribute] = Field(default=[], alias="schema", max_length=50)


class NewUserPool(UserPoolSettings):
    """A user pool to be made."""

    pool_name: Name


class UserPoolSummary(Answer):
    """A user pool in a list."""

    id: str
    pool_name: str
    arn: str
    created_at: datetime
    updated_at: datetime


class UserPool(UserPoolSettings, UserPoolSummary):
    """A user pool."""

    estimated_number_of_users: int
    domains: list[str]


class UserPoolPage(Answer):
    """A page of user pools, by id."""

    items: list[UserPoolSummary]
    next_cursor: str | None = None
