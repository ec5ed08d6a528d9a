"""Threat protection: what an operator has configured for it, in the API's members.

Source: AWS API_SetRiskConfiguration, API_UserPoolAddOnsType; spec USER_POOLS section 11.7.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any, Literal

from idp.domain.errors import InvalidParameter

Mode = Literal["OFF", "AUDIT", "ENFORCED"]
Level = Literal["Low", "Medium", "High"]
Use = Literal["SIGN_IN", "SIGN_UP", "PASSWORD_CHANGE"]
Network = IPv4Network | IPv6Network

ACTION_OF: Mapping[Level, str] = {"Low": "LowAction", "Medium": "MediumAction", "High": "HighAction"}


@dataclass(frozen=True, slots=True)
class RiskConfiguration:
    """What is configured, of a pool or of one client.

    Attributes:
        document: SetRiskConfiguration's members without the ids.
        blocked, skipped: address ranges that are always refused, and never judged.
    """

    document: Mapping[str, Any] = field(default_factory=dict)
    blocked: Sequence[Network] = ()
    skipped: Sequence[Network] = ()

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> RiskConfiguration:
        """Check and return a configuration.

        Raises:
            InvalidParameter: a range is none, or somebody is to be notified and it is not said how.
        """
        exceptions = document.get("RiskExceptionConfiguration", {})
        takeover = document.get("AccountTakeoverRiskConfiguration", {})
        if any(action["Notify"] for action in takeover.get("Actions", {}).values()):
            _require_letters(takeover.get("NotifyConfiguration"))
        return cls(document, _networks(exceptions, "BlockedIPRangeList"), _networks(exceptions, "SkippedIPRangeList"))

    def blocks_compromised(self, use: Use) -> bool:
        """Say whether a compromised password is refused at this use; all uses are meant unless some are named."""
        configured = self.document.get("CompromisedCredentialsRiskConfiguration", {})
        uses = configured.get("EventFilter") or ("SIGN_IN", "SIGN_UP", "PASSWORD_CHANGE")
        return configured.get("Actions", {}).get("EventAction") == "BLOCK" and use in uses

    def action(self, level: Level) -> tuple[str, bool]:
        """Return what to do about a risk, and whether to tell the user; nothing where nothing is configured."""
        actions = self.document.get("AccountTakeoverRiskConfiguration", {}).get("Actions", {})
        action = actions.get(ACTION_OF[level], {})
        return action.get("EventAction", "NO_ACTION"), action.get("Notify", False)

    @property
    def notification(self) -> Mapping[str, Any]:
        """Return NotifyConfiguration."""
        configured: Mapping[str, Any] = self.document.get("AccountTakeoverRiskConfiguration", {})
        found: Mapping[str, Any] = configured.get("NotifyConfiguration", {})
        return found

    def is_blocked(self, address: str) -> bool:
        """Say whether an address is always refused."""
        return _is_within(address, self.blocked)

    def is_skipped(self, address: str) -> bool:
        """Say whether an address is never judged."""
        return _is_within(address, self.skipped)


def mode_of(settings: Mapping[str, Any], *, is_custom: bool = False) -> Mode:
    """Return what threat protection does in a pool.

    Args:
        is_custom: of a sign-in by the pool's own functions, which is judged only when it is named in addition.
    """
    add_ons = settings.get("UserPoolAddOns", {})
    mode: Mode = add_ons.get("AdvancedSecurityMode", "OFF")
    if mode == "OFF" or not is_custom:
        return mode
    custom: Mode = add_ons.get("AdvancedSecurityAdditionalFlows", {}).get("CustomAuthMode", "OFF")
    return custom


def _networks(exceptions: Mapping[str, Sequence[str]], name: str) -> tuple[Network, ...]:
    """Unknown: the sentence."""
    try:
        return tuple(ip_network(text) for text in exceptions.get(name, ()))
    except ValueError:
        raise InvalidParameter(f"{name} must hold IP address ranges in CIDR notation.") from None


def _require_letters(notification: Mapping[str, Any] | None) -> None:
    """Unknown: the sentence."""
    if notification is None:
        raise InvalidParameter("NotifyConfiguration is required when users are to be notified.")


def _is_within(address: str, networks: Sequence[Network]) -> bool:
    if not networks:
        return False
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return any((mapped or parsed) in network for network in networks)
