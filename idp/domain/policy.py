"""IAM's decision: what identity, resource, boundary and session policies mean together.

Source: IAM User Guide, reference_policies_evaluation-logic and reference_policies_evaluation-logic-cross-account;
the sentences of refusal from troubleshoot_access-denied.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from idp.authorizer.policy import EVERYONE, evaluate, federated_principal, service_principal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from idp.authorizer.policy import AccessRequest, Effect, Evaluation, PolicyDocument
    from idp.domain.principal import PrincipalKind

Layer = Literal[
    "identity-based policy", "resource-based policy", "role trust policy", "permissions boundary", "session policy"
]
_ResourceLayer = Literal["resource-based policy", "role trust policy"]


@dataclass(frozen=True, slots=True)
class PrincipalNames:
    """What a principal is called.

    Attributes:
        arn: of the user, the role session, the federated user or the root; a service's name
            (`lambda.amazonaws.com`); None for an anonymous caller.
        role_arn: of the role behind a role session.
        account: 12 digits, None for services and anonymous callers.
    """

    arn: str | None
    role_arn: str | None = None
    account: str | None = None


ANONYMOUS = PrincipalNames(arn=None)


@dataclass(frozen=True, slots=True)
class TraceEntry:
    """What one statement of one policy had to say.

    Attributes:
        policy: the policy's name, else its Id, else its place in the layer (`#1`).
        why: one sentence.
    """

    layer: Layer
    policy: str
    sid: str | None
    effect: Literal["Allow", "Deny"]
    verdict: Literal["applies", "does not apply"]
    why: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a request may go on.

    Attributes:
        explicit: a Deny statement refused it.
        reason: the end of AWS's sentence of refusal; empty when allowed.
        trace: every statement asked, layer by layer; empty unless an explanation was asked for.
    """

    allowed: bool
    explicit: bool
    reason: str
    trace: tuple[TraceEntry, ...] = ()


def decide(
    request: AccessRequest,
    *,
    principal_kind: PrincipalKind,
    principal_arns: PrincipalNames,
    resource_account: str | None,
    identity_policies: Sequence[PolicyDocument],
    boundary: PolicyDocument | None = None,
    session_policies: Sequence[PolicyDocument] | None = None,
    resource_policy: PolicyDocument | None = None,
    resource_policy_required: bool = False,
    explain: bool = False,
) -> Decision:
    """Decide a request under all policies that concern it.

    Args:
        request: its own `principals` do not count: `principal_arns` says who asks.
        principal_kind: what the caller is.
        principal_arns: what the caller is called.
        resource_account: the account that owns the resource; None for the caller's own.
        identity_policies: the user's with those of its groups, or the role's; for a federated user those of the user
            who asked for the session. Root, services and anonymous callers have none, whatever is passed.
        boundary: the permissions boundary of the user or role.
        session_policies: those passed when the session was made, which add up; None if none was. A federated user
            without one has no rights but those a resource policy gives.
        resource_policy: the policy of the resource.
        resource_policy_required: nothing is allowed unless the resource policy allows it, even in one account.
        explain: fill `Decision.trace`.
    """
    caller = _Caller(principal_kind, principal_arns, _owner_differs(principal_arns, resource_account))
    layers = _own_layers(principal_kind, identity_policies, boundary=boundary, session_policies=session_policies)
    if resource_policy is not None:
        layers["resource-based policy"] = [resource_policy]
    required = resource_policy_required or caller.crosses_accounts or caller.is_known_to_resources_only
    return _decide(request, caller, layers, required="resource-based policy" if required else None, explain=explain)


def decide_trust(
    request: AccessRequest,
    *,
    principal_kind: PrincipalKind,
    principal_arns: PrincipalNames,
    role_account: str,
    trust_policy: PolicyDocument,
    identity_policies: Sequence[PolicyDocument],
    boundary: PolicyDocument | None = None,
    session_policies: Sequence[PolicyDocument] | None = None,
    explain: bool = False,
) -> Decision:
    """Decide whether a signed caller may assume a role; arguments are those of `decide`.

    The trust policy must allow it. In the role's own account that is enough if it names the caller; if it names the
    account, or the caller comes from another account, the caller's own policies must allow it too. Ask again for every
    further action the call implies: sts:TagSession with tags, sts:SetSourceIdentity with a source identity.

    Source: IAM User Guide, reference_policies_elements_principal, "AWS account principals" and "IAM role principals".
    """
    caller = _Caller(principal_kind, principal_arns, _owner_differs(principal_arns, role_account))
    layers = _own_layers(principal_kind, identity_policies, boundary=boundary, session_policies=session_policies)
    layers["role trust policy"] = [trust_policy]
    return _decide(request, caller, layers, required="role trust policy", explain=explain)


def decide_federated_trust(
    request: AccessRequest, *, provider: str, trust_policy: PolicyDocument, explain: bool = False
) -> Decision:
    """Decide whether the bearer of an identity provider's token or assertion may assume a role.

    Args:
        request: for sts:AssumeRoleWithWebIdentity, sts:AssumeRoleWithSAML or sts:TagSession; its context holds what
            the provider says (`cognito-identity.amazonaws.com:aud`).
        provider: `cognito-identity.amazonaws.com`, or the ARN of an IAM OIDC or SAML provider.
        trust_policy: the role's.
        explain: fill `Decision.trace`.
    """
    bearer = request.made_by((federated_principal(provider),))
    evaluations: dict[Layer, Evaluation] = {"role trust policy": evaluate([trust_policy], bearer, explain=explain)}
    silent: Layer | None = None if evaluations["role trust policy"].effect == "allow" else "role trust policy"
    return _conclusion(request, evaluations, silent, {"role trust policy": [trust_policy]})


