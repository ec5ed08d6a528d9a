"""Request quotas: how many requests a second each category of operations may take, per account and region.

Source: AWS "Quotas in Amazon Cognito", request rate quotas; spec USER_POOLS section 13.4, whose membership of categories
beyond the operations it names is ours.
"""

from __future__ import annotations

from collections.abc import Mapping

AUTHENTICATION = "UserAuthentication"
CLIENT_AUTHENTICATION = "ClientAuthentication"
FEDERATION = "UserFederation"
ANSWERS = "UserAuthenticationAnswers"
ANSWERS_PER_SIGN_IN = 3
"""A sign-in may take that many answers: their rate follows from that of sign-ins."""

DEFAULT_RATES: Mapping[str, float] = {
    AUTHENTICATION: 120,
    "UserCreation": 50,
    FEDERATION: 25,
    "UserAccountRecovery": 30,
    "UserRead": 120,
    "UserUpdate": 25,
    "UserToken": 120,
    "UserResourceRead": 50,
    "UserResourceUpdate": 25,
    "UserList": 30,
    "UserPoolRead": 15,
    "UserPoolUpdate": 15,
    "UserPoolResourceRead": 20,
    "UserPoolResourceUpdate": 15,
    "UserPoolClientRead": 15,
    "UserPoolClientUpdate": 15,
    CLIENT_AUTHENTICATION: 150,
}
"""Requests a second."""

_OPERATIONS = {
    AUTHENTICATION: "InitiateAuth AdminInitiateAuth",
    ANSWERS: "RespondToAuthChallenge AdminRespondToAuthChallenge",
    "UserCreation": "SignUp ConfirmSignUp AdminCreateUser AdminConfirmSignUp",
    "UserAccountRecovery": """
        ForgotPassword ConfirmForgotPassword ChangePassword AdminResetUserPassword AdminSetUserPassword
    """,
    "UserRead": "AdminGetUser GetUser",
    "UserUpdate": """
        UpdateUserAttributes AdminUpdateUserAttributes DeleteUserAttributes AdminDeleteUserAttributes AdminDeleteUser
        DeleteUser AdminEnableUser AdminDisableUser AdminLinkProviderForUser AdminDisableProviderForUser
        VerifyUserAttribute GetUserAttributeVerificationCode ResendConfirmationCode
    """,
    "UserToken": "RevokeToken GlobalSignOut AdminUserGlobalSignOut GetTokensFromRefreshToken GetDerivedToken",
    "UserResourceRead": """
        AdminGetDevice GetDevice AdminListDevices ListDevices AdminListGroupsForUser AdminListUserAuthEvents
        GetUserAuthFactors AdminGetUserAuthFactors ListWebAuthnCredentials ListUserSessions AdminListUserSessions
    """,
    "UserResourceUpdate": """
        ConfirmDevice ForgetDevice AdminForgetDevice UpdateDeviceStatus AdminUpdateDeviceStatus AdminAddUserToGroup
        AdminRemoveUserFromGroup AssociateSoftwareToken VerifySoftwareToken AdminDeleteSoftwareToken SetUserMFAPreference
        AdminSetUserMFAPreference SetUserSettings AdminSetUserSettings AdminUpdateAuthEventFeedback
        UpdateAuthEventFeedback StartWebAuthnRegistration CompleteWebAuthnRegistration DeleteWebAuthnCredential
        RevokeUserSession AdminRevokeUserSession
    """,
    "UserList": "ListUsers ListUsersInGroup",
    "UserPoolRead": "DescribeUserPool ListUserPools",
    "UserPoolUpdate": "CreateUserPool UpdateUserPool DeleteUserPool",
    "UserPoolResourceRead": """
        DescribeIdentityProvider ListIdentityProviders GetIdentityProviderByIdentifier DescribeResourceServer
        ListResourceServers GetGroup ListGroups DescribeUserPoolDomain GetUserPoolMfaConfig GetCSVHeader
        DescribeUserImportJob ListUserImportJobs GetSigningCertificate ListTagsForResource GetLogDeliveryConfiguration
        DescribeRiskConfiguration GetUICustomization DescribeManagedLoginBranding DescribeManagedLoginBrandingByClient
        DescribeTerms DescribeTermsByClient ListTerms GetUserPoolSessionConfiguration
        DescribeCIMDPolicy ListCIMDPolicies ListClientMetadataURLs
    """,
    "UserPoolResourceUpdate": """
        AddCustomAttributes CreateIdentityProvider UpdateIdentityProvider DeleteIdentityProvider CreateResourceServer
        UpdateResourceServer DeleteResourceServer CreateGroup UpdateGroup DeleteGroup CreateUserPoolDomain
        UpdateUserPoolDomain DeleteUserPoolDomain SetUserPoolMfaConfig CreateUserImportJob StartUserImportJob
        StopUserImportJob TagResource UntagResource SetLogDeliveryConfiguration SetRiskConfiguration SetUICustomization
        CreateManagedLoginBranding UpdateManagedLoginBranding DeleteManagedLoginBranding CreateTerms UpdateTerms
        DeleteTerms SetUserPoolSessionConfiguration CreateCIMDPolicy UpdateCIMDPolicy DeleteCIMDPolicy
        UpdateClientMetadataURLState
    """,
    "UserPoolClientRead": """
        DescribeUserPoolClient ListUserPoolClients ListUserPoolClientSecrets GetUserPoolClientSessionConfiguration
    """,
    "UserPoolClientUpdate": """
        CreateUserPoolClient UpdateUserPoolClient DeleteUserPoolClient AddUserPoolClientSecret
        DeleteUserPoolClientSecret SetUserPoolClientSessionConfiguration
    """,
    CLIENT_AUTHENTICATION: "GetClientToken",
}

CATEGORY_OF: Mapping[str, str] = {name: category for category, names in _OPERATIONS.items() for name in names.split()}
"""Operation -> category."""


def parse_quotas(text: str) -> Mapping[str, float]:
    """Return requests a second by category.

    Args:
        text: `default` for AWS's rates, `UserRead=50` for one category, or several of these, separated by commas; the
            later counts.

    Raises:
        ValueError: with the reason.
    """
    rates: dict[str, float] = {}
    for part in text.split(","):
        name, _, rate = part.strip().partition("=")
        if name == "default" and not rate:
            rates |= DEFAULT_RATES
        elif name in DEFAULT_RATES and rate.isascii() and rate.isdigit() and int(rate) > 0:
            rates[name] = int(rate)
        else:
            raise ValueError("default, or categories such as UserRead=50, are expected")
    if AUTHENTICATION in rates:
        rates[ANSWERS] = rates[AUTHENTICATION] * ANSWERS_PER_SIGN_IN
    return rates
