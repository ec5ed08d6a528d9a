"""What can go wrong, named as a fact; each face's error table gives it a wire code.

`message` is Cognito's own sentence (spec sections 2 and 3). Classes are few where the wire has one code and the
sentence says the rest; a fact that a flow catches, or that several flows raise, has a class of its own.
"""

from __future__ import annotations


class DomainError(Exception):
    """A refusal that a caller may be told about."""

    sentence = "The request was refused."

    def __init__(self, message: str | None = None) -> None:
        self.message = self.sentence if message is None else message
        super().__init__(self.message)


class InvalidParameter(DomainError):
    """A value the model allows and the rules do not."""

    sentence = "Invalid parameter."


class InternalFailure(DomainError):
    """Something of ours failed; the sentence says no more than that."""

    sentence = "Internal server error."


class NotAuthorized(DomainError):
    """The caller did not prove what the request needs."""

    sentence = "Incorrect username or password."


class WrongPassword(NotAuthorized):
    """The password is not the user's, or there is no such user and the client hides that."""


class SignInBlocked(NotAuthorized):
    """Threat protection refuses the sign-in."""

    sentence = "Unable to login because of security reasons."


class UserDisabled(NotAuthorized):
    """An administrator has disabled the user."""

    sentence = "User is disabled."


class PasswordAttemptsExceeded(NotAuthorized):
    """Too many failed sign-ins in a row; the user is locked for a while."""

    sentence = "Password attempts exceeded"


class TemporaryPasswordExpired(NotAuthorized):
    """The temporary password was not used in time."""

    sentence = "Temporary password has expired and must be reset by an administrator."


class InvalidSession(NotAuthorized):
    """The Session string is foreign, forged or for another step."""

    sentence = "Invalid session for the user."


class SessionExpired(InvalidSession):
    """The Session string is older than AuthSessionValidity."""

    sentence = "Invalid session for the user, session is expired."


class SessionSpent(InvalidSession):
    """The Session string has been used."""

    sentence = "Invalid session for the user, session can only be used once."


class InvalidAccessToken(NotAuthorized):
    """Not an access token of a pool of ours."""

    sentence = "Invalid Access Token"


class AccessTokenExpired(NotAuthorized):
    """The access token's `exp` has passed."""

    sentence = "Access Token has expired"


class AccessTokenRevoked(NotAuthorized):
    """The user signed out everywhere, or the token's family was revoked."""

    sentence = "Access Token has been revoked"


class InvalidRefreshToken(NotAuthorized):
    """Not a refresh token of this client."""

    sentence = "Invalid Refresh Token."


class RefreshTokenExpired(NotAuthorized):
    """The refresh token is older than its validity."""

    sentence = "Refresh Token has expired"


class RefreshTokenRevoked(NotAuthorized):
    """The refresh token, its family or its user was signed out."""

    sentence = "Refresh Token has been revoked"


class RefreshTokenReused(DomainError):
    """A rotated refresh token came back after its grace period."""

    sentence = "Refresh token has been reused."


class UserNotFound(DomainError):
    """No such user (told only where existence may be told)."""

    sentence = "User does not exist."


class UserNotConfirmed(DomainError):
    """The user signed up and has not confirmed."""

    sentence = "User is not confirmed."


class PasswordResetRequired(DomainError):
    """The user must set a new password by ForgotPassword first."""

    sentence = "Password reset required for the user"


class UsernameTaken(DomainError):
    """Another user of the pool has the name."""

    sentence = "User already exists"


class AliasTaken(DomainError):
    """Another user of the pool has the verified e-mail address, phone number or preferred username."""

    sentence = "An account with the given email already exists."


class CodeMismatch(DomainError):
    """The confirmation code is not the one that was sent."""

    sentence = "Invalid verification code provided, please try again."


class OperationNotEnabled(DomainError):
    """The pool's configuration does not have the operation."""

    sentence = "This operation is not enabled for the user pool."


class ThreatProtectionOff(DomainError):
    """The pool neither judges sign-ins nor keeps what users do."""

    sentence = "Threat protection is not enabled for the user pool."


class FeatureUnavailable(DomainError):
    """The pool's feature plan does not have what is asked for."""

    sentence = "This feature is not available in the user pool's tier."


class TierChangeRefused(InvalidParameter):
    """The pool uses what the feature plan it is to change to does not have."""

    sentence = "The tier cannot be changed while features that it does not have are in use."


class SoftwareTokenNotFound(DomainError):
    """The user has no authenticator app, or the pool takes none."""

    sentence = "Software Token MFA does not exist for the user."


class SoftwareTokenRefused(DomainError):
    """The code does not prove that the app has the secret."""

    sentence = "Code mismatch and fail enable Software Token MFA"


class CodeExpired(DomainError):
    """The confirmation code is too old, was replaced, or was never asked for."""

    sentence = "Invalid code provided, please request a code again."


class CodeDeliveryFailed(DomainError):
    """The message could not be handed to the mail or SMS service."""

    sentence = "Unable to deliver the message."


class AttemptLimitExceeded(DomainError):
    """Too many attempts of this kind by one user."""

    sentence = "Attempt limit exceeded, please try after some time."


class TooManyRequests(DomainError):
    """The caller is over a request rate, or no capacity is free."""

    sentence = "Rate exceeded"


class InvalidPassword(DomainError):
    """The password breaks the pool's policy."""

    sentence = "Password did not conform with policy"


class PasswordReused(DomainError):
    """The password is in the user's password history."""

    sentence = "Password has previously been used"


class UnsupportedUserState(DomainError):
    """The user's status does not allow the action."""

    sentence = "Unsupported user state."


