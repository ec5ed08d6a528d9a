"""Inline policies of IAM roles and users.  Source: AWS IAM API Reference; IAM User Guide, reference_iam-quotas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from idp.authorizer.policy import MalformedPolicy, PolicyKind, parse_policy
from idp.domain.errors import LimitExceeded, MalformedPolicyDocument, ResourceNotFound

if TYPE_CHECKING:
    from idp.domain.iam import IamUser, Role
    from idp.services import Services
    from idp.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Owner:
    """A role or user as the sentences name it, and how long its policies may be together."""

    kind: str
    account: str
    name: str
    max_characters: int
    find: Callable[[UnitOfWork], Role | IamUser | None]

    def get_id(self, work: UnitOfWork) -> str:
        """Return the unique id; raises ResourceNotFound."""
        found = self.find(work)
        if found is None:
            raise ResourceNotFound(f"The {self.kind} with name {self.name} cannot be found.")
        return found.id


def role_owner(account: str, name: str) -> Owner:
    """Return a role as an owner of policies."""
    return Owner("role", account, name, 10_240, lambda work: work.roles.find(account, name))


def user_owner(account: str, name: str) -> Owner:
    """Return an IAM user as an owner of policies."""
    return Owner("user", account, name, 2_048, lambda work: work.iam_users.find(account, name))


def put_policy(services: Services, owner: Owner, name: str, document: str) -> None:
    """Store a policy in place of the one of that name.

    Raises:
        ResourceNotFound: no such owner.
        MalformedPolicyDocument.
        LimitExceeded: the owner's policies would be too long together.
        ConcurrentModification.
    """
    check_policy(document, "identity")
    with services.unit_of_work() as work:
        owner_id = owner.get_id(work)
        documents = [document, *work.inline_policies.documents_beside(owner_id, name)]
        if sum(map(_counted_characters, documents)) > owner.max_characters:
            raise LimitExceeded(
                f"Maximum policy size of {owner.max_characters} bytes exceeded for {owner.kind} {owner.name}"
            )
        work.inline_policies.put(owner_id, name, document)
        work.commit()
    services.catalog.grants.forget(owner_id)


def get_policy(services: Services, owner: Owner, name: str) -> str:
    """Return a policy's JSON text as it was given; raises ResourceNotFound."""
    with services.reading() as work:
        document = work.inline_policies.find(owner.get_id(work), name)
    if document is None:
        raise ResourceNotFound(_not_found(owner, name))
    return document


def list_policies(services: Services, owner: Owner, *, after: str, limit: int) -> list[str]:
    """Return up to `limit` names after the name given; raises ResourceNotFound."""
    with services.reading() as work:
        return work.inline_policies.list_names(owner.get_id(work), after=after, limit=limit)


def delete_policy(services: Services, owner: Owner, name: str) -> None:
    """Delete a policy; raises ResourceNotFound."""
    with services.unit_of_work() as work:
        owner_id = owner.get_id(work)
        if not work.inline_policies.delete(owner_id, name):
            raise ResourceNotFound(_not_found(owner, name))
        work.commit()
    services.catalog.grants.forget(owner_id)


def check_policy(document: str, kind: PolicyKind) -> None:
    """Refuse a document that is no policy of that kind; raises MalformedPolicyDocument."""
    try:
        parse_policy(document, kind=kind)
    except MalformedPolicy as error:
        raise MalformedPolicyDocument(error.message) from error


def _counted_characters(document: str) -> int:
    """Return how long a policy counts as: white space does not."""
    return len("".join(document.split()))


def _not_found(owner: Owner, name: str) -> str:
    return f"The {owner.kind} policy with name {name} cannot be found."
