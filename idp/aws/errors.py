"""From what went wrong to AWS's word for it: one way out for refusals of every kind.

These kinds arrive here: `Invalid` (shapes), `GeneralError` (dispatch and protocols), `SignatureRefused` (authorizer),
`DomainError` (flows; the tables below) and `ServiceError` (the rare error only AWS has a word for). The protocols write
the resulting `Refusal`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from idp.authorizer.sigv4 import SignatureRefused
from idp.aws.directory import Service
from idp.domain import errors


class ServiceError(Exception):
    """A refusal in a service's own word, sent as it stands."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        self.code = code
        self.message = message
        self.status = status
        super().__init__(code, message)


class GeneralError(Exception):
    """A refusal that every AWS service has, under the JSON protocols' name of it; query services have another."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(code, message)


class Malformed(GeneralError):
    """The body cannot be read as the operation's input."""

    def __init__(self, message: str) -> None:
        super().__init__("SerializationException", message)


class Invalid(Exception):
    """The parameters break the model's constraints; the message names every violation."""

    def __init__(self, violations: Sequence[str]) -> None:
        count = len(violations)
        errors_detected = "1 validation error" if count == 1 else f"{count} validation errors"
        self.message = f"{errors_detected} detected: {'; '.join(violations)}"
        super().__init__(self.message)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error as it goes over the wire."""

    code: str
    message: str
    status: int = 400


WireCode = tuple[str, int]

COGNITO_CODES: Mapping[type[errors.DomainError], WireCode] = {
    errors.InvalidParameter: ("InvalidParameterException", 400),
    errors.InternalFailure: ("InternalErrorException", 500),
    errors.NotAuthorized: ("NotAuthorizedException", 400),
    errors.RefreshTokenReused: ("RefreshTokenReuseException", 400),
    errors.UserNotFound: ("UserNotFoundException", 400),
    errors.UserNotConfirmed: ("UserNotConfirmedException", 400),
    errors.PasswordResetRequired: ("PasswordResetRequiredException", 400),
    errors.UsernameTaken: ("UsernameExistsException", 400),
    errors.AliasTaken: ("AliasExistsException", 400),
    errors.CodeMismatch: ("CodeMismatchException", 400),
    errors.OperationNotEnabled: ("OperationNotEnabledException", 400),
    errors.ThreatProtectionOff: ("UserPoolAddOnNotEnabledException", 400),
    errors.FeatureUnavailable: ("FeatureUnavailableInTierException", 400),
    errors.TierChangeRefused: ("TierChangeNotAllowedException", 400),
    errors.ProviderTaken: ("DuplicateProviderException", 400),
    errors.BrandingTaken: ("ManagedLoginBrandingExistsException", 400),
    errors.ClientMetadataUrlUnknown: ("CachedCIMDURLDoesNotExistException", 400),
    errors.TermsTaken: ("TermsExistsException", 400),
    errors.SoftwareTokenNotFound: ("SoftwareTokenMFANotFoundException", 400),
    errors.SoftwareTokenRefused: ("EnableSoftwareTokenMFAException", 400),
    errors.CodeExpired: ("ExpiredCodeException", 400),
    errors.CodeDeliveryFailed: ("CodeDeliveryFailureException", 400),
    errors.AttemptLimitExceeded: ("LimitExceededException", 400),
    errors.TooManyRequests: ("TooManyRequestsException", 400),
    errors.InvalidPassword: ("InvalidPasswordException", 400),
    errors.PasswordReused: ("PasswordHistoryPolicyViolationException", 400),
    errors.UnsupportedUserState: ("UnsupportedUserStateException", 400),
    errors.ResourceNotFound: ("ResourceNotFoundException", 400),
    errors.DeviceKeyTaken: ("DeviceKeyExistsException", 400),
    errors.DevicesNotTracked: ("InvalidUserPoolConfigurationException", 400),
    errors.ResourceConflict: ("ResourceConflictException", 400),
    errors.ConcurrentModification: ("ConcurrentModificationException", 400),
    errors.LimitExceeded: ("LimitExceededException", 400),
    errors.PreconditionNotMet: ("PreconditionNotMetException", 400),
    errors.UserImportInProgress: ("UserImportInProgressException", 400),
    errors.GroupTaken: ("GroupExistsException", 400),
    errors.InvalidOAuthFlow: ("InvalidOAuthFlowException", 400),
    errors.ScopeNotFound: ("ScopeDoesNotExistException", 400),
    errors.UnsupportedOperation: ("UnsupportedOperationException", 400),
    errors.UnsupportedTokenType: ("UnsupportedTokenTypeException", 400),
    errors.ClientUnauthorized: ("UnauthorizedException", 400),
    errors.TriggerRefused: ("UserLambdaValidationException", 400),
    errors.TriggerFailed: ("UnexpectedLambdaException", 400),
    errors.TriggerAnswerInvalid: ("InvalidLambdaResponseException", 400),
    errors.WebAuthnNotEnabled: ("WebAuthnNotEnabledException", 400),
    errors.WebAuthnConfigurationMissing: ("WebAuthnConfigurationMissingException", 400),
    errors.WebAuthnChallengeNotFound: ("WebAuthnChallengeNotFoundException", 400),
    errors.WebAuthnClientMismatch: ("WebAuthnClientMismatchException", 400),
    errors.WebAuthnOriginNotAllowed: ("WebAuthnOriginNotAllowedException", 400),
    errors.WebAuthnRelyingPartyMismatch: ("WebAuthnRelyingPartyMismatchException", 400),
    errors.WebAuthnCredentialNotSupported: ("WebAuthnCredentialNotSupportedException", 400),
    errors.InvalidIdentityPoolConfiguration: ("InvalidIdentityPoolConfigurationException", 400),
    errors.AccessDenied: ("AccessDeniedException", 400),
}
"""The word for every domain error; a class without a row has its parent's.  Source: spec USER_POOLS sections 0.3, 3."""

