"""Whom a resource policy speaks of: the Principal and NotPrincipal elements.

Source: IAM User Guide, reference_policies_elements_principal and reference_policies_elements_notprincipal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from idp.authorizer.policy.errors import MalformedPolicy

EVERYONE = "*"
_ACCOUNT = re.compile(r"\d{12}", re.ASCII)
_ROOT_ARN = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):root", re.ASCII)
_UNIQUE_ID = re.compile(r"[A-Z0-9]{16,128}", re.ASCII)
_KINDS = ("AWS", "Service", "Federated", "CanonicalUser")


def service_principal(name: str) -> str:
    """Return the name a service goes by in `AccessRequest.principals`, such as that of `lambda.amazonaws.com`."""
    return f"Service:{name}"


def federated_principal(provider: str) -> str:
    """Return the name of a caller known only by an identity provider's token: its host, or its IAM provider ARN."""
    return f"Federated:{provider}"


@dataclass(frozen=True, slots=True)
class Principals:
    """The names of a Principal element, or with `excluded` of a NotPrincipal element."""

    names: frozenset[str]
    excluded: bool

    def granted_name(self, callers: tuple[str, ...]) -> str | None:
        """Return the caller's name that an Allow speaks of, None when it speaks of somebody else.

        An Allow with NotPrincipal speaks of everyone of whom no name is listed, the anonymous included.
        """
        listed = self._listed(callers)
        if self.excluded:
            return EVERYONE if listed is None else None
        return listed

    def denies(self, callers: tuple[str, ...]) -> bool:
        """Tell whether a Deny speaks of the caller.

        A Deny with NotPrincipal spares only a caller of whom every name is listed: user and account, or session,
        role and account.
        """
        if self.excluded:
            return not callers or any(self._listed((caller,)) is None for caller in callers)
        return self._listed(callers) is not None

    def _listed(self, callers: tuple[str, ...]) -> str | None:
        if EVERYONE in self.names:
            return EVERYONE
        return next((name for name in callers if _is_listed(_account_or_name(name), self.names)), None)


def principals_of(element: object, *, excluded: bool) -> Principals:
    """Compile a Principal element: `"*"`, or a mapping of AWS, Service, Federated and CanonicalUser to names.

    Raises:
        MalformedPolicy: it is neither, or a name cannot be a principal.
    """
    if element == EVERYONE:
        return Principals(frozenset({EVERYONE}), excluded)
    if not isinstance(element, Mapping) or not element:
        raise MalformedPolicy
    names = frozenset(_name(kind, value) for kind, values in element.items() for value in _values(values))
    return Principals(names, excluded)


def _values(values: object) -> list[object]:
    listed = values if isinstance(values, list) else [values]
    if not listed:
        raise MalformedPolicy
    return listed


def _name(kind: str, value: object) -> str:
    if kind not in _KINDS or not isinstance(value, str) or not value:
        raise MalformedPolicy
    if kind == "AWS" and _is_aws_name(value):
        return _account_or_name(value)
    if kind != "AWS" and (EVERYONE not in value or (kind, value) == ("Federated", EVERYONE)):
        return f"{kind}:{value}"
    raise MalformedPolicy(f'Invalid principal in policy: "{kind}":"{value}"')


def _is_aws_name(value: str) -> bool:
    if value == EVERYONE or _ACCOUNT.fullmatch(value) or _UNIQUE_ID.fullmatch(value):
        return True
    return value.startswith("arn:") and EVERYONE not in value and "?" not in value


def _account_or_name(name: str) -> str:
    root = _ROOT_ARN.fullmatch(name)
    return root[1] if root else name


def _is_listed(name: str, names: frozenset[str]) -> bool:
    return name in names or (name.startswith("Federated:") and "Federated:*" in names)
