"""What this API says when it refuses: problem details, one kind for every domain error.  Source: RFC 9457."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from idp.admin import PREFIX
from idp.domain import errors

MEDIA_TYPE: Final = "application/problem+json"
PATH: Final = f"{PREFIX}/problems"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem.

    Attributes:
        name: the fragment of its `type`.
        title: the same for every occurrence.
    """

    name: str
    status: int
    title: str

    @property
    def type(self) -> str:
        """Return the URI that identifies the kind, below a page that lists them all."""
        return f"{PATH}#{self.name}"


UNAUTHENTICATED: Final = Kind("unauthenticated", 401, "The request is not signed by somebody known.")
NO_SUCH_PATH: Final = Kind("no-such-path", 404, "Nothing is at this path.")
METHOD_NOT_ALLOWED: Final = Kind("method-not-allowed", 405, "The path does not take this method.")
NOT_ACCEPTABLE: Final = Kind("not-acceptable", 406, "Answers are JSON, which the request does not accept.")
BODY_TOO_LARGE: Final = Kind("body-too-large", 413, "The body is too large.")
UNSUPPORTED_MEDIA_TYPE: Final = Kind("unsupported-media-type", 415, "The body must be sent as application/json.")
MALFORMED_BODY: Final = Kind("malformed-body", 400, "The body is not a JSON object.")
INVALID_MEMBERS: Final = Kind("invalid-members", 422, "Members or parameters are missing, unknown or malformed.")
BAD_REQUEST: Final = Kind("bad-request", 400, "The request cannot be understood.")
INTERNAL_FAILURE: Final = Kind("internal-failure", 500, "Something of ours failed.")

OF_HTTP: Final[Mapping[int, Kind]] = {
    kind.status: kind
    for kind in (
        UNAUTHENTICATED,
        NO_SUCH_PATH,
        METHOD_NOT_ALLOWED,
        NOT_ACCEPTABLE,
        BODY_TOO_LARGE,
        UNSUPPORTED_MEDIA_TYPE,
        INVALID_MEMBERS,
        BAD_REQUEST,
        INTERNAL_FAILURE,
    )
}
"""The kind for what HTTP itself refuses, by status."""

_NOT_AUTHORIZED = Kind("not-authorized", 403, "The caller did not prove what the request needs.")

OF_DOMAIN: Final[Mapping[type[errors.DomainError], Kind]] = {
    errors.InvalidParameter: Kind("invalid-parameter", 400, "A value breaks a rule."),
    errors.InternalFailure: INTERNAL_FAILURE,
    errors.NotAuthorized: _NOT_AUTHORIZED,
    errors.RefreshTokenReused: _NOT_AUTHORIZED,
    errors.ClientUnauthorized: _NOT_AUTHORIZED,
    errors.AccessDenied: Kind("access-denied", 403, "IAM policy does not let the caller do this."),
    errors.UserNotFound: Kind("user-not-found", 404, "The pool has no such user."),
    errors.ResourceNotFound: Kind("resource-not-found", 404, "There is no such thing in the account."),
    errors.UserNotConfirmed: Kind("user-not-confirmed", 409, "The user has not confirmed yet."),
    errors.PasswordResetRequired: Kind("password-reset-required", 409, "The user must set a new password first."),
    errors.UnsupportedUserState: Kind("unsupported-user-state", 409, "The user's status does not allow this."),
    errors.UsernameTaken: Kind("username-taken", 409, "Another user of the pool has the name."),
    errors.AliasTaken: Kind("alias-taken", 409, "Another user of the pool has the address or name."),
    errors.GroupTaken: Kind("group-taken", 409, "The pool has a group of that name."),
    errors.ResourceConflict: Kind("conflict", 409, "The request contradicts what is stored."),
    errors.ConcurrentModification: Kind("concurrent-modification", 409, "Somebody else changed the same thing first."),
    errors.LimitExceeded: Kind("limit-exceeded", 409, "A quota is reached."),
    errors.InvalidIdentityPoolConfiguration: Kind(
        "invalid-identity-pool", 409, "The identity pool has no usable role for the caller."
    ),
    errors.InvalidPassword: Kind("invalid-password", 400, "The password breaks the pool's policy."),
    errors.PasswordReused: Kind("password-reused", 400, "The user had this password before."),
    errors.CodeMismatch: Kind("code-mismatch", 400, "The code is not the one that was sent."),
    errors.CodeExpired: Kind("code-expired", 400, "The code is too old."),
    errors.InvalidOAuthFlow: Kind("invalid-oauth-flow", 400, "The OAuth flows contradict other settings."),
    errors.ScopeNotFound: Kind("scope-not-found", 400, "No resource server of the pool has the scope."),
    errors.FeatureUnavailable: Kind("feature-unavailable", 400, "The pool's feature plan does not have this."),
    errors.SoftwareTokenNotFound: Kind("software-token-not-found", 400, "The user has no authenticator app."),
    errors.SoftwareTokenRefused: Kind("software-token-refused", 400, "The code does not prove the authenticator app."),
    errors.DeviceKeyTaken: Kind("device-key-taken", 409, "The user has confirmed the device before."),
    errors.DevicesNotTracked: Kind("devices-not-tracked", 400, "The pool does not track devices."),
    errors.ThreatProtectionOff: Kind("threat-protection-off", 400, "The pool's threat protection is off."),
    errors.OperationNotEnabled: Kind("operation-not-enabled", 400, "The pool's settings do not offer this."),
    errors.PreconditionNotMet: Kind("precondition-not-met", 409, "Something else must come first."),
    errors.UserImportInProgress: Kind("user-import-in-progress", 409, "Users are being imported into the pool."),
    errors.UnsupportedOperation: Kind("unsupported-operation", 400, "The settings do not allow this."),
    errors.UnsupportedTokenType: Kind("unsupported-token-type", 400, "The token is of the wrong kind."),
    errors.TriggerRefused: Kind("trigger-refused", 400, "A Lambda trigger of the pool refused."),
    errors.TriggerFailed: Kind("trigger-failed", 502, "A Lambda trigger of the pool could not be run."),
    errors.TriggerAnswerInvalid: Kind("trigger-answer-invalid", 502, "A Lambda trigger's answer cannot be used."),
    errors.CodeDeliveryFailed: Kind("message-not-delivered", 502, "The mail or SMS service did not take the message."),
    errors.AttemptLimitExceeded: Kind("too-many-attempts", 429, "One user tried too often."),
    errors.TooManyRequests: Kind("too-many-requests", 429, "Too many requests come at once."),
}
"""The kind for every domain error; a class without a row has its parent's."""


def kind_of(error: type[errors.DomainError]) -> Kind:
    """Return the kind of problem that a domain error is."""
    return next(OF_DOMAIN[ancestor] for ancestor in error.__mro__ if ancestor in OF_DOMAIN)


def all_kinds() -> list[Kind]:
    """Return every kind, by name."""
    kinds = {MALFORMED_BODY, *OF_HTTP.values(), *OF_DOMAIN.values()}
    return sorted(kinds, key=lambda kind: kind.name)
