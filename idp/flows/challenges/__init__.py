"""The challenges of a sign-in, one file each, and the table the pipeline finds them in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from idp.domain.challenge import needs_new_password
from idp.flows.challenges import (
    mfa_setup,
    new_password_required,
    one_time_code,
    password,
    password_verifier,
    select_mfa_type,
    software_token_mfa,
)
from idp.flows.challenges.challenge import Challenge, SignInContext
from idp.flows.second_factors import second_factor

if TYPE_CHECKING:
    from idp.domain.user import User

CHALLENGES: Mapping[str, Challenge] = {
    challenge.name: challenge
    for challenge in (
        password.CHALLENGE,
        password_verifier.CHALLENGE,
        new_password_required.CHALLENGE,
        *one_time_code.CHALLENGES,
        software_token_mfa.CHALLENGE,
        select_mfa_type.CHALLENGE,
        mfa_setup.CHALLENGE,
    )
}


def next_challenge(context: SignInContext, user: User) -> Challenge | None:
    """Return the challenge that a user must pass next; None when the sign-in is complete.

    Raises:
        InvalidParameter: MFA is required, and the user can neither give nor set up a second factor.
    """
    if needs_new_password(user, context.passed):
        return new_password_required.CHALLENGE
    name = second_factor(context.services, context.user_pool, user, context.passed)
    return None if name is None else CHALLENGES[name]
