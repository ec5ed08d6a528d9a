"""Ask policies about a request: explicit deny first, then allow, else nobody said anything.

Source: IAM User Guide, reference_policies_evaluation-logic_policy-eval-denyallow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from idp.authorizer.policy.explanation import StatementTrace, trace_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from idp.authorizer.policy.document import PolicyDocument, Statement
    from idp.authorizer.policy.request import AccessRequest

Effect = Literal["allow", "explicit_deny", "implicit_deny"]


@dataclass(frozen=True, slots=True)
class StatementReference:
    """Where a statement is: the document's place in the sequence asked, the statement's place in it, both from 0."""

    document: int
    statement: int
    sid: str | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What policies say of a request.

    Attributes:
        statement: the first Deny that applies, else the first Allow, None for an implicit deny.
        granted_to: for an allow by policies with principals, the names by which its statements know the caller:
            an ARN, an account id, or `*`.
        trace: one entry for every statement, in order; empty unless an explanation was asked for.
    """

    effect: Effect
    statement: StatementReference | None
    granted_to: frozenset[str] = frozenset()
    trace: tuple[StatementTrace, ...] = ()


NOBODY_SPOKE = Evaluation("implicit_deny", None)


def evaluate(documents: Sequence[PolicyDocument], request: AccessRequest, *, explain: bool = False) -> Evaluation:
    """Ask all documents, which count as one, about a request.

    What cannot be decided, such as an address that is none under IpAddress, counts as met in a Deny and as not met in
    an Allow.

    Args:
        documents: in any order; it only matters for which of several deciding statements is named.
        request: who wants to do what.
        explain: also say of every statement whether it applies and why not, which costs several times as much.
    """
    verdict = _verdict(documents, request)
    if not explain:
        return verdict
    return Evaluation(verdict.effect, verdict.statement, verdict.granted_to, trace_of(documents, request))


def _verdict(documents: Sequence[PolicyDocument], request: AccessRequest) -> Evaluation:
    allowing: StatementReference | None = None
    granted_to: list[str] = []
    for document_index, document in enumerate(documents):
        for index, statement in enumerate(document.statements):
            if not _may_matter(statement, allowing) or statement.mismatch(request) is not None:
                continue
            reference = StatementReference(document_index, index, statement.sid)
            if statement.effect == "Deny":
                return Evaluation("explicit_deny", reference)
            allowing = allowing or reference
            granted_to.extend(_granted_name(statement, request))
    return NOBODY_SPOKE if allowing is None else Evaluation("allow", allowing, frozenset(granted_to))


def _may_matter(statement: Statement, allowing: StatementReference | None) -> bool:
    return allowing is None or statement.effect == "Deny" or statement.principals is not None


def _granted_name(statement: Statement, request: AccessRequest) -> tuple[str, ...]:
    name = statement.principals.granted_name(request.principals) if statement.principals else None
    return () if name is None else (name,)