USER_POOL_CODES: Mapping[type[errors.DomainError], WireCode] = {
    errors.ResourceConflict: ("ConcurrentModificationException", 400),
}
"""The user pools' API has no ResourceConflictException."""

QUERY_CODES: Mapping[type[errors.DomainError], WireCode] = {
    errors.InvalidParameter: ("ValidationError", 400),
    errors.InternalFailure: ("InternalFailure", 500),
    errors.NotAuthorized: ("AccessDenied", 403),
    errors.TooManyRequests: ("Throttling", 400),
    errors.ResourceNotFound: ("NoSuchEntity", 404),
    errors.ResourceConflict: ("EntityAlreadyExists", 409),
    errors.ConcurrentModification: ("ConcurrentModification", 409),
    errors.LimitExceeded: ("LimitExceeded", 409),
    errors.AccessDenied: ("AccessDenied", 403),
    errors.MalformedPolicyDocument: ("MalformedPolicyDocument", 400),
    errors.PackedPolicyTooLarge: ("PackedPolicyTooLarge", 400),
    errors.InvalidTags: ("InvalidParameterValue", 400),
    errors.DeleteConflict: ("DeleteConflict", 409),
    errors.InvalidIdentityToken: ("InvalidIdentityToken", 400),
    errors.IdentityTokenExpired: ("ExpiredTokenException", 400),
}
"""Source: AWS IAM API and STS API, "Common Errors"; botocore's models."""

LAMBDA_CODES: Mapping[type[errors.DomainError], WireCode] = {
    errors.InvalidParameter: ("InvalidParameterValueException", 400),
    errors.InternalFailure: ("ServiceException", 500),
    errors.TooManyRequests: ("TooManyRequestsException", 429),
    errors.ResourceNotFound: ("ResourceNotFoundException", 404),
    errors.ResourceConflict: ("ResourceConflictException", 409),
    errors.ConcurrentModification: ("PreconditionFailedException", 412),
    errors.AccessDenied: ("AccessDeniedException", 403),
}
"""Source: botocore's lambda model, error shapes."""

