"""What comes next in a custom sign-in: the pool's functions decide, between the steps that are not theirs.

A password that came first, by SRP, is followed by a new password or MFA as anywhere else. When tokens may be issued, the
sign-in is judged by threat protection, if it is not yet, and a remembered device that the client named proves itself in a
last round.  Source: spec USER_POOLS sections 1.8 and 11.7.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from idp.domain import challenge as names
from idp.domain.challenge import needs_new_password, require_may_sign_in
from idp.domain.custom_auth import SRP_A, step
from idp.domain.errors import NotAuthorized
from idp.flows.challenges import CHALLENGES, next_challenge
from idp.flows.custom_triggers import define_auth_challenge
from idp.flows.device_sign_in import is_provable, with_device
from idp.flows.risk import with_risk

if TYPE_CHECKING:
    from idp.domain.user import User
    from idp.flows.challenges.challenge import Challenge, SignInContext


def begun(context: SignInContext) -> SignInContext:
    """Return a custom sign-in at its beginning.

    A client that hides users is told the user's state only when tokens could be issued.

    Raises:
        UserDisabled, UserNotConfirmed, PasswordResetRequired, TemporaryPasswordExpired.
    """
    if context.user is not None and not context.client.hides_unknown_users:
        require_may_sign_in(context.user, context.services.clock.now())
    if context.parameters.get("CHALLENGE_NAME") == SRP_A:
        return replace(context, history=(step(SRP_A, is_right=True),))
    return context


def next_custom_step(context: SignInContext) -> tuple[SignInContext, Challenge | None]:
    """Return the challenge that must be passed next, None when the sign-in is complete, and where it stands by then.

    Raises:
        NotAuthorized: the functions let it fail, or would let in nobody; and the errors of the triggers.
        UserDisabled, UserNotConfirmed, PasswordResetRequired, TemporaryPasswordExpired.
        SignInBlocked: threat protection refuses it; a sign-in without a password is judged when tokens may be issued.
    """
    user = context.user
    if names.CUSTOM_CHALLENGE in context.passed:
        assert user is not None, "nobody passes"
        return context, _last_round(context, user)
    if names.PASSWORD_VERIFIER in context.passed:
        assert user is not None, "nobody passes"
        require_may_sign_in(user, context.services.clock.now())
        challenge = next_challenge(context, user)
        if challenge is not None:
            return context, challenge
    decided = define_auth_challenge(context)
    if decided is not None:
        return context, CHALLENGES[decided]
    if user is None:
        raise NotAuthorized
    require_may_sign_in(user, context.services.clock.now())
    context = with_device(replace(context, passed=(*context.passed, names.CUSTOM_CHALLENGE)), None)
    context = with_risk(context, None)  # unless a password came first, which was judged then
    return context, _last_round(context, user)


def _last_round(context: SignInContext, user: User) -> Challenge | None:
    """Return what must still be passed when the functions are content; a second factor only of a sign-in that is a risk.

    Unknown: what AWS asks of a user with a temporary password; ours must choose a password of their own.
    """
    if needs_new_password(user, context.passed):
        return CHALLENGES[names.NEW_PASSWORD_REQUIRED]
    if context.risk is not None and context.risk.demands_mfa:
        return next_challenge(context, user)
    if is_provable(context) and names.DEVICE_PASSWORD_VERIFIER not in context.passed:
        return CHALLENGES[names.DEVICE_SRP_AUTH]
    return None
