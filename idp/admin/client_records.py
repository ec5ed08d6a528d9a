"""App clients as JSON.  Source of every limit: AWS API_CreateUserPoolClient; a test holds them against botocore's model."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, cast

from pydantic import Field, StringConstraints

from idp.admin.records import Answer, Name, Record
from idp.domain.client import DEFAULT_FLOWS, DEFAULT_REFRESH_DAYS

Unit = Literal["seconds", "minutes", "hours", "days"]
Uri = Annotated[str, StringConstraints(min_length=1, max_length=1024, pattern=r"^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$")]
Scope = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=r"^[\x21\x23-\x5B\x5D-\x7E]+$")]
Attribute = Annotated[str, StringConstraints(min_length=1, max_length=2048, pattern=r"^[^\x00]*$")]
ProviderName = Annotated[
    str, StringConstraints(min_length=1, max_length=32, pattern=r"^[\p{L}\p{M}\p{S}\p{N}\p{P}\p{Z}]+$")
]
AuthFlow = Literal[
    "ADMIN_NO_SRP_AUTH",
    "CUSTOM_AUTH_FLOW_ONLY",
    "USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_CUSTOM_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
    "ALLOW_USER_AUTH",
    "ALLOW_TOKEN_EXCHANGE_DELEGATION",
    "ALLOW_TOKEN_EXCHANGE_IMPERSONATION",
    "ALLOW_CLIENT_TOKEN_AUTH",
]


class TokenValidityUnits(Record):
    """In what the validities are counted."""

    access_token: Unit = "hours"  # noqa: S105 - a unit
    id_token: Unit = "hours"  # noqa: S105 - a unit
    refresh_token: Unit = "days"  # noqa: S105 - a unit


class RefreshTokenRotation(Record):
    """Whether a refresh token is good for one use only."""

    feature: Literal["ENABLED", "DISABLED"]
    retry_grace_period_seconds: int = Field(default=0, ge=0, le=60)


class ClientSettings(Record):
    """What is set of a client."""

    refresh_token_validity: int = Field(default=DEFAULT_REFRESH_DAYS, ge=0, le=315_360_000)
    access_token_validity: int = Field(default=1, ge=1, le=86_400)
    id_token_validity: int = Field(default=1, ge=1, le=86_400)
    token_validity_units: TokenValidityUnits = TokenValidityUnits()
    read_attributes: list[Attribute] | None = Field(default=None, description="None: all.")
    write_attributes: list[Attribute] | None = Field(default=None, description="None: all.")
    explicit_auth_flows: list[AuthFlow] = cast("list[AuthFlow]", list(DEFAULT_FLOWS))  # they are among them
    supported_identity_providers: list[ProviderName] = []
    callback_urls: list[Uri] = Field(default=[], alias="callbackURLs", max_length=100)
    logout_urls: list[Uri] = Field(default=[], alias="logoutURLs", max_length=100)
    default_redirect_uri: Uri | None = Field(default=None, alias="defaultRedirectURI")
    allowed_oauth_flows: list[Literal["code", "implicit", "client_credentials"]] = Field(
        default=[], alias="allowedOAuthFlows", max_length=3
    )
    allowed_oauth_scopes: list[Scope] = Field(default=[], alias="allowedOAuthScopes", max_length=50)
    allowed_oauth_flows_user_pool_client: bool = Field(default=False, alias="allowedOAuthFlowsUserPoolClient")
    prevent_user_existence_errors: Literal["LEGACY", "ENABLED"] = "LEGACY"
    enable_token_revocation: bool = True
    auth_session_validity: int = Field(default=3, ge=3, le=15)
    refresh_token_rotation: RefreshTokenRotation = RefreshTokenRotation.model_validate({"feature": "DISABLED"})


class NewClient(ClientSettings):
    """A client to be registered."""

    client_name: Name
    generate_secret: bool = Field(default=False, description="Make a secret, for a client that can keep one.")


class ClientSummary(Answer):
    """A client in a list."""

    client_id: str
    client_name: str
    user_pool_id: str
    created_at: datetime
    updated_at: datetime


class Client(ClientSettings, ClientSummary):
    """A client."""

    client_secret: str | None = Field(default=None, repr=False, description="Left out when the client has none.")


class ClientPage(Answer):
    """A page of clients, by id."""

    items: list[ClientSummary]
    next_cursor: str | None = None
