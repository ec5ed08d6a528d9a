"""A user pool with something of everything in it, and the names by which inputs reach that."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.aws.cognito_idp.providers import GOOGLE, OIDC
from tests.aws.cognito_idp.saml import a_metadata_document
from tests.fuzz.door import Door

PASSWORD = "Correct-horse-7"
API = "https://api.example.com"
SCOPES = [f"{API}/read", "openid", "aws.cognito.signin.user.admin"]
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(16)).decode()
FLOWS = [
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_CUSTOM_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
    "ALLOW_USER_AUTH",
]
EXCHANGES = ["ALLOW_TOKEN_EXCHANGE_IMPERSONATION", "ALLOW_TOKEN_EXCHANGE_DELEGATION"]
FOR_ITSELF = ["ALLOW_CLIENT_TOKEN_AUTH"]
ROLE = "arn:aws:iam::000000000000:role/nobody"
SMS = {"SnsCallerArn": ROLE, "ExternalId": "a"}
SOURCE = "arn:aws:ses:us-east-1:000000000000:identity/example.com"
POOL: Mapping[str, Any] = {
    "PoolName": "fuzz",
    "AutoVerifiedAttributes": ["email"],
    "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True},
    "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"},
    "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"]}},
    "EmailConfiguration": {"EmailSendingAccount": "DEVELOPER", "SourceArn": SOURCE},
    "SmsConfiguration": SMS,
    "Schema": [{"Name": "x", "AttributeDataType": "Number", "Mutable": True}],
}
MFA: Mapping[str, Any] = {
    "MfaConfiguration": "OPTIONAL",
    "SoftwareTokenMfaConfiguration": {"Enabled": True},
    "SmsMfaConfiguration": {"SmsConfiguration": SMS},
    "WebAuthnConfiguration": {"RelyingPartyId": "localhost", "UserVerification": "preferred"},
}
TERMS = {"TermsSource": "LINK", "Enforcement": "NONE", "Links": {"cognito:default": "https://example.com/terms"}}
LINKED = {"ProviderName": "Corp", "ProviderAttributeName": "Cognito_Subject", "ProviderAttributeValue": "ann-at-corp"}
SAML = {"MetadataFile": a_metadata_document()}


@dataclass(frozen=True)
class Pool:
    """The pool and its clients.

    Attributes:
        app: a client that people sign in by; it has no secret.
        machine: a client that gets tokens for itself.
        service: a client that exchanges tokens.
    """

    door: Door = field(repr=False)
    pool_id: str
    other_id: str
    app: str
    machine: Mapping[str, str] = field(repr=False)
    service: Mapping[str, str] = field(repr=False)

    def ask(self, operation: str, **parameters: Any) -> Any:
        """Send an operation of the pool."""
        return self.door.ask(operation, UserPoolId=self.pool_id, **parameters)


def a_pool(door: Door) -> Pool:
    """Make the pool, its clients and its people."""
    pool_id = door.ask("CreateUserPool", **POOL)["UserPool"]["Id"]
    other_id = door.ask("CreateUserPool", PoolName="other")["UserPool"]["Id"]
    door.ask("SetUserPoolMfaConfig", UserPoolId=pool_id, **MFA)
    tracking = {"UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 20}}
    door.ask("SetUserPoolSessionConfiguration", UserPoolId=pool_id, **tracking)
    scopes = [{"ScopeName": "read", "ScopeDescription": "Read"}]
    door.ask("CreateResourceServer", UserPoolId=pool_id, Identifier=API, Name="API", Scopes=scopes)
    secret = {"UserPoolId": pool_id, "ClientName": "secret", "GenerateSecret": True}
    pool = Pool(
        door,
        pool_id,
        other_id,
        _client(door, UserPoolId=pool_id, ClientName="app", ExplicitAuthFlows=FLOWS)["ClientId"],
        _client(door, **secret, ExplicitAuthFlows=FOR_ITSELF, AllowedOAuthScopes=SCOPES[:1]),
        _client(door, **secret, ExplicitAuthFlows=EXCHANGES, AllowedOAuthScopes=SCOPES),
    )
    _add_people(pool)
    return pool


def _client(door: Door, **settings: Any) -> Any:
    return door.ask("CreateUserPoolClient", **settings)["UserPoolClient"]


def _add_people(pool: Pool) -> None:
    """Make ann, who can sign in; bob, whose password is for a while; carol, who is disabled; dan, who only signed up."""
    for name in ("ann", "bob", "carol"):
        attributes = [{"Name": "email", "Value": f"{name}@example.com"}, {"Name": "email_verified", "Value": "true"}]
        pool.ask("AdminCreateUser", Username=name, UserAttributes=attributes, MessageAction="SUPPRESS")
        pool.ask("AdminSetUserPassword", Username=name, Password=PASSWORD, Permanent=name != "bob")
    pool.ask("AdminDisableUser", Username="carol")
    attributes = [{"Name": "email", "Value": "dan@example.com"}]
    pool.door.ask("SignUp", ClientId=pool.app, Username="dan", Password=PASSWORD, UserAttributes=attributes)


def add_things(pool: Pool) -> Mapping[str, Sequence[Any]]:
    """Make what a pool holds beside people; return how inputs name it."""
    owned = {"ClientId": pool.app}
    pool.ask("CreateGroup", GroupName="staff", Precedence=1)
    pool.ask("AdminAddUserToGroup", GroupName="staff", Username="ann")
    pool.ask("CreateUserPoolDomain", Domain="fuzz")
    pool.ask("CreateIdentityProvider", **_provider("Corp", "OIDC", OIDC), IdpIdentifiers=["corp"])
    pool.ask("CreateIdentityProvider", **_provider("Google", "Google", GOOGLE))
    pool.ask("CreateIdentityProvider", **_provider("Work", "SAML", SAML))
    ann = {"ProviderName": "Cognito", "ProviderAttributeValue": "ann"}
    pool.ask("AdminLinkProviderForUser", DestinationUser=ann, SourceUser=LINKED)
    style = pool.ask("CreateManagedLoginBranding", **owned, UseCognitoProvidedValues=True)["ManagedLoginBranding"]
    terms = pool.ask("CreateTerms", **owned, TermsName="terms-of-use", **TERMS)["Terms"]
    job = pool.ask("CreateUserImportJob", JobName="import", CloudWatchLogsRoleArn=ROLE)["UserImportJob"]
    policy = pool.ask("CreateCIMDPolicy", **owned, PolicyName="fuzz", URLPatterns=["https://a.example.com/*"])
    secret = pool.ask("AddUserPoolClientSecret", ClientId=pool.service["ClientId"])["ClientSecretDescriptor"]
    return {
        "ManagedLoginBrandingId": [style["ManagedLoginBrandingId"]],
        "TermsId": [terms["TermsId"]],
        "JobId": [job["JobId"]],
        "CIMDPolicyId": [policy["CIMDPolicy"]["CIMDPolicyId"]],
        "ClientSecretId": [secret["ClientSecretId"]],
    }


def _provider(name: str, kind: str, details: Mapping[str, str]) -> dict[str, Any]:
    return {"ProviderName": name, "ProviderType": kind, "ProviderDetails": details}
