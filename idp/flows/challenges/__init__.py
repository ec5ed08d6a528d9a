"""The challenges of a sign-in, one file each, and the table the pipeline finds them in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from idp.domain.challenge import DEVICE_PASSWORD_VERIFIER, needs_new_password
from idp.flows.challenges import (
    custom_challenge,
    device_password_verifier,
    device_srp_auth,
    mfa_setup,
    new_password_required,
    one_time_code,
    password,
    password_verifier,
    select_challenge,
    select_mfa_type,
    software_token_mfa,
    web_authn,
)
from idp.flows.challenges.challenge import Challenge, SignInContext
from idp.flows.device_sign_in import may_replace_mfa
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
        *select_challenge.CHALLENGES,
        web_authn.CHALLENGE,
        software_token_mfa.CHALLENGE,
        select_mfa_type.CHALLENGE,
        mfa_setup.CHALLENGE,
        custom_challenge.CHALLENGE,
        device_srp_auth.CHALLENGE,
        device_password_verifier.CHALLENGE,
    )
}


def next_challenge(context: SignInContext, user: User) -> Challenge | None:
    """Return the challenge that a user must pass next; None when the sign-in is complete.

    A remembered device that the client named is asked to prove itself in place of a second factor, if the pool says so
    and the sign-in is no risk.

    Raises:
        InvalidParameter: MFA is required, and the user can neither give nor set up a second factor.
    """
    if needs_new_password(user, context.passed):
        return new_password_required.CHALLENGE
    if DEVICE_PASSWORD_VERIFIER in context.passed:
        return None
    is_demanded = context.risk is not None and context.risk.demands_mfa
    name = second_factor(context.services, context.user_pool, user, context.passed, is_demanded=is_demanded)
    if name is None:
        return None
    return device_srp_auth.CHALLENGE if may_replace_mfa(context) and not is_demanded else CHALLENGES[name]
