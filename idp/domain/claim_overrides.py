"""What the PreTokenGeneration trigger may change of tokens, in the forms V1 and V2 (V3 is V2 for clients too).

Source: AWS "Pre token generation Lambda trigger"; spec USER_POOLS section 4.10.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from idp.domain.errors import TriggerAnswerInvalid

if TYPE_CHECKING:
    from idp.domain.claims import Membership

MAX_CHANGES = 5_000

_FIXED = frozenset(
    {
        "acr", "amr", "at_hash", "auth_time", "azp", "device_key", "event_id", "exp", "iat", "iss", "jti", "nbf",
        "nonce", "origin_jti", "sub", "token_use", "username", "version", "identities", "client_id",
    }
)  # fmt: skip
_SIMPLE_ONLY = frozenset({"phone_number_verified", "email_verified", "updated_at", "address"})
_GROUP_CLAIMS = ("cognito:groups", "cognito:roles", "cognito:preferred_role")
_SCOPE = re.compile(r"[\x21\x23-\x5B\x5D-\x7E]+")


@dataclass(frozen=True, slots=True)
class ClaimChanges:
    """What to add, replace and leave out of one token."""

    added: Mapping[str, Any] = field(default_factory=dict)
    suppressed: frozenset[str] = frozenset()

    def apply(self, claims: Mapping[str, Any]) -> dict[str, Any]:
        """Return the claims of an ID token with the changes; attempts on what is not changeable are ignored."""
        changed = {name: value for name, value in claims.items() if name not in self._removed()}
        changed |= {name: value for name, value in self.added.items() if _may_add(name, value)}
        return changed

    def _removed(self) -> frozenset[str]:
        names = {name for name in self.suppressed if not _is_fixed(name)}
        return frozenset(names | set(_GROUP_CLAIMS) if "cognito:groups" in self.suppressed else names)


@dataclass(frozen=True, slots=True)
class ClaimOverrides:
    """The answer of the trigger.  Without one, nothing changes.

    Attributes:
        membership: None keeps the groups that the user is in.
    """

    id_token: ClaimChanges = ClaimChanges()
    access_token: ClaimChanges = ClaimChanges()
    added_scopes: tuple[str, ...] = ()
    suppressed_scopes: frozenset[str] = frozenset()
    membership: Membership | None = None

    def scope(self, scope: str) -> str:
        """Return a token's scope with the changes."""
        kept = [each for each in scope.split() if each not in self.suppressed_scopes]
        return " ".join(dict.fromkeys([*kept, *self.added_scopes]))

    def access_claims(self, claims: Mapping[str, Any]) -> dict[str, Any]:
        """Return the claims of an access token with the changes; `aud` may only become the client id."""
        audience = self.access_token.added.get("aud")
        added = {name: value for name, value in self.access_token.added.items() if name != "aud"}
        changed = replace(self.access_token, added=added).apply(claims)
        changed["scope"] = self.scope(claims["scope"])
        return {**changed, "aud": audience} if audience == claims["client_id"] else changed

    def id_claims(self, claims: Mapping[str, Any]) -> dict[str, Any]:
        """Return the claims of an ID token with the changes."""
        added = {name: value for name, value in self.id_token.added.items() if name != "aud"}
        suppressed = self.id_token.suppressed - {"aud"}
        return ClaimChanges(added, suppressed).apply(claims)


def parse_overrides(answer: Mapping[str, Any], membership: Membership, *, version: str) -> ClaimOverrides:
    """Read the `response` member of the trigger's answer.

    Args:
        membership: of the user, for what the answer does not override.
        version: of the event: `1`, `2` or `3`.

    Raises:
        TriggerAnswerInvalid: a member has the wrong form, or there are more than 5,000 changes.
    """
    overrides = _parse_v1(answer, membership) if version == "1" else _parse_v2(answer, membership)
    changes = (overrides.id_token, overrides.access_token)
    if sum(len(each.added) + len(each.suppressed) for each in changes) > MAX_CHANGES:
        raise TriggerAnswerInvalid
    return overrides


def _parse_v1(answer: Mapping[str, Any], membership: Membership) -> ClaimOverrides:
    details = _mapping(answer.get("claimsOverrideDetails"))
    changes = _changes(details)
    if not all(isinstance(value, str) for value in changes.added.values()):
        raise TriggerAnswerInvalid
    return ClaimOverrides(id_token=changes, membership=_membership(details, membership))


def _parse_v2(answer: Mapping[str, Any], membership: Membership) -> ClaimOverrides:
    details = _mapping(answer.get("claimsAndScopeOverrideDetails"))
    access = _mapping(details.get("accessTokenGeneration"))
    scopes = _texts(access.get("scopesToAdd"))
    if not all(_SCOPE.fullmatch(scope) for scope in scopes):
        raise TriggerAnswerInvalid
    return ClaimOverrides(
        id_token=_changes(_mapping(details.get("idTokenGeneration"))),
        access_token=_changes(access),
        added_scopes=tuple(scopes),
        suppressed_scopes=frozenset(_texts(access.get("scopesToSuppress"))),
        membership=_membership(details, membership),
    )


def _changes(details: Mapping[str, Any]) -> ClaimChanges:
    return ClaimChanges(
        _mapping(details.get("claimsToAddOrOverride")), frozenset(_texts(details.get("claimsToSuppress")))
    )


def _membership(details: Mapping[str, Any], membership: Membership) -> Membership | None:
    override = _mapping(details.get("groupOverrideDetails"))
    if not override:
        return None
    preferred = override.get("preferredRole")
    if not isinstance(preferred, str | None):
        raise TriggerAnswerInvalid
    return replace(
        membership,
        groups=_texts(override.get("groupsToOverride")),
        roles=_texts(override.get("iamRolesToOverride")),
        preferred_role=preferred,
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise TriggerAnswerInvalid
    return value


def _texts(value: Any) -> Sequence[str]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TriggerAnswerInvalid
    return value


def _is_fixed(name: str) -> bool:
    return name in _FIXED or (name.startswith("cognito:") and name not in _GROUP_CLAIMS)


def _may_add(name: str, value: Any) -> bool:
    if name in _FIXED or name.startswith(("cognito:", "dev:")):
        return False
    return not (name in _SIMPLE_ONLY and isinstance(value, Mapping | list))
