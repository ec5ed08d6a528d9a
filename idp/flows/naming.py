"""Giving users the aliases they can sign in by, and taking them away.  Source: spec USER_POOLS section 2.2."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from idp.domain.errors import AliasTaken
from idp.domain.standard_attributes import VERIFIABLE
from idp.domain.usernames import claimed_aliases, refuse_alias_format

if TYPE_CHECKING:
    from collections.abc import Mapping

    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.store.unit_of_work import UnitOfWork

AT_CONFIRMATION = "An account with the {attribute} already exists."
AT_CHANGE = "An account with the given {attribute} already exists."


def taken_alias(work: UnitOfWork, user_pool: UserPool, attributes: Mapping[str, str]) -> str | None:
    """Return the attribute whose value would be an alias of a new user and is another user's; None when all are free."""
    wanted = claimed_aliases(user_pool, attributes)
    owners = work.users.find_alias_owners(user_pool.id, wanted)
    return next((attribute for attribute in wanted if attribute in owners), None)


def is_taken_address(work: UnitOfWork, user_pool: UserPool, user: User, attribute: str) -> bool:
    """Say whether a stored user's address is another user's alias."""
    wanted = _wanted(user_pool, user)
    return attribute in wanted and work.users.find_alias_owner(user_pool.id, attribute, wanted[attribute]) not in {
        None,
        user.id,
    }


def claim_aliases(
    work: UnitOfWork, user_pool: UserPool, user: User, *, force: bool = False, sentence: str = AT_CONFIRMATION
) -> None:
    """Make a stored user's aliases what their attributes say: claim the new ones, release the others.

    Args:
        force: take a verified address from its owner, whose attribute becomes unverified (ForceAliasCreation).
        sentence: of the refusal, with `{attribute}`.

    Raises:
        AliasTaken: another user owns one; InvalidParameter: one has a form that the pool does not take. The transaction
            must then be left.
    """
    wanted = _wanted(user_pool, user)
    held = work.users.aliases_of(user)
    for attribute in held.keys() - wanted.keys():
        work.users.release_alias(user.id, attribute)
    for attribute, value in wanted.items():
        if held.get(attribute) == value:
            continue
        if attribute == "preferred_username":
            _refuse_name_of_another(work, user_pool, user, value, sentence=sentence)
        if force and attribute in VERIFIABLE and attribute in user_pool.alias_attributes:
            _take_away(work, user_pool, user, attribute=attribute, value=value)
        if not work.users.claim_alias(user, attribute, value):
            raise AliasTaken(sentence.format(attribute=attribute))


def _wanted(user_pool: UserPool, user: User) -> dict[str, str]:
    """Return attribute -> folded value of what a stored user is to sign in by.

    Where addresses are usernames, the names of users whom a provider's word made are no generated ones: their addresses do
    not name them, and may be another's username.  Source: AWS "Linking federated users": the same person is two users then.
    """
    if user_pool.username_attributes and user.username != user.sub:
        return {}
    return claimed_aliases(user_pool, user.attributes)


def _refuse_name_of_another(work: UnitOfWork, user_pool: UserPool, user: User, value: str, *, sentence: str) -> None:
    """Refuse a preferred username that somebody else goes by in any way, or that could be somebody's address.

    Nobody proves that a preferred username is theirs: it must never be found in place of a username, address or `sub`.
    """
    refuse_alias_format(user_pool, value)
    owner = work.users.find(user_pool.id, value)
    if owner is not None and owner.id != user.id:
        raise AliasTaken(sentence.format(attribute="preferred_username"))


def _take_away(work: UnitOfWork, user_pool: UserPool, user: User, *, attribute: str, value: str) -> None:
    owner = work.users.find_by_alias(user_pool.id, value)
    if owner is None or owner.id == user.id:
        return
    work.users.release_alias(owner.id, attribute)
    work.users.save(replace(owner, attributes={**owner.attributes, f"{attribute}_verified": "false"}))
