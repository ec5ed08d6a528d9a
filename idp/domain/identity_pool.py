"""An identity pool, and which role it gives to whom.  Source: spec IDENTITY_POOLS sections 2, 3 and 8."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from idp.domain.errors import InvalidIdentityPoolConfiguration, InvalidParameter, NotAuthorized

COGNITO_IDENTITY = "cognito-identity.amazonaws.com"
MAX_RULES = 25


@dataclass(frozen=True)
class IdentityPool:
    """A stored identity pool.

    Attributes:
        settings: CreateIdentityPool's members but the name.
        roles: role ARNs by `authenticated` and `unauthenticated`.
        role_mappings: as SetIdentityPoolRoles takes them, by `provider:client` for user pools.
        version: grows with every save; a save of an older one is refused.
    """

    id: str
    account: str
    region: str
    name: str
    settings: Mapping[str, Any]
    created_at: datetime
    roles: Mapping[str, str] = field(default_factory=dict)
    role_mappings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    version: int = 1

    @property
    def arn(self) -> str:
        """Return the pool's ARN."""
        return pool_arn(self.account, self.id)

    @property
    def allows_guests(self) -> bool:
        """Say whether identities without logins are given."""
        return bool(self.settings["AllowUnauthenticatedIdentities"])

    @property
    def allows_classic_flow(self) -> bool:
        """Say whether GetOpenIdToken may be called by clients."""
        return bool(self.settings.get("AllowClassicFlow", False))

    @property
    def developer_provider(self) -> str | None:
        """Return the name under which the pool's owner vouches for users."""
        name: str | None = self.settings.get("DeveloperProviderName")
        return name

    @cached_property
    def user_pool_clients(self) -> Mapping[tuple[str, str], bool]:
        """Return the trusted (provider name, client id) pairs, and whether tokens of each are checked at the user pool."""
        return {
            (each["ProviderName"], each["ClientId"]): bool(each.get("ServerSideTokenCheck", False))
            for each in self.settings.get("CognitoIdentityProviders", ())
        }

    @cached_property
    def provider_names(self) -> frozenset[str]:
        """Return every name that may be a key of `Logins`."""
        settings = self.settings
        return frozenset(
            (
                *(provider for provider, _ in self.user_pool_clients),
                *settings.get("SupportedLoginProviders", {}),
                *(arn.partition(":oidc-provider/")[2] for arn in settings.get("OpenIdConnectProviderARNs", ())),
                *settings.get("SamlProviderARNs", ()),
            )
        )


@dataclass(frozen=True, slots=True)
class VerifiedLogin:
    """A login that was proved by a token.

    Attributes:
        provider: key of `Logins`.
        client_id: the token's audience.
        subject: who the provider says it is.
        claims: of the verified token.
    """

    provider: str
    client_id: str
    subject: str
    claims: Mapping[str, Any] = field(repr=False)

    @property
    def mapping_key(self) -> str:
        """Return the key of the login's role mapping."""
        return f"{self.provider}:{self.client_id}"

    @property
    def detail(self) -> str:
        """Return the login's third entry in `amr`.  Source: spec IDENTITY_POOLS section 7."""
        return f"{self.provider}:CognitoSignIn:{self.subject}"


def pool_arn(account: str, pool_id: str) -> str:
    """Return an identity pool's ARN: in the region of its id, whichever region a request was signed for."""
    region = pool_id.partition(":")[0]
    return f"arn:aws:cognito-identity:{region}:{account}:identitypool/{pool_id}"


def methods_of(logins: Sequence[VerifiedLogin]) -> tuple[str, ...]:
    """Return the `amr` of an identity that proved these logins; none makes a guest."""
    if not logins:
        return ("unauthenticated",)
    return ("authenticated", *(entry for login in logins for entry in (login.provider, login.detail)))


