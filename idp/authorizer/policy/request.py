"""The request a policy is asked about."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ContextValue = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """One action on one resource, with what is known about who asks and how.

    Attributes:
        action: `service:Name`; case does not count.
        resource: an ARN, or `*` for actions without a resource; case counts.
        context: condition keys (case does not count) to their value. A multi-valued key holds a tuple, however
            many values it has; an empty tuple is the same as no key.
        principals: every name the caller goes by, the most specific first: session or user ARN, role ARN, the
            12-digit account id; or one name made by `service_principal` or `federated_principal`. Empty for an
            anonymous caller, and where only policies without principals are asked.
    """

    action: str
    resource: str
    context: Mapping[str, ContextValue]
    principals: tuple[str, ...] = ()
    folded_action: str = field(init=False, repr=False, compare=False)
    values: Mapping[str, ContextValue] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "folded_action", self.action.lower())
        object.__setattr__(self, "values", {key.lower(): value for key, value in self.context.items() if value != ()})

    def made_by(self, principals: tuple[str, ...]) -> AccessRequest:
        """Return the same request made by somebody else."""
        return replace(self, principals=principals)
