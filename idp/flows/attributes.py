"""Changing users' attributes.  Source: spec USER_POOLS sections 2.2, 2.3 and 2.7."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from idp.domain.attributes import changed_attributes, new_addresses
from idp.domain.errors import InvalidParameter
from idp.domain.schema import check_verified_flags
from idp.flows.codes import VERIFICATION_LIFETIME, IssuedCode, make_code, verification_of
from idp.flows.lookups import get_user
from idp.flows.messages import CodeDelivery, send_code
from idp.flows.naming import AT_CHANGE, claim_aliases

if TYPE_CHECKING:
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.services import Services
    from idp.store.unit_of_work import UnitOfWork


def admin_update_user_attributes(
    services: Services,
    user_pool: UserPool,
    username: str,
    changes: Mapping[str, str],
    *,
    client_metadata: Mapping[str, str] | None = None,
) -> None:
    """Change a user's attributes at once, verified flags included; an empty value deletes.

    Raises:
        UserNotFound, InvalidParameter, AliasTaken, ConcurrentModification, CodeDeliveryFailed.
    """
    with services.reading() as work:
        user = get_user(work, user_pool, username)
    change_attributes(services, user_pool, user, changes, client_id=None, client_metadata=client_metadata)


def change_attributes(
    services: Services,
    user_pool: UserPool,
    user: User,
    changes: Mapping[str, str],
    *,
    client_id: str | None,
    client_metadata: Mapping[str, str] | None = None,
) -> list[CodeDelivery]:
    """Change a user's attributes, and send a code to each new address that the pool verifies.

    Whoever calls has checked that the changes may be made by whom asks for them.

    Args:
        client_id: None when an administrator makes the change.

    Raises:
        InvalidParameter, AliasTaken, ConcurrentModification, CodeDeliveryFailed; TriggerRefused and its like.
    """
    user_pool.schema.check_update(changes)
    after = changed_attributes(user.attributes, user_pool.schema.normalized(changes))
    check_verified_flags(changes, after)
    _keep_a_name(user_pool, user, after)
    changed = replace(user, attributes=after, updated_at=services.clock.now())
    with services.unit_of_work() as work:
        saved = work.users.save(changed)
        claim_aliases(work, user_pool, saved, sentence=AT_CHANGE)
        codes = [
            _make_code(services, work, saved, attribute)
            for attribute in new_addresses(user.attributes, after)
            if attribute in user_pool.auto_verified_attributes
        ]
        work.commit()
    return [
        send_code(
            services,
            user_pool,
            saved,
            kind="UpdateUserAttribute",
            attribute=code.stored.attribute,
            code=code.digits,
            client_id=client_id,
            client_metadata=client_metadata,
        )
        for code in codes
    ]


def _make_code(services: Services, work: UnitOfWork, user: User, attribute: str) -> IssuedCode:
    code = make_code(
        services, user, purpose=verification_of(attribute), attribute=attribute, lifetime=VERIFICATION_LIFETIME
    )
    work.confirmation_codes.put(code.stored)
    return code


def _keep_a_name(user_pool: UserPool, user: User, after: Mapping[str, str]) -> None:
    """Refuse to take from a user what they sign in by, where addresses are usernames: one cannot stand for the other.

    Unknown: the sentence.  Source: spec section 2.2.
    """
    for attribute in user_pool.username_attributes:
        if attribute in user.attributes and attribute not in after:
            raise InvalidParameter(f"user.{attribute}: Attribute is required")
