"""An identity of an identity pool, and what becomes of identities when logins meet.  Source: spec IDENTITY_POOLS section 6."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from idp.domain.errors import NotAuthorized, ResourceConflict

LOGINS_DO_NOT_MATCH = "Logins don't match. Please include at least one valid login for this identity or identity pool."
ALREADY_LINKED = "Logins are already linked to another identity"
MAX_LOGINS = 20


class Login(NamedTuple):
    """Somebody at a provider."""

    provider: str
    subject: str


@dataclass(frozen=True, slots=True)
class Identity:
    """A stored identity.

    Attributes:
        disabled: it was merged into another one.
        logins: what is linked to it; a guest has none.
    """

    id: str
    pool_id: str
    created_at: datetime
    updated_at: datetime
    disabled: bool = False
    logins: frozenset[Login] = frozenset()

    @property
    def is_guest(self) -> bool:
        """Say whether nobody has signed in as this identity."""
        return not self.logins


@dataclass(frozen=True, slots=True)
class Linking:
    """What is to be written when an identity shows logins.

    Attributes:
        parent: the identity that goes on, with all its logins.
        linked: logins to give to the parent that nobody has.
        merged: identities to disable; their logins go to the parent.
    """

    parent: Identity
    linked: frozenset[Login] = frozenset()
    merged: Sequence[Identity] = field(default=())

    @property
    def is_settled(self) -> bool:
        """Say whether nothing is to be written."""
        return not self.linked and not self.merged


def forbidden_identity(identity_id: str) -> str:
    """Return the sentence for an identity that the caller did not prove."""
    return f"Access to Identity '{identity_id}' is forbidden."


def link(identity: Identity, shown: Sequence[Login], owners: Sequence[Identity]) -> Linking:
    """Decide what becomes of an identity whose bearer shows logins.

    Args:
        identity: the one the request names.
        shown: verified logins, at least one.
        owners: the identities that shown logins are linked to.

    Raises:
        NotAuthorized: the identity is disabled, or has logins and none of them was shown.
        ResourceConflict: the parent would have two logins of one provider, or too many.

    Unknown: which identity goes on; the one with logins, of two such the older one.
    """
    if identity.disabled:
        raise NotAuthorized(forbidden_identity(identity.id))
    if not identity.is_guest and identity.logins.isdisjoint(shown):
        raise NotAuthorized(LOGINS_DO_NOT_MATCH)
    return join([identity, *owners], shown)


def join(identities: Sequence[Identity], shown: Sequence[Login]) -> Linking:
    """Decide how identities that turn out to be one person's become one; see `link`."""
    distinct = {each.id: each for each in identities}
    ranked = sorted(distinct.values(), key=lambda each: (each.is_guest, each.created_at, each.id))
    parent, *merged = ranked
    owned = frozenset(login for each in ranked for login in each.logins)
    linked = frozenset(shown) - owned
    together = owned | linked
    if len({login.provider for login in together}) < len(together) or len(together) > MAX_LOGINS:
        raise ResourceConflict(ALREADY_LINKED)
    return Linking(parent, linked, merged)