def combine_with_resource_policy(authorizer: Effect, resource_policy: Effect, *, same_account: bool = True) -> Effect:
    """Combine what an API's authorizer says with what its resource policy says.

    In one account either may allow what the other does not mention; across accounts both must allow. A Deny of either
    is final.

    Source: API Gateway Developer Guide, apigateway-authorization-flow, Table A and Table B.
    """
    said = {authorizer, resource_policy}
    if "explicit_deny" in said:
        return "explicit_deny"
    if said == {"allow"} or (same_account and "allow" in said):
        return "allow"
    return "implicit_deny"


def denial_message(principal_arn: str, action: str, resource: str | None, decision: Decision) -> str:
    """Return AWS's sentence for a refused request; None for `resource` leaves that part out."""
    where = "" if resource is None else f" on resource: {resource}"
    return f"User: {principal_arn} is not authorized to perform: {action}{where} {decision.reason}"


@dataclass(frozen=True, slots=True)
class _Caller:
    kind: PrincipalKind
    names: PrincipalNames
    crosses_accounts: bool

    @property
    def is_known_to_resources_only(self) -> bool:
        """Tell whether only a resource policy can allow anything to the caller."""
        return self.kind in {"service", "anonymous"}

    @property
    def in_policies(self) -> tuple[str, ...]:
        """The names by which a Principal element may know the caller, the most specific first."""
        names = self.names
        if self.kind == "anonymous" or names.arn is None:
            return ()
        if self.kind == "service":
            return (service_principal(names.arn),)
        return tuple(name for name in (names.arn, names.role_arn, names.account) if name)


def _owner_differs(names: PrincipalNames, owner: str | None) -> bool:
    return owner is not None and names.account is not None and owner != names.account


def _own_layers(
    kind: PrincipalKind,
    identity_policies: Sequence[PolicyDocument],
    *,
    boundary: PolicyDocument | None,
    session_policies: Sequence[PolicyDocument] | None,
) -> dict[Layer, Sequence[PolicyDocument]]:
    """Return the policies that come with the caller, each layer of which must allow the request."""
    if kind in {"root", "service", "anonymous"}:
        return {}
    layers: dict[Layer, Sequence[PolicyDocument]] = {"identity-based policy": identity_policies}
    if boundary is not None:
        layers["permissions boundary"] = [boundary]
    if session_policies is not None or kind == "federated_user":
        layers["session policy"] = session_policies or ()
    return layers


def _decide(
    request: AccessRequest,
    caller: _Caller,
    layers: Mapping[Layer, Sequence[PolicyDocument]],
    *,
    required: _ResourceLayer | None,
    explain: bool,
) -> Decision:
    names_principals = "resource-based policy" in layers or "role trust policy" in layers
    asked = request.made_by(caller.in_policies) if names_principals else request
    evaluations = {layer: evaluate(documents, asked, explain=explain) for layer, documents in layers.items()}
    return _conclusion(request, evaluations, _silent_layer(caller, evaluations, required), layers)


def _silent_layer(
    caller: _Caller, evaluations: Mapping[Layer, Evaluation], required: _ResourceLayer | None
) -> Layer | None:
    """Return the first layer that had to allow the request and did not, None when all did."""
    resource = evaluations.get("role trust policy", evaluations.get("resource-based policy"))
    granted_to = resource.granted_to if resource is not None else frozenset()
    if required is not None and (resource is None or resource.effect != "allow"):
        return required
    if not caller.crosses_accounts and (caller.names.arn in granted_to or EVERYONE in granted_to):
        return None
    role_is_granted = not caller.crosses_accounts and caller.names.role_arn in granted_to
    limits: list[Layer] = ["permissions boundary", "session policy"]
    needed = limits if role_is_granted else ["identity-based policy", *limits]
    return next((layer for layer in needed if layer in evaluations and evaluations[layer].effect != "allow"), None)


def _conclusion(
    request: AccessRequest,
    evaluations: Mapping[Layer, Evaluation],
    silent: Layer | None,
    layers: Mapping[Layer, Sequence[PolicyDocument]],
) -> Decision:
    trace = tuple(_entries(evaluations, layers))
    denying = next((layer for layer, evaluation in evaluations.items() if evaluation.effect == "explicit_deny"), None)
    if denying is not None:
        return Decision(
            allowed=False, explicit=True, reason=f"with an explicit deny in {_ARTICLES[denying]} {denying}", trace=trace
        )
    if silent is not None:
        reason = f"because no {silent} allows the {request.action} action"
        return Decision(allowed=False, explicit=False, reason=reason, trace=trace)
    return Decision(allowed=True, explicit=False, reason="", trace=trace)


def _entries(
    evaluations: Mapping[Layer, Evaluation], layers: Mapping[Layer, Sequence[PolicyDocument]]
) -> list[TraceEntry]:
    return [
        TraceEntry(
            layer,
            _policy_name(layers[layer][entry.document], entry.document),
            entry.sid,
            entry.effect,
            "applies" if entry.applies else "does not apply",
            entry.why,
        )
        for layer, evaluation in evaluations.items()
        for entry in evaluation.trace
    ]


def _policy_name(document: PolicyDocument, index: int) -> str:
    return document.name or document.id or f"#{index + 1}"


_ARTICLES: Mapping[Layer, str] = {
    "identity-based policy": "an",
    "resource-based policy": "a",
    "role trust policy": "the",
    "permissions boundary": "a",
    "session policy": "a",
}