OWN_CODES: Mapping[str, Mapping[type[errors.DomainError], WireCode]] = {
    "cognito-idp": USER_POOL_CODES,
    "sts": QUERY_CODES,
    "iam": QUERY_CODES,
    "lambda": LAMBDA_CODES,
}

INTERNAL_SERVER: WireCode = ("InternalServerException", 500)
OPERATION_CODES: Mapping[tuple[str, str], Mapping[type[errors.DomainError], WireCode]] = {
    ("cognito-idp", "AddUserPoolClientSecret"): {errors.InternalFailure: INTERNAL_SERVER},
    ("cognito-idp", "DeleteUserPoolClientSecret"): {errors.InternalFailure: INTERNAL_SERVER},
    ("cognito-idp", "ListUserPoolClientSecrets"): {errors.InternalFailure: INTERNAL_SERVER},
}
"""Operations with words of their own, by service and name.  Source: botocore's models; spec USER_POOLS section 11.11."""

GENERAL_QUERY_CODES: Mapping[str, WireCode] = {
    "MissingAuthenticationTokenException": ("MissingAuthenticationToken", 403),
    "IncompleteSignatureException": ("IncompleteSignature", 400),
    "InvalidSignatureException": ("SignatureDoesNotMatch", 403),
    "UnrecognizedClientException": ("InvalidClientTokenId", 403),
    "ExpiredTokenException": ("ExpiredToken", 403),
    "UnknownOperationException": ("InvalidAction", 400),
    "SerializationException": ("MalformedInput", 400),
    "RequestTooLargeException": ("RequestEntityTooLarge", 413),
    "UnsupportedMediaTypeException": ("UnsupportedMediaType", 415),
}
"""What query services call the general errors.  Source: spec SIGV4 section 6; the last three are our choice."""

SIGNATURE_CODES = frozenset(
    {
        "MissingAuthenticationTokenException",
        "IncompleteSignatureException",
        "InvalidSignatureException",
        "UnrecognizedClientException",
        "ExpiredTokenException",
    }
)

CONSTRAINT_CODES: Mapping[str, str] = {
    "cognito-idp": "InvalidParameterException",
    "sts": "ValidationError",
    "iam": "ValidationError",
}
"""Code of a broken model constraint; others say ValidationException.  Source: spec USER_POOLS 0.4, STS_IAM section 1."""


def refusal_of(error: Exception, service: Service, *, operation: str = "") -> Refusal:
    """Return what the service says of an error; one that is no refusal is an internal failure.

    Args:
        operation: that was asked for, whether or not the service has it; empty when the request names none.
    """
    if isinstance(error, errors.DomainError):
        code, status = _domain_code(type(error), service, operation)
        return Refusal(code, error.message, status)
    if isinstance(error, ServiceError):
        return Refusal(error.code, error.message, error.status)
    if isinstance(error, Invalid):
        return Refusal(CONSTRAINT_CODES.get(service.id, "ValidationException"), error.message)
    if isinstance(error, GeneralError | SignatureRefused):
        code, status = _general_code(error.code, service)
        return Refusal(code, error.message, status)
    return refusal_of(errors.InternalFailure(), service, operation=operation)


def _domain_code(kind: type[errors.DomainError], service: Service, operation: str) -> WireCode:
    tables = (OPERATION_CODES.get((service.id, operation), {}), OWN_CODES.get(service.id, {}), COGNITO_CODES)
    for ancestor in kind.__mro__:
        for table in tables:
            if ancestor in table:
                return table[ancestor]
    raise LookupError(f"{kind.__name__} has no wire code")


def _general_code(code: str, service: Service) -> WireCode:
    if service.protocol == "query":
        return GENERAL_QUERY_CODES[code]
    if code == "RequestTooLargeException":
        return code, 413
    if code == "UnsupportedMediaTypeException":
        return code, 415
    if service.protocol == "rest-json" and code in SIGNATURE_CODES:
        return code, 403
    return code, 400
