"""The challenges of a sign-in, one file each, and the table the pipeline finds them in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from idp.domain import challenge as rules
from idp.flows.challenges import new_password_required, one_time_code, password, password_verifier
from idp.flows.challenges.challenge import Challenge, SignInContext

if TYPE_CHECKING:
    from idp.domain.user import User

CHALLENGES: Mapping[str, Challenge] = {
    challenge.name: challenge
    for challenge in (
        password.CHALLENGE,
        password_verifier.CHALLENGE,
        new_password_required.CHALLENGE,
        *one_time_code.CHALLENGES,
    )
}


def next_challenge(context: SignInContext, user: User) -> Challenge | None:
    """Return the challenge that a user must pass next; None when the sign-in is complete."""
    name = rules.next_challenge(user, context.passed)
    return None if name is None else CHALLENGES[name]
