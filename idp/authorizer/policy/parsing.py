"""Read policy documents strictly: what is not certainly a policy of the wanted kind is refused.

Source: IAM User Guide, reference_policies_grammar. Sentences of refusal are IAM's where they are known.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, NoReturn

from idp.authorizer.policy.conditions import conditions_of
from idp.authorizer.policy.document import Actions, PolicyDocument, PolicyKind, Resources, Statement
from idp.authorizer.policy.errors import MalformedPolicy
from idp.authorizer.policy.glob import glob_of, wildcards_in
from idp.authorizer.policy.pattern import pattern_of
from idp.authorizer.policy.principals import Principals, principals_of

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_CHARACTERS = 20_480
"""The longest policy AWS takes anywhere (20 KB: Lambda's and S3's resource policies). Services may take less."""

_DEFAULT_VERSION = "2008-10-17"
_VERSION_WITH_VARIABLES = "2012-10-17"
_TOP = frozenset({"Version", "Id", "Statement"})
_STATEMENT = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)
_ALPHANUMERIC = re.compile(r"[0-9A-Za-z]*", re.ASCII)
_VENDOR = re.compile(r"[A-Za-z0-9*?-]+", re.ASCII)
_PLAIN_SID: frozenset[PolicyKind] = frozenset({"identity", "session", "trust"})
_WITH_PRINCIPAL: frozenset[PolicyKind] = frozenset({"resource", "trust"})
_WITH_ARNS: frozenset[PolicyKind] = frozenset({"identity", "session"})


def parse_policy(
    document: str | Mapping[str, object], *, kind: PolicyKind = "identity", name: str = ""
) -> PolicyDocument:
    """Parse and compile a policy document.

    Args:
        document: JSON text, or what JSON text was parsed into.
        kind: identity and session policies have no Principal; resource and trust policies need one; a trust policy
            has no Resource and only actions of `sts`; a Lambda authorizer's has no Principal.
        name: what people know the policy by.

    Raises:
        MalformedPolicy: and nothing else, whatever the document.
    """
    content = _content(document if isinstance(document, str) else _as_json(document))
    version = content.get("Version", _DEFAULT_VERSION)
    policy_id = content.get("Id")
    if version not in (_DEFAULT_VERSION, _VERSION_WITH_VARIABLES) or not isinstance(policy_id, str | None):
        raise MalformedPolicy
    variables = version == _VERSION_WITH_VARIABLES
    statements = tuple(_statement(one, kind=kind, variables=variables) for one in _listed(content.get("Statement")))
    sids = [statement.sid for statement in statements if statement.sid]
    if len(sids) != len(set(sids)):
        raise MalformedPolicy("Statement IDs (SID) in a single policy must be unique.")
    return PolicyDocument(kind, str(version), policy_id, statements, name)


def _as_json(document: Mapping[str, object]) -> str:
    try:
        return json.dumps(dict(document))
    except (TypeError, ValueError, RecursionError) as error:
        raise MalformedPolicy("This policy contains invalid Json") from error


def _content(text: str) -> Mapping[str, object]:
    if len(text) > MAX_CHARACTERS:
        raise MalformedPolicy(f"The policy is longer than {MAX_CHARACTERS} characters.")
    try:
        content = json.loads(text, object_pairs_hook=_unique, parse_float=Decimal, parse_constant=_refuse)
    except MalformedPolicy:
        raise
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise MalformedPolicy("This policy contains invalid Json") from error
    return _object(content, _TOP)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse a name that is given twice: of two readings one would be the wrong one."""
    content = dict(pairs)
    if len(content) != len(pairs):
        raise MalformedPolicy
    return content


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _object(value: object, names: frozenset[str]) -> Mapping[str, object]:
    if not isinstance(value, dict) or not names.issuperset(value):
        raise MalformedPolicy
    return value


def _listed(value: object) -> list[object]:
    listed = value if isinstance(value, list) else [value]
    if not listed:
        raise MalformedPolicy
    return listed


def _statement(value: object, *, kind: PolicyKind, variables: bool) -> Statement:
    content = _object(value, _STATEMENT)
    effect = content.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise MalformedPolicy
    return Statement(
        sid=_sid(content.get("Sid"), kind),
        effect=effect,
        principals=_principals(content, kind),
        actions=_actions(content, kind),
        resources=_resources(content, kind, variables=variables),
        conditions=conditions_of(content.get("Condition", {}), variables=variables),
    )


def _sid(sid: object, kind: PolicyKind) -> str | None:
    if not isinstance(sid, str | None):
        raise MalformedPolicy
    if sid and kind in _PLAIN_SID and not _ALPHANUMERIC.fullmatch(sid):
        raise MalformedPolicy(
            "Statement IDs (SID) must be alpha-numeric. "
            "Check that your input satisfies the regular expression [0-9A-Za-z]*"
        )
    return sid


def _principals(content: Mapping[str, object], kind: PolicyKind) -> Principals | None:
    given = [name for name in ("Principal", "NotPrincipal") if name in content]
    if kind not in _WITH_PRINCIPAL:
        if given:
            raise MalformedPolicy("Policy document should not specify a principal.")
        return None
    if not given:
        raise MalformedPolicy("Missing required field Principal")
    if len(given) > 1 or (kind == "trust" and given == ["NotPrincipal"]):
        raise MalformedPolicy
    return principals_of(content[given[0]], excluded=given == ["NotPrincipal"])


def _actions(content: Mapping[str, object], kind: PolicyKind) -> Actions:
    written, excluded = _either(content, "Action", "NotAction", missing="Policy statement must contain actions.")
    for action in written:
        _check_action(action, kind)
    folded = [action.lower() for action in written]
    exact = frozenset(action for action in folded if "*" not in action and "?" not in action)
    globs = tuple(glob_of(wildcards_in(action)) for action in folded if action not in exact)
    return Actions(written, exact, globs, excluded)


def _check_action(action: str, kind: PolicyKind) -> None:
    vendor, _, name = action.partition(":")
    if kind == "trust" and vendor.lower() != "sts":
        raise MalformedPolicy("AssumeRole policy may only specify STS AssumeRole actions.")
    if action == "*":
        return
    if not name or not _VENDOR.fullmatch(vendor):
        raise MalformedPolicy("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
    if ":" in name:
        raise MalformedPolicy("Actions/Condition can contain only one colon.")


def _resources(content: Mapping[str, object], kind: PolicyKind, *, variables: bool) -> Resources | None:
    if kind == "trust":
        if "Resource" in content or "NotResource" in content:
            raise MalformedPolicy("Has prohibited field Resource")
        return None
    written, excluded = _either(content, "Resource", "NotResource", missing="Policy statement must contain resources.")
    for resource in written:
        if kind in _WITH_ARNS and resource != "*" and not resource.startswith("arn:"):
            raise MalformedPolicy(f'Resource {resource} must be in ARN format or "*".')
    return Resources(tuple(pattern_of(resource, variables=variables) for resource in written), excluded)


def _either(content: Mapping[str, object], name: str, opposite: str, *, missing: str) -> tuple[tuple[str, ...], bool]:
    """Return the texts of one of two elements, and whether it was the opposite one."""
    if name in content and opposite in content:
        raise MalformedPolicy
    values = content.get(name, content.get(opposite, []))
    if values == []:
        raise MalformedPolicy(missing)
    texts = tuple(value for value in _listed(values) if isinstance(value, str))
    if len(texts) != len(_listed(values)):
        raise MalformedPolicy
    return texts, opposite in content
