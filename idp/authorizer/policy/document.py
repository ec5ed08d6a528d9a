"""A policy document, parsed and compiled: everything that does not depend on a request is already done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from idp.authorizer.policy.errors import Indeterminate

if TYPE_CHECKING:
    from idp.authorizer.policy.conditions import Condition
    from idp.authorizer.policy.glob import Glob
    from idp.authorizer.policy.pattern import Pattern
    from idp.authorizer.policy.principals import Principals
    from idp.authorizer.policy.request import AccessRequest

PolicyKind = Literal["identity", "resource", "trust", "session", "lambda_authorizer"]
StatementEffect = Literal["Allow", "Deny"]
Element = Literal["principal", "action", "resource"]


@dataclass(frozen=True, slots=True)
class Actions:
    """The Action element, or with `excluded` the NotAction element; compared in lower case."""

    written: tuple[str, ...]
    exact: frozenset[str]
    globs: tuple[Glob, ...]
    excluded: bool

    def include(self, request: AccessRequest) -> bool:
        """Tell whether the statement speaks of the request's action."""
        action = request.folded_action
        return (action in self.exact or any(glob.matches(action) for glob in self.globs)) is not self.excluded


@dataclass(frozen=True, slots=True)
class Resources:
    """The Resource element, or with `excluded` the NotResource element.

    A pattern is matched against the ARN as a whole, so a `*` may stand for text with colons.
    Source: IAM User Guide, reference_policies_elements_resource ("it can expand to match beyond the colon boundaries").
    Unknown: whether that holds for a `*` inside a segment; here it does.
    """

    patterns: tuple[Pattern, ...]
    excluded: bool

    def include(self, request: AccessRequest) -> bool:
        """Tell whether the statement speaks of the request's resource."""
        return any(pattern.matches(request.resource, request) for pattern in self.patterns) is not self.excluded


@dataclass(frozen=True, slots=True)
class Statement:
    """One rule. It applies when all of its elements do.

    Attributes:
        principals: None in the kinds of policy that have no Principal.
        resources: None in a trust policy, which speaks of its role.
    """

    sid: str | None
    effect: StatementEffect
    principals: Principals | None
    actions: Actions
    resources: Resources | None
    conditions: tuple[Condition, ...]

    def mismatch(self, request: AccessRequest) -> Element | Condition | None:
        """Return the first element that keeps the statement from applying, None when it applies."""
        if not self.actions.include(request):
            return "action"
        if self.resources is not None and not self.resources.include(request):
            return "resource"
        if self.principals is not None and not self._concerns(self.principals, request):
            return "principal"
        return next((condition for condition in self.conditions if not self._is_met(condition, request)), None)

    def _concerns(self, principals: Principals, request: AccessRequest) -> bool:
        if self.effect == "Deny":
            return principals.denies(request.principals)
        return principals.granted_name(request.principals) is not None

    def _is_met(self, condition: Condition, request: AccessRequest) -> bool:
        try:
            return condition.holds(request)
        except Indeterminate:
            return self.effect == "Deny"


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """A whole policy.

    Attributes:
        name: what people know the policy by, for explanations.
        id: its Id element.
    """

    kind: PolicyKind
    version: str
    id: str | None
    statements: tuple[Statement, ...]
    name: str = ""
