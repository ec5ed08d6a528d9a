"""What inputs of the user pools' operations may name: what exists there, what makes sense, and inputs as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tests.aws.cognito_idp.providers import GOOGLE, OIDC
from tests.fuzz.sign_ins import ANN, SHARE, SignedIn, begin, challenge_responses, code_sent_to, sign_ann_in
from tests.fuzz.user_pools import (
    API,
    EXCHANGES,
    FLOWS,
    FOR_ITSELF,
    LINKED,
    PASSWORD,
    PNG,
    SAML,
    SCOPES,
    SMS,
    TERMS,
    Pool,
    a_pool,
    add_things,
)

if TYPE_CHECKING:
    from idp.services import Services
    from tests.fuzz.door import Door

Values = Mapping[str, Sequence[Any]]

NEW_PASSWORD = "Battery-staple-8"
FILTERS = (
    'email = "ann@example.com"',
    'status = "Enabled"',
    'username ^= ""',
    'cognito:user_status = "CONFIRMED"',
    "email ^= ",
    '"',
    'custom:x = "1"',
)
ATTRIBUTES = [
    [{"Name": "email", "Value": "ann@example.com"}],
    [{"Name": "custom:x", "Value": "7"}],
    [{"Name": "phone_number", "Value": "+15550100"}],
]


def known_of_pools(door: Door, services: Services) -> Values:
    """Make a pool; return values by the members' names, and whole inputs by the operations' names."""
    pool = a_pool(door)
    things = add_things(pool)
    ann = sign_ann_in(pool, services)
    responses = challenge_responses(pool, services)
    return {
        **_of_pool(pool),
        **things,
        **_of_sign_ins(pool, ann, responses),
        **_written(),
        **_whole(pool, ann, services),
    }


def _of_pool(pool: Pool) -> Values:
    machine, service = pool.machine, pool.service
    return {
        "UserPoolId": [pool.pool_id, pool.pool_id, pool.pool_id, pool.other_id],
        "ClientId": [pool.app, pool.app, machine["ClientId"], service["ClientId"], "nobody"],
        "Secret": [machine["ClientSecret"], "another+secret+of+thirty+signs"],
        "ClientSecret": [service["ClientSecret"], "another+secret+of+thirty+signs"],
        "ResourceArn": [f"arn:aws:cognito-idp:us-east-1:000000000000:userpool/{pool.pool_id}"],
        "Username": ["ann", "ann", "bob", "carol", "dan", "nobody"],
        "GroupName": ["staff", "nobody"],
        "Domain": ["fuzz", "free"],
        "Identifier": [API],
        "ProviderName": ["Corp", "Google", "Work", "Cognito"],
        "IdpIdentifier": ["corp"],
        "IdpIdentifiers.item": ["corp", "other"],
    }


def _of_sign_ins(pool: Pool, ann: SignedIn, responses: Sequence[Mapping[str, str]]) -> Values:
    access, refresh = ann.access_token, ann.tokens["RefreshToken"]
    tokens = [access, ann.tokens["IdToken"], refresh, "a.b.c"]
    bob = begin(pool, "USER_PASSWORD_AUTH", {"USERNAME": "bob", "PASSWORD": PASSWORD})
    page = pool.ask("ListUsers", Limit=1)["PaginationToken"]
    return {
        "AccessToken": [access, access, *tokens],
        "RefreshToken": [refresh, access],
        "Token": [refresh, access],
        "SubjectToken": tokens,
        "ActorToken": tokens,
        "Session": [ann.choice, ann.asked, bob["Session"]],
        "SessionId": [ann.session_id],
        "ChallengeName": ["NEW_PASSWORD_REQUIRED", "PASSWORD_VERIFIER", "SELECT_CHALLENGE", "EMAIL_OTP", "PASSWORD"],
        "ChallengeResponses": responses,
        "AuthFlow": ["USER_PASSWORD_AUTH", "USER_AUTH", "USER_SRP_AUTH", "REFRESH_TOKEN_AUTH", "CUSTOM_AUTH"],
        "AuthParameters": [
            ANN,
            {"USERNAME": "ann", "SRP_A": SHARE},
            {**ANN, "PREFERRED_CHALLENGE": "PASSWORD"},
            {"REFRESH_TOKEN": refresh},
            {**ANN, "USERNAME": "bob", "DEVICE_KEY": ann.device_key},
        ],
        "DeviceKey": [ann.device_key],
        "EventId": [ann.event_id],
        "PaginationToken": [page],
        "NextToken": [page],
        "Code": [ann.sent, "123456"],
        "UserCode": [ann.app_code, "123456"],
        "ConfirmationCode": [ann.sent, "123456"],
        "CredentialId": [ann.credential_id],
        "Credential": [ann.passkey],
    }


def _written() -> Values:
    """Return what callers write themselves, in forms that make sense."""
    return {
        "Password": [PASSWORD, NEW_PASSWORD, "short"],
        "PreviousPassword": [PASSWORD],
        "ProposedPassword": [NEW_PASSWORD, PASSWORD],
        "TemporaryPassword": [NEW_PASSWORD, "short"],
        "UserAttributes": ATTRIBUTES,
        "ValidationData": ATTRIBUTES,
        "AttributeName": ["email", "phone_number"],
        "UserAttributeNames.item": ["email", "custom:x", "phone_number"],
        "AttributesToGet.item": ["email", "sub", "custom:x"],
        "ReadAttributes.item": ["email", "custom:x"],
        "WriteAttributes.item": ["email", "custom:x"],
        "Filter": FILTERS,
        "ProviderType": ["OIDC", "SAML", "Google", "Facebook", "SignInWithApple", "LoginWithAmazon"],
        "ProviderDetails": [OIDC, GOOGLE, SAML, {"MetadataFile": "<a/>"}, {"MetadataURL": "https://a.example/m"}],
        "ProviderDetails.value": ["https://127.0.0.1/m", "https://a.example/m"],
        "AttributeMapping": [{"email": "email"}, {"username": "sub"}],
        "URLPatterns.item": ["https://a.example.com/*", "https://*.example.com/app"],
        "URL": ["https://a.example.com/client.json"],
        "Scopes.item": SCOPES,
        "AllowedOAuthScopes": [SCOPES, ["email", "openid"], ["phone"]],
        "AllowedOAuthFlows": [["code"], ["code", "implicit"], ["client_credentials"]],
        "ExplicitAuthFlows": [FLOWS, EXCHANGES, FOR_ITSELF],
        "SupportedIdentityProviders": [["COGNITO"], ["COGNITO", "Corp", "Work"]],
        "CallbackURLs": [["https://app.example.com/callback"], ["myapp://callback"], ["http://localhost:3000"]],
        "LogoutURLs": [["https://app.example.com/bye"]],
        "SourceUser": [LINKED, {**LINKED, "ProviderAttributeValue": "another"}],
        "DestinationUser": [{"ProviderName": "Cognito", "ProviderAttributeValue": "ann"}],
        "User": [LINKED],
        "SmsConfiguration": [SMS],
        "ImageFile": [PNG],
        "Assets": [[{"Category": "FORM_LOGO", "ColorMode": "LIGHT", "Extension": "PNG", "Bytes": PNG}]],
        "CSS": [".submitButton-customizable { color: #fff }", "@import url(a)"],
        "RelyingPartyId": ["localhost", "example.com"],
    }


def _whole(pool: Pool, ann: SignedIn, services: Services) -> Values:
    """Return inputs that are taken as they stand, where members put together by chance hardly ever are."""
    ours, app, mine = {"UserPoolId": pool.pool_id}, {"ClientId": pool.app}, {"AccessToken": ann.access_token}
    begun = {**app, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": ANN}
    chosen = {**app, "ChallengeName": "SELECT_CHALLENGE", "Session": ann.choice}
    answered = {**chosen, "ChallengeResponses": {**ANN, "ANSWER": "PASSWORD"}}
    eve = {"Username": "eve", "Password": PASSWORD, "UserAttributes": ATTRIBUTES[0]}
    dan = {**app, "Username": "dan"}
    exchanged = {"SubjectToken": ann.access_token, "SubjectTokenType": "ACCESS_TOKEN"}
    return {
        "InitiateAuth": [begun, {**begun, "AuthFlow": "USER_AUTH"}],
        "AdminInitiateAuth": [{**ours, **begun, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH"}],
        "RespondToAuthChallenge": [answered],
        "AdminRespondToAuthChallenge": [{**ours, **answered}],
        "SignUp": [{**app, **eve}],
        "ConfirmSignUp": [{**dan, "ConfirmationCode": code_sent_to(services, "dan@example.com")}],
        "ResendConfirmationCode": [dan],
        "AdminConfirmSignUp": [{**ours, "Username": "dan"}],
        "AdminCreateUser": [{**ours, "Username": "eve", "UserAttributes": ATTRIBUTES[2]}],
        "GetClientToken": [
            {name: pool.machine[key] for name, key in (("ClientId", "ClientId"), ("Secret", "ClientSecret"))}
        ],
        "GetDerivedToken": [{name: pool.service[name] for name in ("ClientId", "ClientSecret")} | exchanged],
        "CreateIdentityProvider": [
            {**ours, "ProviderName": "New", "ProviderType": "OIDC", "ProviderDetails": OIDC},
            {**ours, "ProviderName": "New", "ProviderType": "SAML", "ProviderDetails": SAML},
        ],
        "CreateTerms": [{**ours, **app, "TermsName": "privacy-policy", **TERMS}],
        "CreateUserPoolDomain": [{"UserPoolId": pool.other_id, "Domain": "free"}],
        "CreateGroup": [{**ours, "GroupName": "new"}],
        "AddCustomAttributes": [{**ours, "CustomAttributes": [{"Name": "y", "AttributeDataType": "String"}]}],
        "AddUserPoolClientSecret": [{**ours, "ClientId": pool.machine["ClientId"]}],
        "CreateManagedLoginBranding": [
            {**ours, "ClientId": pool.service["ClientId"], "UseCognitoProvidedValues": True}
        ],
        "SetUserPoolClientSessionConfiguration": [{**ours, **app, "SSOSession": {"MaxValidityMinutes": 60}}],
        "VerifyUserAttribute": [{**mine, "AttributeName": "email", "Code": ann.sent}],
        "GetDevice": [{**mine, "DeviceKey": ann.device_key}],
        "ForgetDevice": [{**mine, "DeviceKey": ann.device_key}],
    }
