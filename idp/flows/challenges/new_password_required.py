"""NEW_PASSWORD_REQUIRED: a user with a temporary password sets one of their own, and gives missing attributes.

Source: spec USER_POOLS section 1.7.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import orjson

from idp.domain import challenge as names
from idp.domain.attributes import check_writable
from idp.domain.errors import InvalidParameter, InvalidSession, NotAuthorized
from idp.domain.user import User, UserStatus
from idp.flows.challenges.challenge import Challenge, Proof, Question, SignInContext
from idp.flows.compromised_passwords import refuse_compromised
from idp.flows.naming import claim_aliases
from idp.flows.passwords import remember_password, renew_credentials

if TYPE_CHECKING:
    from idp.store.unit_of_work import UnitOfWork

PREFIX = "userAttributes."
GIVEN_ONCE = {"email": "an already provided email", "phone_number": "an already provided phone_number"}


def start(context: SignInContext) -> Question:
    """Say which required attributes are missing, and which there are."""
    user = _user(context)
    return Question(
        {
            "USER_ID_FOR_SRP": user.username,
            "requiredAttributes": _json([f"{PREFIX}{name}" for name in _missing(context, user.attributes)]),
            "userAttributes": _json(dict(user.attributes)),
        }
    )


def answer(context: SignInContext, responses: Mapping[str, str]) -> Proof:
    """Check the password by policy and the attributes by schema; both are stored when the session is spent.

    Raises:
        InvalidPassword, PasswordReused: the session stays good.
        InvalidParameter: an attribute is missing or does not conform.
        InvalidSession: the user got a permanent password meanwhile.
        NotAuthorized: an attribute may not be written, or a contact that is there already would be changed.
    """
    user, password = _user(context), responses["NEW_PASSWORD"]
    if user.status is not UserStatus.FORCE_CHANGE_PASSWORD:
        raise InvalidSession
    given = {key.removeprefix(PREFIX): value for key, value in responses.items() if key.startswith(PREFIX)}
    context.user_pool.password_policy.check(password)
    refuse_compromised(context.services, context.user_pool, context.client.id, password, "PASSWORD_CHANGE")
    _check_attributes(context, user, given)
    changed = replace(
        user,
        status=UserStatus.CONFIRMED,
        credentials=renew_credentials(context.services, context.user_pool, user, password),
        temporary_until=None,
        attributes=_merged(context, user, given),
        updated_at=context.services.clock.now(),
    )
    return Proof(lambda work: _save(work, context, changed))


def _save(work: UnitOfWork, context: SignInContext, changed: User) -> User:
    remember_password(work, context.user_pool, _user(context))
    saved = work.users.save(changed)
    claim_aliases(work, context.user_pool, saved)
    return saved


def _check_attributes(context: SignInContext, user: User, given: Mapping[str, str]) -> None:
    for name, what in GIVEN_ONCE.items():
        if name in given and user.attributes.get(name):
            raise NotAuthorized(f"Cannot modify {what}")
    check_writable(context.client, given)
    context.user_pool.schema.check_update(given)
    for name in _missing(context, {**user.attributes, **given}):
        raise InvalidParameter(f"Invalid attributes given, {name} is missing")


def _merged(context: SignInContext, user: User, given: Mapping[str, str]) -> dict[str, str]:
    merged = {**user.attributes, **context.user_pool.schema.normalized(given)}
    return {name: value for name, value in merged.items() if value}


def _missing(context: SignInContext, attributes: Mapping[str, str]) -> list[str]:
    return [name for name in context.user_pool.required_attributes if not attributes.get(name)]


def _user(context: SignInContext) -> User:
    """Return the user: nobody gets this far without one."""
    assert context.user is not None
    return context.user


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


CHALLENGE = Challenge(names.NEW_PASSWORD_REQUIRED, start, answer, required=("NEW_PASSWORD",))
