"""Judging answers to challenges: a wrong one counts, and nothing is told of one that a lock overtook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from idp.domain.errors import DomainError, PasswordAttemptsExceeded
from idp.flows.lockout import count_failure, require_still_unlocked
from idp.flows.risk import record_outcome
from idp.flows.sign_in_subjects import lockout_subject

if TYPE_CHECKING:
    from idp.flows.challenges.challenge import Challenge, Proof, SignInContext


def judge(context: SignInContext, challenge: Challenge, responses: Mapping[str, str]) -> Proof:
    """Return what an answer proves; a wrong one counts and is written down.

    Raises:
        PasswordAttemptsExceeded: others failed meanwhile, too often; as the challenge.
    """
    try:
        return _counted(context, challenge, responses)
    except DomainError as refusal:
        if isinstance(refusal, (PasswordAttemptsExceeded, *challenge.wrong)):
            record_outcome(context, refusal)
        raise


def _counted(context: SignInContext, challenge: Challenge, responses: Mapping[str, str]) -> Proof:
    subject = lockout_subject(context.user_pool, context.user, context.username)
    try:
        proof = challenge.answer(context, responses)
    except challenge.wrong:
        assert challenge.attempts is not None
        count_failure(context.services, context.user_pool.id, subject, challenge.attempts)
        raise
    if challenge.attempts is not None:
        require_still_unlocked(context.services, context.user_pool.id, subject, challenge.attempts)
    return proof