def select_role(pool: IdentityPool, logins: Sequence[VerifiedLogin], custom_role_arn: str | None) -> str:
    """Return the ARN of the role an identity gets.

    Raises:
        InvalidIdentityPoolConfiguration: the pool has no such role.
        NotAuthorized: the mapping denies, or `custom_role_arn` is none of the caller's.

    Unknown: which mapping counts for several logins; the first one given that has one.
    Source: Cognito Developer Guide, "Using role-based access control"; spec IDENTITY_POOLS section 8.
    """
    for login in logins:
        mapping = pool.role_mappings.get(login.mapping_key, pool.role_mappings.get(login.provider))
        if mapping is not None:
            return _mapped_role(pool, login, mapping, custom_role_arn)
    if custom_role_arn is not None:
        raise NotAuthorized(forbidden_role(custom_role_arn))
    return _default_role(pool, "authenticated" if logins else "unauthenticated")


def forbidden_role(arn: str) -> str:
    """Return the sentence for a role that is not the caller's to have."""
    return f"Access to Role '{arn}' is forbidden."


def check_role_mappings(mappings: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse mappings that could not decide.  Unknown: AWS's sentences.

    Raises:
        InvalidParameter.
    """
    for provider, mapping in mappings.items():
        if "AmbiguousRoleResolution" not in mapping:
            raise InvalidParameter(f"AmbiguousRoleResolution is required for the role mapping of {provider}.")
        rules = mapping.get("RulesConfiguration", {}).get("Rules", ())
        if mapping["Type"] == "Rules" and not rules:
            raise InvalidParameter(f"RulesConfiguration is required for the role mapping of {provider}.")
        if len(rules) > MAX_RULES:
            raise InvalidParameter(f"The role mapping of {provider} has more than {MAX_RULES} rules.")


def _default_role(pool: IdentityPool, kind: str) -> str:
    if kind not in pool.roles:
        raise InvalidIdentityPoolConfiguration
    return pool.roles[kind]


def _mapped_role(
    pool: IdentityPool, login: VerifiedLogin, mapping: Mapping[str, Any], custom_role_arn: str | None
) -> str:
    by_token = mapping["Type"] == "Token"
    offered = _roles_in_token(login.claims) if by_token else _roles_by_rules(mapping, login.claims)
    if custom_role_arn is not None:
        if custom_role_arn not in offered:
            raise NotAuthorized(forbidden_role(custom_role_arn))
        return custom_role_arn
    chosen = _chosen_in_token(login.claims, offered) if by_token else next(iter(offered), None)
    if chosen is not None:
        return chosen
    if mapping["AmbiguousRoleResolution"] == "AuthenticatedRole":
        return _default_role(pool, "authenticated")
    raise NotAuthorized(f"The ambiguous role mapping rules for: {login.provider} denied this request.")


def _roles_in_token(claims: Mapping[str, Any]) -> list[str]:
    """Return `cognito:roles`: a JSON array in tokens, comma-separated text in AWS's guide."""
    roles = claims.get("cognito:roles", ())
    listed = roles.split(",") if isinstance(roles, str) else roles
    return [role.strip() for role in listed if isinstance(role, str)] if isinstance(listed, list | tuple) else []


def _chosen_in_token(claims: Mapping[str, Any], roles: Sequence[str]) -> str | None:
    preferred = claims.get("cognito:preferred_role")
    if isinstance(preferred, str):
        return preferred
    return roles[0] if len(roles) == 1 else None


def _roles_by_rules(mapping: Mapping[str, Any], claims: Mapping[str, Any]) -> list[str]:
    rules = mapping["RulesConfiguration"]["Rules"]
    return [rule["RoleARN"] for rule in rules if _rule_matches(rule, claims)]


def _rule_matches(rule: Mapping[str, str], claims: Mapping[str, Any]) -> bool:
    if rule["Claim"] not in claims:
        return False
    held, wanted = _text_of(claims[rule["Claim"]]), rule["Value"]
    match rule["MatchType"]:
        case "Equals":
            return held == wanted
        case "NotEqual":
            return held != wanted
        case "StartsWith":
            return held.startswith(wanted)
        case _:
            return wanted in held


def _text_of(claim: object) -> str:
    """Return what a rule compares; an array as its string form, `[a, b]`.  Unknown: AWS's own form of an array."""
    if isinstance(claim, bool):
        return str(claim).lower()
    if isinstance(claim, list):
        return f"[{', '.join(_text_of(item) for item in claim)}]"
    return str(claim)
