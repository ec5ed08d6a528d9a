"""The triggers around a sign-in: PreAuthentication before the first factor, PostAuthentication after the last.

Source: spec USER_POOLS sections 1.13 (which client metadata they see), 8.2 and 8.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from idp.flows.device_sign_in import is_tracked
from idp.flows.triggers import run_trigger, user_attributes, with_metadata

if TYPE_CHECKING:
    from idp.domain.user import User
    from idp.flows.challenges.challenge import SignInContext


def pre_authentication(context: SignInContext) -> None:
    """Let the pool's function refuse before the password is looked at; also for nobody, when the client hides that.

    Raises:
        TriggerRefused, TriggerFailed, TriggerAnswerInvalid.
    """
    user, metadata = context.user, context.client_metadata
    request: dict[str, Any] = {
        "userAttributes": {} if user is None else user_attributes(context.user_pool, user),
        "validationData": None if metadata is None else dict(metadata),
    }
    if context.client.hides_unknown_users:
        request["userNotFound"] = user is None
    username = context.username if user is None else user.username
    _run(context, "PreAuthentication", username, request)


def post_authentication(context: SignInContext, user: User) -> None:
    """Tell the pool's function of a sign-in that is complete, before tokens are issued; it may still refuse.

    Raises:
        TriggerRefused, TriggerFailed, TriggerAnswerInvalid.
    """
    request = {
        "userAttributes": user_attributes(context.user_pool, user),
        "newDeviceUsed": is_tracked(context) and context.device is None,
    }
    _run(context, "PostAuthentication", user.username, with_metadata(request, context.answer_metadata))


def _run(context: SignInContext, name: str, username: str, request: Mapping[str, Any]) -> None:
    run_trigger(
        context.services,
        context.user_pool,
        name,
        f"{name}_Authentication",
        client_id=context.client.id,
        username=username,
        request=request,
        response={},
    )
