"""Feature plans: what a pool's tier has, and what it refuses.

LITE has passwords, SRP, custom challenges, federation, OAuth, triggers and classic pages; ESSENTIALS, the default, adds
passwordless sign-in, e-mail MFA, managed login, customized access tokens, password history and refresh token rotation;
PLUS adds threat protection and its log.

Source: AWS "User pool feature plans"; spec USER_POOLS section 11.12.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from idp.domain.domain import MANAGED_LOGIN
from idp.domain.errors import FeatureUnavailable, TierChangeRefused

if TYPE_CHECKING:
    from idp.domain.client import Client

LITE = "LITE"
ESSENTIALS = "ESSENTIALS"
PLUS = "PLUS"
_SET_APART = ("EmailMfaConfiguration", "WebAuthnConfiguration")  # by SetUserPoolMfaConfig, and kept by UpdateUserPool
_PROTECTING = frozenset({"AUDIT", "ENFORCED"})


def tier_of(settings: Mapping[str, Any]) -> str:
    """Return a pool's tier; threat protection brings PLUS to a pool that was given none."""
    tier: str = settings.get("UserPoolTier") or (PLUS if is_protected(settings) else ESSENTIALS)
    return tier


def is_protected(settings: Mapping[str, Any]) -> bool:
    """Say whether threat protection is on."""
    return settings.get("UserPoolAddOns", {}).get("AdvancedSecurityMode") in _PROTECTING


def check_plan(settings: Mapping[str, Any]) -> None:
    """Check that a pool's tier has what its settings use.

    Raises:
        FeatureUnavailable.
    """
    tier = tier_of(settings)
    if is_protected(settings) and tier != PLUS:
        raise FeatureUnavailable("Threat protection is not available in the user pool's tier.")
    if tier != LITE:
        return
    policies = settings.get("Policies", {})
    if policies.get("PasswordPolicy", {}).get("PasswordHistorySize"):
        raise FeatureUnavailable("Password history is not available in the user pool's tier.")
    if set(policies.get("SignInPolicy", {}).get("AllowedFirstAuthFactors", ())) - {"PASSWORD"}:
        raise FeatureUnavailable("Choice-based sign-in is not available in the user pool's tier.")
    trigger = settings.get("LambdaConfig", {}).get("PreTokenGenerationConfig", {})
    if trigger.get("LambdaVersion", "V1_0") != "V1_0":
        raise FeatureUnavailable("Access token customization is not available in the user pool's tier.")


def check_tier_change(settings: Mapping[str, Any], *, logs_activity: bool) -> None:
    """Check that nothing set apart from a pool's settings needs a higher tier than they say.

    Args:
        settings: as they are to be.
        logs_activity: the pool's log configuration has `userAuthEvents`.

    Raises:
        TierChangeRefused.
    """
    tier = tier_of(settings)
    is_used = any(name in settings for name in _SET_APART)
    if (tier == LITE and is_used) or (tier != PLUS and logs_activity):
        raise TierChangeRefused


def check_plan_of_client(settings: Mapping[str, Any], client: Client) -> None:
    """Check that a pool's tier has what a client uses; raises FeatureUnavailable."""
    if client.rotates_refresh_tokens and tier_of(settings) == LITE:
        raise FeatureUnavailable("Refresh token rotation is not available in the user pool's tier.")


def check_plan_of_domain(settings: Mapping[str, Any], managed_login_version: int) -> None:
    """Check that a pool's tier has the pages of a domain; raises FeatureUnavailable."""
    if managed_login_version == MANAGED_LOGIN and tier_of(settings) == LITE:
        raise FeatureUnavailable("Managed login is not available in the user pool's tier.")


def check_plan_of_logs(settings: Mapping[str, Any]) -> None:
    """Check that a pool's tier logs what users do; raises FeatureUnavailable."""
    if tier_of(settings) != PLUS:
        raise FeatureUnavailable("The log of user activity is not available in the user pool's tier.")
