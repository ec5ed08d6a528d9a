"""Operations that are not served, with the reason each.

An operation that comes to be served is struck from here in the same commit: `tests/house/test_served_or_declined.py`
holds that served and declined together are the model.
"""

from __future__ import annotations

from collections.abc import Mapping

REASONS: Mapping[str, Mapping[str, str]] = {
    "cognito-idp": {
        "There is one region here: a server's database is replicated by its own means.": (
            "CreateUserPoolReplica DeleteUserPoolReplica ListUserPoolReplicas UpdateUserPoolReplica"
        ),
        "Limits are not sold here: the machine has its own, and settings may set lower ones.": (
            "GetProvisionedLimit UpdateProvisionedLimit"
        ),
        "Recovery to a point in time is the database's own.": """
            CancelPointInTimeRecovery DescribePointInTimeRecovery InitiatePointInTimeRecovery
            ListPointInTimeRecoveries StartPointInTimeRecovery
        """,
    },
    "cognito-identity": {
        "Developer-authenticated identities are not served yet.": """
            GetOpenIdTokenForDeveloperIdentity LookupDeveloperIdentity MergeDeveloperIdentities
            UnlinkDeveloperIdentity
        """,
        "Principal tags are not served yet.": "GetPrincipalTagAttributeMap SetPrincipalTagAttributeMap",
        "Tags are not served yet.": "ListTagsForResource TagResource UntagResource",
        "Managing identities is not served yet.": "DeleteIdentities UnlinkIdentity",
    },
    "sts": {
        "SAML is not served yet.": "AssumeRoleWithSAML",
        "Sessions of users are not served yet.": "GetFederationToken GetSessionToken",
        "There is no organization and no message to decode.": "AssumeRoot DecodeAuthorizationMessage",
        "Access keys are looked up by IAM.": "GetAccessKeyInfo",
        "Only roles give credentials yet.": "GetDelegatedAccessToken GetScopedCredentials GetWebIdentityToken",
    },
    "iam": {
        "Groups are not served yet.": """
            AddUserToGroup AttachGroupPolicy CreateGroup DeleteGroup DeleteGroupPolicy DetachGroupPolicy GetGroup
            GetGroupPolicy ListAttachedGroupPolicies ListGroupPolicies ListGroups ListGroupsForUser PutGroupPolicy
            RemoveUserFromGroup UpdateGroup
        """,
        "Identity providers of IAM are not served yet.": """
            AddClientIDToOpenIDConnectProvider CreateOpenIDConnectProvider CreateSAMLProvider
            DeleteOpenIDConnectProvider DeleteSAMLProvider GetOpenIDConnectProvider GetSAMLProvider
            ListOpenIDConnectProviderTags ListOpenIDConnectProviders ListSAMLProviderTags ListSAMLProviders
            RemoveClientIDFromOpenIDConnectProvider TagOpenIDConnectProvider TagSAMLProvider
            UntagOpenIDConnectProvider UntagSAMLProvider UpdateOpenIDConnectProvider
            UpdateOpenIDConnectProviderThumbprint UpdateSAMLProvider
        """,
        "Multi-factor authentication of users is not served yet.": """
            CreateVirtualMFADevice DeactivateMFADevice DeleteVirtualMFADevice EnableMFADevice GetMFADevice
            ListMFADeviceTags ListMFADevices ListVirtualMFADevices ResyncMFADevice TagMFADevice UntagMFADevice
        """,
        "Passwords and console sign-in of IAM users are not served.": """
            ChangePassword CreateLoginProfile DeleteAccountPasswordPolicy DeleteLoginProfile
            GetAccountPasswordPolicy GetLoginProfile UpdateAccountPasswordPolicy UpdateLoginProfile
        """,
        "Instance profiles have no machines here.": """
            AddRoleToInstanceProfile CreateInstanceProfile DeleteInstanceProfile GetInstanceProfile
            ListInstanceProfileTags ListInstanceProfiles ListInstanceProfilesForRole RemoveRoleFromInstanceProfile
            TagInstanceProfile UntagInstanceProfile
        """,
        "Certificates and service keys have no service here.": """
            CreateServiceSpecificCredential DeleteSSHPublicKey DeleteServerCertificate
            DeleteServiceSpecificCredential DeleteSigningCertificate GetSSHPublicKey GetServerCertificate
            ListSSHPublicKeys ListServerCertificateTags ListServerCertificates ListServiceSpecificCredentials
            ListSigningCertificates ResetServiceSpecificCredential TagServerCertificate UntagServerCertificate
            UpdateSSHPublicKey UpdateServerCertificate UpdateServiceSpecificCredential UpdateSigningCertificate
            UploadSSHPublicKey UploadServerCertificate UploadSigningCertificate
        """,
        "Service-linked roles have no services here.": (
            "CreateServiceLinkedRole DeleteServiceLinkedRole GetServiceLinkedRoleDeletionStatus"
        ),
        "Reports about an account are not served.": """
            GenerateCredentialReport GenerateOrganizationsAccessReport GenerateServiceLastAccessedDetails
            GetAccountAuthorizationDetails GetAccountSummary GetContextKeysForCustomPolicy
            GetContextKeysForPrincipalPolicy GetCredentialReport GetHumanReadableSummary
            GetOrganizationsAccessReport GetServiceLastAccessedDetails GetServiceLastAccessedDetailsWithEntities
            SimulateCustomPolicy SimulatePrincipalPolicy
        """,
        "Organizations are not served.": """
            DisableOrganizationsRootCredentialsManagement DisableOrganizationsRootSessions
            EnableOrganizationsRootCredentialsManagement EnableOrganizationsRootSessions ListOrganizationsFeatures
        """,
        "Tags are not served yet.": "ListRoleTags ListUserTags TagRole TagUser UntagRole UntagUser",
        "Delegation between accounts is not served.": """
            AcceptDelegationRequest AssociateDelegationRequest CreateDelegationRequest
            DisableOutboundWebIdentityFederation EnableOutboundWebIdentityFederation GetDelegationRequest
            GetOutboundWebIdentityFederationInfo ListDelegationRequests RejectDelegationRequest SendDelegationToken
            UpdateDelegationRequest
        """,
        "Managed policies and permissions boundaries are not served yet; inline policies are.": """
            AttachRolePolicy AttachUserPolicy CreatePolicy CreatePolicyVersion DeletePolicy DeletePolicyVersion
            DeleteRolePermissionsBoundary DeleteUserPermissionsBoundary DetachRolePolicy DetachUserPolicy GetPolicy
            GetPolicyVersion ListAttachedRolePolicies ListAttachedUserPolicies ListEntitiesForPolicy ListPolicies
            ListPoliciesGrantingServiceAccess ListPolicyTags ListPolicyVersions PutRolePermissionsBoundary
            PutUserPermissionsBoundary SetDefaultPolicyVersion TagPolicy UntagPolicy
        """,
        "Account names are not served.": (
            "CreateAccountAlias DeleteAccountAlias ListAccountAliases SetSecurityTokenServicePreferences"
        ),
        "This way of changing roles, users and keys is not served yet.": """
            AcquireRole GetAccessKeyLastUsed GetAccountProperties GetRoleTemplateVersion PutAccountProperties
            UpdateRole UpdateRoleDescription UpdateUser
        """,
    },
    "lambda": {
        "Layers are not served yet.": """
            AddLayerVersionPermission DeleteLayerVersion GetLayerVersion GetLayerVersionByArn GetLayerVersionPolicy
            ListLayerVersions ListLayers PublishLayerVersion RemoveLayerVersionPermission
        """,
        "Versions and aliases are not served yet.": (
            "CreateAlias DeleteAlias GetAlias ListAliases ListVersionsByFunction PublishVersion UpdateAlias"
        ),
        "Event sources have no services here.": """
            CreateEventSourceMapping DeleteEventSourceMapping DeleteFunctionEventInvokeConfig GetEventSourceMapping
            GetFunctionEventInvokeConfig ListEventSourceMappings ListFunctionEventInvokeConfigs
            PutFunctionEventInvokeConfig UpdateEventSourceMapping UpdateFunctionEventInvokeConfig
        """,
        "Function URLs are not served; the gateway calls functions.": """
            CreateFunctionUrlConfig DeleteFunctionUrlConfig GetFunctionUrlConfig ListFunctionUrlConfigs
            UpdateFunctionUrlConfig
        """,
        "Concurrency is bounded by the machine.": """
            DeleteFunctionConcurrency DeleteProvisionedConcurrencyConfig GetFunctionConcurrency
            GetFunctionScalingConfig GetProvisionedConcurrencyConfig ListProvisionedConcurrencyConfigs
            PutFunctionConcurrency PutFunctionScalingConfig PutProvisionedConcurrencyConfig
        """,
        "Code signing is not served.": """
            CreateCodeSigningConfig DeleteCodeSigningConfig DeleteFunctionCodeSigningConfig GetCodeSigningConfig
            GetFunctionCodeSigningConfig ListCodeSigningConfigs ListFunctionsByCodeSigningConfig
            PutFunctionCodeSigningConfig UpdateCodeSigningConfig
        """,
        "Permissions of functions are not served yet.": (
            "AddPermission DeleteResourcePolicy GetPolicy GetResourcePolicy PutResourcePolicy RemovePermission"
        ),
        "Tags are not served yet.": "ListTags TagResource UntagResource",
        "Durable executions are not served.": """
            CheckpointDurableExecution DeleteDurableExecution GetDurableExecution GetDurableExecutionHistory
            GetDurableExecutionState ListDurableExecutionsByFunction PauseDurableExecution ResumeDurableExecution
            SendDurableExecutionCallbackFailure SendDurableExecutionCallbackHeartbeat
            SendDurableExecutionCallbackSuccess StopDurableExecution
        """,
        "Capacity providers have no machines here.": """
            CreateCapacityProvider DeleteCapacityProvider GetCapacityProvider ListCapacityProviders
            ListFunctionVersionsByCapacityProvider UpdateCapacityProvider
        """,
        "This way of running and changing functions is not served yet.": """
            GetAccountSettings GetFunctionRecursionConfig GetRuntimeManagementConfig InvokeAsync
            InvokeWithResponseStream PutFunctionRecursionConfig PutRuntimeManagementConfig
        """,
    },
}
"""Service -> reason -> operations."""

DECLINED: Mapping[str, Mapping[str, str]] = {
    service: {name: reason for reason, names in reasons.items() for name in names.split()}
    for service, reasons in REASONS.items()
}
"""Service -> operation -> reason."""


def refusal(service: str, name: str) -> str:
    """Return the sentence that the caller of an unserved operation gets."""
    reason = DECLINED.get(service, {}).get(name, "It is not served yet.")
    return f"The operation {name} is declined by this server. {reason}"
