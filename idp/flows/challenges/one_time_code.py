"""SMS_MFA, EMAIL_OTP and SMS_OTP: a code that goes out by message and comes back once.

The code is sent when the challenge is asked. It is good for this sign-in and this address alone: a keyed digest of it is
sealed into the session, and the session works once. As a first factor it is asked of nobody too, where the client hides
who exists.  Source: spec USER_POOLS sections 1.7, 1.9, 2.6 and 2.13.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from idp.domain import challenge as names
from idp.domain.errors import CodeMismatch
from idp.domain.user import User, UserStatus
from idp.flows.challenges.challenge import Challenge, Proof, Question, SignInContext
from idp.flows.codes import count_within
from idp.flows.messages import AUTHENTICATION, CodeDelivery, send_code, simulated_delivery
from idp.flows.naming import claim_aliases, is_taken_address
from idp.flows.sign_in_subjects import lockout_subject

if TYPE_CHECKING:
    from idp.store.unit_of_work import UnitOfWork

ATTEMPTS = "mfa"
WRONG = "Invalid code or auth state for the user."

SENDS_PER_HOUR = 20
"""Of each kind of code to one user.  Source: spec section 13.3, whose limit depends on the risk; this is the highest."""


class WrongOneTimeCode(CodeMismatch):
    """The code is not the one that was sent in this sign-in."""

    sentence = WRONG


def start(context: SignInContext, *, name: str, attribute: str, digits: int) -> Question:
    """Send a code, and say where it went.

    Raises:
        AttemptLimitExceeded; CodeDeliveryFailed; the CustomMessage trigger's refusals.
    """
    services, user = context.services, context.user
    code, nonce = services.random.digits(digits), services.random.uuid()
    subject = lockout_subject(context.user_pool, user, context.username)
    count_within(services, context.user_pool.id, subject, f"ask:{name}", SENDS_PER_HOUR)
    delivery = _send(context, attribute, code)
    address = "" if user is None else user.attributes[attribute]
    told = {"CODE_DELIVERY_DELIVERY_MEDIUM": delivery.medium, "CODE_DELIVERY_DESTINATION": delivery.destination}
    if name == names.SMS_MFA:
        told["USER_ID_FOR_SRP"] = context.username if user is None else user.username
    return Question(told, {"nonce": nonce, "mac": _mac(context, name, nonce, address=address, code=code)})


def answer(context: SignInContext, responses: Mapping[str, str], *, name: str, attribute: str) -> Proof:
    """Compare the code; who has it has the address too, which is verified from then on.

    Raises:
        WrongOneTimeCode: the session stays good.
    """
    user, secrets = context.user, context.secrets
    address = "" if user is None else user.attributes.get(attribute, "")
    mac = _mac(context, name, secrets["nonce"], address=address, code=responses[f"{name}_CODE"])
    if not hmac.compare_digest(secrets["mac"], mac) or user is None or not address:
        raise WrongOneTimeCode
    proven = replace(
        user,
        attributes={**user.attributes, f"{attribute}_verified": "true"},
        status=UserStatus.CONFIRMED if user.status is UserStatus.UNCONFIRMED else user.status,
        updated_at=context.services.clock.now(),
    )
    if user.is_verified(attribute) and user.status is proven.status:
        return Proof()
    return Proof(lambda work: _save(work, context, user, proven, attribute=attribute))


def _save(work: UnitOfWork, context: SignInContext, user: User, proven: User, *, attribute: str) -> User:
    """Store that the address is the user's; an address that another user signs in by stays unverified."""
    if is_taken_address(work, context.user_pool, proven, attribute):
        proven = replace(proven, attributes=user.attributes)
    saved = work.users.save(proven)
    claim_aliases(work, context.user_pool, saved)
    return saved


def _send(context: SignInContext, attribute: str, code: str) -> CodeDelivery:
    if context.user is None:
        return simulated_delivery(context.services, context.user_pool, context.username, [attribute])
    return send_code(
        context.services,
        context.user_pool,
        context.user,
        kind=AUTHENTICATION,
        attribute=attribute,
        code=code,
        client_id=context.client.id,
        client_metadata=context.answer_metadata,
    )


def _mac(context: SignInContext, name: str, nonce: str, *, address: str, code: str) -> str:
    """Return the digest that binds a code to the sign-in, the user and the address it was sent to."""
    subject = "" if context.user is None else context.user.sub
    parts = (context.client.id, context.event_id, nonce, subject, name, address, code)
    return context.services.sealer.mac("one-time-code", "\n".join(parts).encode()).hex()


def _challenge(name: str, attribute: str, *, digits: int) -> Challenge:
    return Challenge(
        name,
        partial(start, name=name, attribute=attribute, digits=digits),
        partial(answer, name=name, attribute=attribute),
        required=(f"{name}_CODE",),
        wrong=(WrongOneTimeCode,),
        attempts=ATTEMPTS,
    )


SMS_MFA = _challenge(names.SMS_MFA, "phone_number", digits=6)
SMS_OTP = _challenge(names.SMS_OTP, "phone_number", digits=6)
EMAIL_OTP = _challenge(names.EMAIL_OTP, "email", digits=8)
CHALLENGES = (SMS_MFA, SMS_OTP, EMAIL_OTP)
