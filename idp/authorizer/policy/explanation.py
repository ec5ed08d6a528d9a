"""Say in words why each statement of a policy applies to a request, or which part of it does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from idp.authorizer.policy.errors import Indeterminate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from idp.authorizer.policy.conditions import Condition
    from idp.authorizer.policy.document import Element, PolicyDocument, Statement, StatementEffect
    from idp.authorizer.policy.request import AccessRequest


@dataclass(frozen=True, slots=True)
class StatementTrace:
    """What became of one statement.

    Attributes:
        document: the document's place in the sequence asked, from 0.
        statement: the statement's place in its document, from 0.
        missed: the first part that did not fit, None when the statement applies.
        why: one sentence.
    """

    document: int
    statement: int
    sid: str | None
    effect: StatementEffect
    applies: bool
    missed: Element | Literal["condition"] | None
    why: str


def trace_of(documents: Sequence[PolicyDocument], request: AccessRequest) -> tuple[StatementTrace, ...]:
    """Explain every statement, in order."""
    return tuple(
        _explained(statement, request, document_index, index)
        for document_index, document in enumerate(documents)
        for index, statement in enumerate(document.statements)
    )


def _explained(statement: Statement, request: AccessRequest, document_index: int, index: int) -> StatementTrace:
    mismatch = statement.mismatch(request)
    place = (document_index, index, statement.sid, statement.effect)
    if mismatch is None:
        return StatementTrace(*place, applies=True, missed=None, why=_why_it_applies(statement, request))
    if isinstance(mismatch, str):
        why = _why_not(mismatch, statement, request)
        return StatementTrace(*place, applies=False, missed=mismatch, why=why)
    return StatementTrace(*place, applies=False, missed="condition", why=_why_unmet(mismatch, request))


def _why_it_applies(statement: Statement, request: AccessRequest) -> str:
    doubts = [doubt for condition in statement.conditions if (doubt := _doubt(condition, request))]
    if doubts:
        return f"every part matches; {'; '.join(doubts)}, which counts as met in a Deny"
    return "every part matches"


def _why_not(element: Element, statement: Statement, request: AccessRequest) -> str:
    if element == "action":
        return _mentions("Action", request.action, statement.actions.written, excluded=statement.actions.excluded)
    if element == "resource" and statement.resources:
        written = tuple(pattern.source for pattern in statement.resources.patterns)
        return _mentions("Resource", request.resource, written, excluded=statement.resources.excluded)
    names = tuple(sorted(statement.principals.names)) if statement.principals else ()
    excluded = statement.principals is not None and statement.principals.excluded
    return _mentions("Principal", " = ".join(request.principals) or "anonymous", names, excluded=excluded)


def _mentions(element: str, asked: str, written: tuple[str, ...], *, excluded: bool) -> str:
    if excluded:
        return f"{asked} is listed in Not{element} [{', '.join(written)}]"
    return f"{asked} matches nothing in {element} [{', '.join(written)}]"


def _why_unmet(condition: Condition, request: AccessRequest) -> str:
    wanted = f"{condition.operator} {condition.key} [{', '.join(condition.listed)}]"
    doubt = _doubt(condition, request)
    if doubt:
        return f"{wanted} is not met: {doubt}"
    return f"{wanted} is not met: {_seen(condition, request)}"


def _seen(condition: Condition, request: AccessRequest) -> str:
    value = request.values.get(condition.folded_key)
    if value is None:
        return "the request does not have the key"
    return f"the request has [{value if isinstance(value, str) else ', '.join(value)}]"


def _doubt(condition: Condition, request: AccessRequest) -> str | None:
    try:
        condition.holds(request)
    except Indeterminate as error:
        return str(error)
    return None
