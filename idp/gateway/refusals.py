"""What the gateway says when it refuses: one table for REST APIs and HTTP APIs.

Source: spec API_GATEWAY section 1; API Gateway Developer Guide, "Gateway response types for API Gateway".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final


class Refusal(Enum):
    """Why a request is refused."""

    API_UNKNOWN = auto()
    STAGE_UNKNOWN = auto()
    ROUTE_UNKNOWN = auto()
    TOO_LARGE = auto()
    MALFORMED = auto()
    ARN_TOO_LONG = auto()
    UNSIGNED = auto()
    SIGNATURE_INVALID = auto()
    SESSION_OVER = auto()
    UNAUTHORIZED = auto()
    TOKEN_EXPIRED = auto()
    SCOPE_MISSING = auto()
    ACCESS_DENIED = auto()
    AUTHORIZER_BROKEN = auto()
    UNSUPPORTED_MEDIA_TYPE = auto()
    BACKEND_ANSWER_MALFORMED = auto()
    BACKEND_UNREACHABLE = auto()
    BACKEND_TIMED_OUT = auto()
    MISCONFIGURED = auto()
    INTERNAL = auto()


class Refused(Exception):
    """A request is refused.

    Attributes:
        message: in place of the table's.
        error_type: in place of the table's.
        why: a sentence for those who learn, shown by `idp dev` only; holds no secret.
        challenge: the `WWW-Authenticate` header of an HTTP API.
    """

    def __init__(
        self,
        refusal: Refusal,
        why: str,
        *,
        message: str | None = None,
        error_type: str | None = None,
        challenge: str | None = None,
    ) -> None:
        super().__init__(why)
        self.refusal = refusal
        self.why = why
        self.message = message
        self.error_type = error_type
        self.challenge = challenge


@dataclass(frozen=True, slots=True)
class RestRefusal:
    """How a REST API refuses.

    Attributes:
        response_type: the gateway response that its owner may change; None when it cannot be changed.
        message: None writes `null`.
        member: that holds the message; AccessDenied spells it with a capital.
    """

    response_type: str | None
    status: int
    message: str | None
    error_type: str
    member: str = "message"


@dataclass(frozen=True, slots=True)
class HttpRefusal:
    """How an HTTP API refuses."""

    status: int
    message: str


_SERVER_ERROR: Final = "Internal server error"

REST: Final[Mapping[Refusal, RestRefusal]] = {
    Refusal.API_UNKNOWN: RestRefusal(None, 403, "Forbidden", "ForbiddenException"),
    Refusal.STAGE_UNKNOWN: RestRefusal(None, 403, "Forbidden", "ForbiddenException"),
    Refusal.ROUTE_UNKNOWN: RestRefusal(
        "MISSING_AUTHENTICATION_TOKEN", 403, "Missing Authentication Token", "MissingAuthenticationTokenException"
    ),
    Refusal.TOO_LARGE: RestRefusal(None, 413, "Request Too Long", "RequestTooLargeException"),
    Refusal.MALFORMED: RestRefusal(None, 400, "Bad Request", "BadRequestException"),
    Refusal.ARN_TOO_LONG: RestRefusal(None, 414, "Request URI too long", "RequestTooLargeException"),
    Refusal.UNSIGNED: RestRefusal(
        "MISSING_AUTHENTICATION_TOKEN", 403, "Missing Authentication Token", "MissingAuthenticationTokenException"
    ),
    Refusal.SIGNATURE_INVALID: RestRefusal(
        "INVALID_SIGNATURE", 403, "The security token included in the request is invalid.", "InvalidSignatureException"
    ),
    Refusal.SESSION_OVER: RestRefusal(
        "EXPIRED_TOKEN", 403, "The security token included in the request is expired", "ExpiredTokenException"
    ),
    Refusal.UNAUTHORIZED: RestRefusal("UNAUTHORIZED", 401, "Unauthorized", "UnauthorizedException"),
    Refusal.TOKEN_EXPIRED: RestRefusal("UNAUTHORIZED", 401, "The incoming token has expired", "UnauthorizedException"),
    Refusal.SCOPE_MISSING: RestRefusal("UNAUTHORIZED", 401, "Unauthorized", "UnauthorizedException"),
    Refusal.ACCESS_DENIED: RestRefusal(
        "ACCESS_DENIED", 403, "User is not authorized to access this resource", "AccessDeniedException", "Message"
    ),
    Refusal.AUTHORIZER_BROKEN: RestRefusal(
        "AUTHORIZER_CONFIGURATION_ERROR", 500, None, "AuthorizerConfigurationException"
    ),
    Refusal.UNSUPPORTED_MEDIA_TYPE: RestRefusal(
        "UNSUPPORTED_MEDIA_TYPE", 415, "Unsupported Media Type", "BadRequestException"
    ),
    Refusal.BACKEND_ANSWER_MALFORMED: RestRefusal(None, 502, _SERVER_ERROR, "InternalServerErrorException"),
    Refusal.BACKEND_UNREACHABLE: RestRefusal(
        "INTEGRATION_FAILURE", 504, "Network error communicating with endpoint", "InternalServerErrorException"
    ),
    Refusal.BACKEND_TIMED_OUT: RestRefusal(
        "INTEGRATION_TIMEOUT", 504, "Endpoint request timed out", "InternalServerErrorException"
    ),
    Refusal.MISCONFIGURED: RestRefusal("API_CONFIGURATION_ERROR", 500, _SERVER_ERROR, "InternalServerErrorException"),
    Refusal.INTERNAL: RestRefusal("DEFAULT_5XX", 500, _SERVER_ERROR, "InternalServerErrorException"),
}

HTTP: Final[Mapping[Refusal, HttpRefusal]] = {
    Refusal.API_UNKNOWN: HttpRefusal(404, "Not Found"),
    Refusal.STAGE_UNKNOWN: HttpRefusal(404, "Not Found"),
    Refusal.ROUTE_UNKNOWN: HttpRefusal(404, "Not Found"),
    Refusal.TOO_LARGE: HttpRefusal(413, "Request Entity Too Large"),
    Refusal.MALFORMED: HttpRefusal(400, "Bad Request"),
    Refusal.ARN_TOO_LONG: HttpRefusal(414, "Request URI Too Long"),
    Refusal.UNSIGNED: HttpRefusal(403, "Forbidden"),
    Refusal.SIGNATURE_INVALID: HttpRefusal(403, "Forbidden"),
    Refusal.SESSION_OVER: HttpRefusal(403, "Forbidden"),
    Refusal.UNAUTHORIZED: HttpRefusal(401, "Unauthorized"),
    Refusal.TOKEN_EXPIRED: HttpRefusal(401, "Unauthorized"),
    Refusal.SCOPE_MISSING: HttpRefusal(403, "Forbidden"),
    Refusal.ACCESS_DENIED: HttpRefusal(403, "Forbidden"),
    Refusal.AUTHORIZER_BROKEN: HttpRefusal(500, "Internal Server Error"),
    Refusal.UNSUPPORTED_MEDIA_TYPE: HttpRefusal(415, "Unsupported Media Type"),
    Refusal.BACKEND_ANSWER_MALFORMED: HttpRefusal(500, "Internal Server Error"),
    Refusal.BACKEND_UNREACHABLE: HttpRefusal(503, "Service Unavailable"),
    Refusal.BACKEND_TIMED_OUT: HttpRefusal(503, "Service Unavailable"),
    Refusal.MISCONFIGURED: HttpRefusal(500, "Internal Server Error"),
    Refusal.INTERNAL: HttpRefusal(500, "Internal Server Error"),
}
