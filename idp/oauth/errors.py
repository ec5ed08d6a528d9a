"""From what went wrong to OAuth's word for it, and the JSON that says so.

Source: RFC 6749 section 5.2; RFC 6750 section 3; spec USER_POOLS sections 9.4-9.6.
"""

from __future__ import annotations

from idp.domain import errors
from idp.domain.errors import DomainError
from idp.domain.oauth_error import ErrorCode, OAuthRefused

REFUSED_TOKEN = "Access token is expired, disabled, or deleted, or the user has globally signed out."  # noqa: S105

# The nearest ancestor of an error's class decides.
_WORDS: dict[type[DomainError], ErrorCode] = {
    DomainError: "invalid_request",
    errors.NotAuthorized: "invalid_grant",
    errors.RefreshTokenReused: "invalid_grant",
    errors.UserNotFound: "invalid_grant",
    errors.UserNotConfirmed: "invalid_grant",
    errors.PasswordResetRequired: "invalid_grant",
    errors.ResourceNotFound: "invalid_client",
    errors.ClientUnauthorized: "invalid_client",
    errors.UnsupportedTokenType: "unsupported_token_type",
    errors.InternalFailure: "server_error",
    errors.TooManyRequests: "temporarily_unavailable",
}
# Whose sentences tell a developer what to mend, and nobody anything else.
_TOLD = (errors.TriggerRefused, errors.TriggerFailed, errors.TriggerAnswerInvalid, errors.UnsupportedOperation)


def refused(error: DomainError) -> OAuthRefused:
    """Return the refusal that a flow's error is at the token, revocation and authorization endpoints."""
    word = next(_WORDS[ancestor] for ancestor in type(error).__mro__ if ancestor in _WORDS)
    return OAuthRefused(word, error.message if isinstance(error, _TOLD) else None)
