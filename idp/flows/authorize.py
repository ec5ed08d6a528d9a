"""May a principal do it?  Its own policies, those of its session and the resource's decide; root needs none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from idp.authorizer.policy import AccessRequest, PolicyDocument, PolicyKind, parse_policy
from idp.domain import policy
from idp.domain.errors import AccessDenied
from idp.domain.guest_scope import GUEST_SCOPE
from idp.domain.iam import Grants, principal_tags

if TYPE_CHECKING:
    from idp.domain.principal import Principal, PrincipalKind
    from idp.services import Services

ConditionKeys = Mapping[str, str | tuple[str, ...]]

MAX_PARSED = 2048

_TYPES: Mapping[PrincipalKind, str] = {
    "root": "Account",
    "user": "User",
    "assumed_role": "AssumedRole",
    "federated_user": "FederatedUser",
    "anonymous": "Anonymous",
}


def require(
    services: Services,
    principal: Principal,
    action: str,
    resource: str,
    context: ConditionKeys | None = None,
    *,
    resource_policy: PolicyDocument | None = None,
) -> None:
    """Let the principal act; arguments are those of `decide`.

    Raises:
        AccessDenied: in AWS's sentence.
    """
    decision = decide(services, principal, action, resource, context, resource_policy=resource_policy)
    if not decision.allowed:
        raise AccessDenied(policy.denial_message(principal.arn, action, resource, decision))


def refuse_denied(
    services: Services, principal: Principal, action: str, resource: str, context: ConditionKeys | None = None
) -> None:
    """Refuse what a Deny statement forbids, though nothing need allow it; arguments are those of `decide`.

    Raises:
        AccessDenied: in AWS's sentence.
    """
    decision = decide(services, principal, action, resource, context)
    if decision.explicit and not decision.allowed:
        raise AccessDenied(policy.denial_message(principal.arn, action, resource, decision))


def decide(
    services: Services,
    principal: Principal,
    action: str,
    resource: str,
    context: ConditionKeys | None = None,
    *,
    resource_policy: PolicyDocument | None = None,
    explain: bool = False,
) -> policy.Decision:
    """Decide whether the principal may act.

    Args:
        action: such as `dynamodb:GetItem`.
        resource: an ARN, or `*`. One of another account needs that resource's policy to allow it, too.
        context: condition keys of the request; those of the principal and the time are added.
        resource_policy: the resource's own, parsed with kind `resource`.
        explain: fill the decision's trace.
    """
    grants = grants_of(services, principal)
    if grants is None:
        return policy.Decision(
            allowed=False, explicit=False, reason=f"because no identity-based policy allows the {action} action"
        )
    return policy.decide(
        AccessRequest(action, resource, condition_keys(services, principal, grants, context or {})),
        principal_kind=principal.kind,
        principal_arns=names_of(principal),
        resource_account=_account_in(resource),
        identity_policies=identity_policies(grants),
        session_policies=session_policies_of(principal),
        resource_policy=resource_policy,
        explain=explain,
    )


def grants_of(services: Services, principal: Principal) -> Grants | None:
    """Return what stands behind a principal now; None when the role or user has been deleted."""
    if principal.kind not in {"user", "assumed_role"}:
        return Grants({}, {})
    return services.catalog.grants.find(principal.user_id.partition(":")[0])


def identity_policies(grants: Grants) -> list[PolicyDocument]:
    """Return the parsed policies of a role or user."""
    return [parsed(document, "identity", name) for name, document in grants.policies.items()]


def session_policies_of(principal: Principal) -> list[PolicyDocument] | None:
    """Return the parsed policies that limit the session, with the guests' scope; None when nothing does."""
    documents = (principal.session_policies or ()) + (GUEST_SCOPE if principal.guest else ())
    if not documents:
        return None
    return [parsed(document, "session") for document in documents]


def names_of(principal: Principal) -> policy.PrincipalNames:
    """Return what policies call a principal."""
    if principal.kind == "anonymous":
        return policy.ANONYMOUS
    return policy.PrincipalNames(principal.arn, principal.role_arn, principal.account or None)


def condition_keys(
    services: Services, principal: Principal, grants: Grants, given: ConditionKeys
) -> dict[str, str | tuple[str, ...]]:
    """Return the condition keys of a request; what the server knows of the principal cannot be given by anybody.

    Source: IAM User Guide, "AWS global condition context keys".
    """
    now = services.clock.now()
    return {
        "aws:CurrentTime": _iso(now),
        "aws:EpochTime": str(int(now.timestamp())),
        **given,
        **principal_tags(grants.tags),
        **principal.context,
        **_principal_keys(principal),
    }


@lru_cache(maxsize=MAX_PARSED)
def parsed(document: str, kind: PolicyKind, name: str = "") -> PolicyDocument:
    """Return a stored policy, parsed at its first use: a text always means the same.

    Raises:
        MalformedPolicy: only for texts that were not checked when they were stored.
    """
    return parse_policy(document, kind=kind, name=name)


def _principal_keys(principal: Principal) -> dict[str, str]:
    keys = {"aws:PrincipalType": _TYPES.get(principal.kind, "")}
    if principal.kind in {"anonymous", "service"}:
        return keys if principal.kind == "anonymous" else {}
    keys["aws:userid"] = principal.user_id
    keys["aws:PrincipalArn"] = principal.role_arn or principal.arn
    keys["aws:PrincipalAccount"] = principal.account
    if principal.kind == "user":
        keys["aws:username"] = principal.name
    if principal.issued_at is not None:
        keys["aws:TokenIssueTime"] = _iso(principal.issued_at)
        keys["aws:MultiFactorAuthPresent"] = "false"
    return keys


def _account_in(resource: str) -> str | None:
    """Return the account of an ARN; None when it names none."""
    parts = resource.split(":", 5)
    is_account = len(parts) > 4 and len(parts[4]) == 12 and parts[4].isdecimal()
    return parts[4] if is_account else None


def _iso(moment: datetime) -> str:
    return f"{moment.astimezone(UTC).isoformat()[:19]}Z"
