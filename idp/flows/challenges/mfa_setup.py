"""MFA_SETUP: a user who must give a second factor and has none sets one up before any token is issued.

An app is registered by AssociateSoftwareToken and VerifySoftwareToken, whose sealed Session is the proof; an e-mail address
is given here and must then be proved by its code.  Source: spec USER_POOLS sections 1.7, 5.3 and 5.4.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import orjson

from idp.domain import challenge as names
from idp.domain.errors import InvalidSession
from idp.domain.mfa import PoolMfa, factors_to_set_up
from idp.flows.challenges.challenge import Challenge, Proof, Question, SignInContext
from idp.flows.naming import claim_aliases
from idp.flows.second_factors import second_factor

if TYPE_CHECKING:
    from idp.domain.user import User
    from idp.store.unit_of_work import UnitOfWork

SECRET = "secret"  # noqa: S105 - a key of the session
IS_REGISTERED = "is_registered"


def start(context: SignInContext) -> Question:
    """Say what can be set up."""
    user = _user(context)
    offered = list(factors_to_set_up(PoolMfa.parse(context.user_pool), user))
    return Question({"MFAS_CAN_SETUP": orjson.dumps(offered).decode(), "USER_ID_FOR_SRP": user.username})


def answer(context: SignInContext, responses: Mapping[str, str]) -> Proof:
    """Take an app that was registered in this very sign-in, or an address to send a code to.

    Raises:
        InvalidSession: neither; or the user has set up a factor elsewhere meanwhile.
        InvalidParameter: the address does not conform.
    """
    if context.secrets.get(IS_REGISTERED):
        _require_registered(context)
        return Proof()
    address = responses.get("EMAIL") or responses.get("email")
    user, pool = _user(context), PoolMfa.parse(context.user_pool)
    if not address or names.EMAIL_OTP not in factors_to_set_up(pool, user):
        raise InvalidSession
    if second_factor(context.services, context.user_pool, user, context.passed) != names.MFA_SETUP:
        raise InvalidSession
    context.user_pool.schema.check_update({"email": address})
    reachable = replace(user, attributes={**user.attributes, "email": address}, updated_at=context.services.clock.now())
    return Proof(lambda work: _save(work, context, reachable), asks=names.EMAIL_OTP)


def _save(work: UnitOfWork, context: SignInContext, user: User) -> User:
    saved = work.users.save(user)
    claim_aliases(work, context.user_pool, saved)
    return saved


def _require_registered(context: SignInContext) -> None:
    """Check that the app of this sign-in is the user's app still."""
    with context.services.reading() as work:
        token = work.software_tokens.find(_user(context).id)
    if token is None or not hmac.compare_digest(token.secret or "", context.secrets[SECRET]):
        raise InvalidSession


def _user(context: SignInContext) -> User:
    """Return the user: nobody gets this far without one."""
    assert context.user is not None
    return context.user


CHALLENGE = Challenge(names.MFA_SETUP, start, answer, required=())