class ResourceNotFound(DomainError):
    """No such pool, client, group, domain, identity, function ..."""

    sentence = "Requested resource not found"


class ClientMetadataUrlUnknown(ResourceNotFound):
    """No document of the URL is kept under the policy."""

    sentence = "The client metadata URL is not cached for the policy."


class DeviceNotFound(ResourceNotFound):
    """The user has no device of that key: unknown, another user's, or forgotten."""

    sentence = "Device does not exist."


class DeviceKeyTaken(DomainError):
    """The user has confirmed a device of that key before."""

    sentence = "A device with the key already exists."


class DevicesNotTracked(DomainError):
    """The pool has no DeviceConfiguration."""

    sentence = "Device tracking has not been configured in this User Pool"


class ResourceConflict(DomainError):
    """The request contradicts what is stored, or lost a race."""

    sentence = "The resource is in conflict with another request."


class ConcurrentModification(DomainError):
    """Somebody saved the same thing first (compare-and-set failed)."""

    sentence = "The resource was modified concurrently. Please try again."


class LimitExceeded(DomainError):
    """A quota on the number of resources is reached."""

    sentence = "Limit exceeded."


class PreconditionNotMet(DomainError):
    """What the request needs is not there yet, or no longer so."""

    sentence = "A precondition of the request is not met."


class UserImportInProgress(DomainError):
    """A job is importing users into the pool, which must stay as it is meanwhile."""

    sentence = "A user import job is in progress for the user pool."


class GroupTaken(DomainError):
    """The pool has a group of that name."""

    sentence = "A group with the name already exists"


class ProviderTaken(ResourceConflict):
    """The pool has an identity provider of that name."""

    sentence = "A provider with the name already exists"


class BrandingTaken(ResourceConflict):
    """The client has a managed login style."""

    sentence = "A managed login branding style already exists for the app client."


class TermsTaken(ResourceConflict):
    """The client has a document of that kind."""

    sentence = "Terms already exist for the app client."


class InvalidOAuthFlow(DomainError):
    """The client's OAuth flows contradict its other settings."""

    sentence = "Invalid OAuth flow."


class ScopeNotFound(DomainError):
    """A requested custom scope has no resource server."""

    sentence = "Invalid scope requested."


class UnsupportedOperation(DomainError):
    """The client's settings do not allow the operation."""

    sentence = "Unsupported operation."


class UnsupportedTokenType(DomainError):
    """The token is not of the kind the operation takes."""

    sentence = "Unsupported token type."


class ClientUnauthorized(DomainError):
    """The client secret is missing or wrong."""

    sentence = "Client authentication failed."


class TriggerRefused(DomainError):
    """A Lambda trigger answered with an error: its refusal, in its words."""

    sentence = "The trigger refused."


class TriggerFailed(DomainError):
    """A Lambda trigger could not be run."""

    sentence = "The trigger could not be invoked."


class TriggerAnswerInvalid(DomainError):
    """A Lambda trigger's answer cannot be used."""

    sentence = "Unrecognizable lambda output"


class WebAuthnRefused(InvalidParameter):
    """A passkey cannot be registered; the classes below say why."""

    sentence = "The passkey cannot be registered."


class WebAuthnNotEnabled(WebAuthnRefused):
    """The pool does not let users sign in with passkeys."""

    sentence = "WebAuthn is not enabled for this user pool."


class WebAuthnConfigurationMissing(WebAuthnRefused):
    """The pool names no relying party, and has no domain to take for one."""

    sentence = "The user pool has no relying party ID and no domain."


class WebAuthnChallengeNotFound(WebAuthnRefused):
    """The registration was never started, not by this user, too long ago, or is complete already."""

    sentence = "The challenge of this registration was not found."


class WebAuthnClientMismatch(WebAuthnRefused):
    """The registration was started at another client."""

    sentence = "The registration was started at another client."


class WebAuthnOriginNotAllowed(WebAuthnRefused):
    """The page that made the passkey is not of the relying party."""

    sentence = "The origin is not allowed for the relying party."


class WebAuthnRelyingPartyMismatch(WebAuthnRefused):
    """The passkey was made for another relying party."""

    sentence = "The relying party of the passkey is not that of the user pool."


class WebAuthnCredentialNotSupported(WebAuthnRefused):
    """The authenticator or its key is not of a kind that is taken."""

    sentence = "The passkey is not supported."


class InvalidIdentityPoolConfiguration(DomainError):
    """The identity pool has no role for this caller, or STS refused it."""

    sentence = "Invalid identity pool configuration. Check assigned IAM roles for this pool."


class MalformedPolicyDocument(InvalidParameter):
    """A policy document is none, or not one of the wanted kind."""

    sentence = "Syntax errors in policy."


class PackedPolicyTooLarge(InvalidParameter):
    """Session policies and tags are larger than a session may carry."""

    sentence = "Packed policy is too large."


class InvalidTags(InvalidParameter):
    """Tags contradict one another or what the session has."""

    sentence = "Duplicate tag keys found. Please note that Tag keys are case insensitive."


class DeleteConflict(ResourceConflict):
    """What is to be deleted still has something of its own."""

    sentence = "Cannot delete entity, must delete policies first."


class InvalidIdentityToken(NotAuthorized):
    """A web identity token is malformed, or of an issuer that nobody trusts."""

    sentence = "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"


class IdentityTokenExpired(NotAuthorized):
    """A web identity token's `exp` has passed."""

    sentence = "Token expired"


class AccessDenied(DomainError):
    """IAM policy refuses the principal; the sentence names who, what and why."""

    sentence = "Access Denied"
