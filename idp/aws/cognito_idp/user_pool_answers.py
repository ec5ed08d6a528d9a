"""A user pool as answers show it: what was set, and the defaults of what was not.

Source: AWS API_UserPoolType; spec USER_POOLS section 12.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from idp.domain.feature_plan import tier_of

if TYPE_CHECKING:
    from idp.aws.types.cognito_idp import UserPoolDescriptionType, UserPoolType
    from idp.domain.user_pool import UserPool
    from idp.flows.user_pools import UserPoolState

# Each text can be set in two places, and is shown in both: top level -> VerificationMessageTemplate.
_MIRRORED = {
    "SmsVerificationMessage": "SmsMessage",
    "EmailVerificationMessage": "EmailMessage",
    "EmailVerificationSubject": "EmailSubject",
}


def user_pool_type(state: UserPoolState) -> UserPoolType:
    """Return a pool as DescribeUserPool shows it."""
    user_pool = state.user_pool
    given = user_pool.settings
    shown: dict[str, Any] = {
        **{name: value for name, value in given.items() if name != "Schema"},
        **_messages(given),
        "Id": user_pool.id,
        "Name": user_pool.name,
        "Arn": user_pool.arn,
        "CreationDate": user_pool.created_at,
        "LastModifiedDate": user_pool.updated_at,
        "EstimatedNumberOfUsers": state.user_count,
        "SchemaAttributes": user_pool.schema.describe(),
        "Policies": _policies(user_pool),
        "DeletionProtection": given.get("DeletionProtection", "INACTIVE"),
        "LambdaConfig": user_pool.lambda_config,
        "MfaConfiguration": given.get("MfaConfiguration", "OFF"),
        "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT", **given.get("EmailConfiguration", {})},
        "UserPoolTags": given.get("UserPoolTags", {}),
        "AdminCreateUserConfig": _invitation(given),
        "UserPoolTier": tier_of(given),
        **{"CustomDomain" if domain.is_custom else "Domain": domain.name for domain in state.domains},
    }
    return cast("UserPoolType", shown)  # settings hold the API's own members


def user_pool_description(user_pool: UserPool) -> UserPoolDescriptionType:
    """Return a pool as ListUserPools shows it."""
    return {
        "Id": user_pool.id,
        "Name": user_pool.name,
        "LambdaConfig": cast("Any", user_pool.lambda_config),  # as CreateUserPool brought it
        "LastModifiedDate": user_pool.updated_at,
        "CreationDate": user_pool.created_at,
    }


def _policies(user_pool: UserPool) -> dict[str, Any]:
    policy = user_pool.password_policy
    password: dict[str, Any] = {
        "MinimumLength": policy.minimum_length,
        "RequireUppercase": policy.require_uppercase,
        "RequireLowercase": policy.require_lowercase,
        "RequireNumbers": policy.require_numbers,
        "RequireSymbols": policy.require_symbols,
        "TemporaryPasswordValidityDays": user_pool.temporary_password_lifetime.days,
    }
    if policy.history_size:
        password["PasswordHistorySize"] = policy.history_size
    sign_in = {"AllowedFirstAuthFactors": ["PASSWORD"]}
    return {"SignInPolicy": sign_in, **user_pool.settings.get("Policies", {}), "PasswordPolicy": password}


def _messages(given: Mapping[str, Any]) -> dict[str, Any]:
    template = {"DefaultEmailOption": "CONFIRM_WITH_CODE", **given.get("VerificationMessageTemplate", {})}
    for outer, inner in _MIRRORED.items():
        if outer in given:
            template.setdefault(inner, given[outer])
    outside = {outer: template[inner] for outer, inner in _MIRRORED.items() if inner in template}
    return {**outside, "VerificationMessageTemplate": template}


def _invitation(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return AdminCreateUserConfig; its old member for days is gone once the password policy says them."""
    days = {} if "TemporaryPasswordValidityDays" in _password_policy(given) else {"UnusedAccountValidityDays": 7}
    return {"AllowAdminCreateUserOnly": False, **days, **given.get("AdminCreateUserConfig", {})}


def _password_policy(given: Mapping[str, Any]) -> Mapping[str, Any]:
    policy: Mapping[str, Any] = given.get("Policies", {}).get("PasswordPolicy", {})
    return policy
