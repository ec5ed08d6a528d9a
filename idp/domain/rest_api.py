"""An API that was deployed: its routes, who guards them, and what stands behind them.

`RestApi` is what is stored, the OpenAPI document as it came; `ApiDefinition` is what the gateway serves, parsed once for
each deployment.  Source: spec API_GATEWAY sections 2 to 10.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from idp.authorizer.policy import PolicyDocument

ApiKind = Literal["REST", "HTTP"]
AuthorizationKind = Literal["NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS", "JWT"]
IntegrationKind = Literal["AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK"]
Passthrough = Literal["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"]
PayloadFormat = Literal["1.0", "2.0"]
ChangeAction = Literal["append", "overwrite", "remove"]
ChangePlace = Literal["header", "querystring", "path", "statuscode"]
SourcePlace = Literal["header", "querystring", "context", "stageVariables"]

ANY_METHOD = "ANY"
DEFAULT_ROUTE = "$default"
DEFAULT_STAGE = "$default"


@dataclass(frozen=True)
class RestApi:
    """A stored API with its one stage.  `version` grows with every deployment.

    Attributes:
        document: OpenAPI 2 or 3, as it was deployed.
    """

    id: str
    account: str
    region: str
    name: str
    stage: str
    document: Mapping[str, Any] = field(repr=False)
    created_at: datetime
    deployed_at: datetime
    version: int = 1

    @cached_property
    def definition(self) -> ApiDefinition:
        """Return what the document says.

        Raises:
            MalformedApi: only for a document that was not checked when it was deployed.
        """
        from idp.domain.openapi import parse_api  # noqa: PLC0415 - it makes the records of this module

        return parse_api(self.document, stage=self.stage, arn=self.arn)

    @property
    def arn(self) -> str:
        """Return what the ARNs of all calls begin with."""
        return f"arn:aws:execute-api:{self.region}:{self.account}:{self.id}"

    def arn_of_call(self, method: str, path: str) -> str:
        """Return the ARN of a call, which policies speak of.

        Args:
            method: as called.
            path: as called, without the slash at its beginning.

        Source: API Gateway Developer Guide, "Resource format of permissions for executing API".
        """
        return f"{self.arn}/{self.stage}/{method}/{path}"


@dataclass(frozen=True, slots=True)
class IdentitySource:
    """Where a request says who calls; header names in lower case."""

    place: SourcePlace
    name: str


@dataclass(frozen=True, slots=True)
class LambdaAuthorizer:
    """A function that decides.

    Attributes:
        takes_token: a TOKEN authorizer, which sees one header and nothing else.
        validation_expression: a pattern that the token as a whole must match.
        lifetime: for how long an answer is kept; zero keeps none.
        simple_responses: it answers `isAuthorized` in place of a policy.
    """

    name: str
    function_arn: str
    takes_token: bool
    identity_sources: tuple[IdentitySource, ...]
    lifetime: timedelta
    validation_expression: str | None = None
    payload_format: PayloadFormat = "1.0"
    simple_responses: bool = False


@dataclass(frozen=True, slots=True)
class CognitoAuthorizer:
    """User pools whose tokens are accepted.

    Attributes:
        validation_expression: a pattern that the token's `aud` as a whole must match.
    """

    name: str
    user_pool_ids: tuple[str, ...]
    identity_source: IdentitySource
    validation_expression: str | None = None


@dataclass(frozen=True, slots=True)
class JwtAuthorizer:
    """An issuer whose tokens are accepted, for some audiences (HTTP APIs)."""

    name: str
    issuer: str
    audiences: frozenset[str]
    identity_source: IdentitySource


Authorizer = LambdaAuthorizer | CognitoAuthorizer | JwtAuthorizer


@dataclass(frozen=True, slots=True)
class Authorization:
    """Who may call a route.

    Attributes:
        authorizer: None for NONE and AWS_IAM.
        scopes: of which a token must have one; none demanded when empty.
    """

    kind: AuthorizationKind
    authorizer: Authorizer | None = None
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IntegrationResponse:
    """How an answer of the backend becomes the client's.

    Attributes:
        pattern: of the backend's status, or a function's error message; None for the default.
        templates: media type to template.
        parameters: `method.response.header.X` to where its value comes from.
    """

    pattern: str | None
    status: int
    templates: Mapping[str, str]
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """What an HTTP API changes of a request or an answer.

    Attributes:
        name: of the header or the query parameter; empty for the path and the status.
        value: a text with `${request.header.x}` and the like, or `$request.header.x` alone.
    """

    action: ChangeAction
    place: ChangePlace
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Integration:
    """What stands behind a route.

    Attributes:
        uri: an ARN or a URL; empty for MOCK.  Stage variables are filled in.
        credentials: ARN of the role that calls an AWS service.
        request_templates: media type to template.
        request_parameters: `integration.request.header.X` and so on to where the value comes from (REST).
        request_changes: the same of an HTTP API.
        response_changes: of an HTTP API, by the backend's status.
    """

    kind: IntegrationKind
    uri: str
    http_method: str
    credentials: str | None
    request_templates: Mapping[str, str]
    request_parameters: Mapping[str, str]
    responses: tuple[IntegrationResponse, ...]
    passthrough: Passthrough
    timeout_s: float
    payload_format: PayloadFormat
    request_changes: tuple[ParameterChange, ...] = ()
    response_changes: Mapping[int, tuple[ParameterChange, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Route:
    """A method on a path.

    Attributes:
        method: or ANY.
        path: with `{variables}`; or `$default`.
        resource_id: the same for all methods of a path.
    """

    method: str
    path: str
    resource_id: str
    operation_name: str | None
    authorization: Authorization
    integration: Integration

    @property
    def key(self) -> str:
        """Return the HTTP API's route key."""
        return DEFAULT_ROUTE if self.path == DEFAULT_ROUTE else f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class GatewayResponse:
    """What the API's owner makes of one type of refusal; what is None stays as it is.

    Attributes:
        headers: name to where the value comes from.
        template: of the body, with simple substitution.
    """

    status: int | None
    headers: Mapping[str, str]
    template: str | None


@dataclass(frozen=True, slots=True)
class CorsConfiguration:
    """What an HTTP API answers to browsers of other origins."""

    allow_origins: tuple[str, ...]
    allow_methods: tuple[str, ...]
    allow_headers: tuple[str, ...]
    expose_headers: tuple[str, ...]
    allow_credentials: bool
    max_age_s: int | None


@dataclass(frozen=True, slots=True)
class ApiDefinition:
    """All that the gateway must know of an API.

    Attributes:
        policy: who may call at all (REST).
        gateway_responses: by type, `DEFAULT_4XX` among them.
        binary_media_types: media types, with `*/*` or `image/*` for many.
    """

    kind: ApiKind
    routes: tuple[Route, ...]
    policy: PolicyDocument | None
    gateway_responses: Mapping[str, GatewayResponse]
    binary_media_types: tuple[str, ...]
    stage_variables: Mapping[str, str]
    cors: CorsConfiguration | None
