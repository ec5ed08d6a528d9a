"""Calling a pool's Lambda triggers: the event they get, and the part of their answer that counts.

Source: AWS "Customizing user pool workflows with Lambda triggers"; spec USER_POOLS sections 8.1 and 8.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from idp.domain.errors import TriggerAnswerInvalid
from idp.domain.trigger import TriggerCall, read_flag

if TYPE_CHECKING:
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.services import Services

NO_CLIENT = "CLIENT_ID_NOT_APPLICABLE"


@dataclass(frozen=True, slots=True)
class SignUpFlags:
    """What a PreSignUp trigger grants: the user needs no confirmation, these attributes no verification."""

    confirms: bool
    verified: tuple[str, ...]


def run_trigger(
    services: Services,
    user_pool: UserPool,
    name: str,
    source: str,
    *,
    client_id: str | None,
    username: str,
    request: Mapping[str, Any],
    response: Mapping[str, Any],
) -> Mapping[str, Any]:
    """Run a trigger, if the pool has it.  No transaction may be open.

    Args:
        name: LambdaConfig's member, e.g. `PreSignUp`.
        source: the event's triggerSource, e.g. `PreSignUp_SignUp`.
        client_id: None for operations that no client makes.
        request: the event's request; None values stay, absent members stay absent.
        response: what the function finds in the event's response, and our answer when there is no function.

    Returns:
        The `response` member of the function's answer: what is in it is unchecked (`domain.trigger.read_flag` ...).

    Raises:
        TriggerRefused, TriggerFailed; TriggerAnswerInvalid when the answer has no `response`.
    """
    arn, version = find_function(user_pool, name)
    if arn is None:
        return response
    event = make_event(
        services, user_pool, source, version=version, client_id=client_id, username=username, request=request
    )
    answer = services.triggers.invoke(TriggerCall(name, source, arn, {**event, "response": response}))
    answered = answer.get("response")
    if not isinstance(answered, Mapping):
        raise TriggerAnswerInvalid
    return answered


def make_event(
    services: Services,
    user_pool: UserPool,
    source: str,
    *,
    version: str,
    client_id: str | None,
    username: str,
    request: Mapping[str, Any],
) -> dict[str, Any]:
    """Return a trigger's event without a response; the arguments are those of `run_trigger`."""
    return {
        "version": version,
        "triggerSource": source,
        "region": user_pool.region,
        "userPoolId": user_pool.id,
        "userName": username,
        "callerContext": {"awsSdkVersion": services.caller_sdk, "clientId": client_id or NO_CLIENT},
        "request": request,
    }


def pre_sign_up(
    services: Services,
    user_pool: UserPool,
    source: str,
    *,
    client_id: str | None,
    username: str,
    attributes: Mapping[str, str],
    validation_data: Mapping[str, str] | None,
    client_metadata: Mapping[str, str] | None,
) -> SignUpFlags:
    """Ask the PreSignUp trigger before a user is stored; its refusal ends the sign-up.

    Args:
        source: `SignUp`, `AdminCreateUser` (which ignores the answer's flags) or `ExternalProvider`.
        attributes: as submitted.
    """
    flags = ("autoConfirmUser", "autoVerifyEmail", "autoVerifyPhone")
    answer = run_trigger(
        services,
        user_pool,
        "PreSignUp",
        f"PreSignUp_{source}",
        client_id=client_id,
        username=username,
        request=with_metadata(
            {
                "userAttributes": dict(attributes),
                "validationData": None if validation_data is None else dict(validation_data),
            },
            client_metadata,
        ),
        response=dict.fromkeys(flags, False),
    )
    confirms, verifies_email, verifies_phone = (read_flag(answer, flag) for flag in flags)
    verified = {"email": verifies_email, "phone_number": verifies_phone}
    return SignUpFlags(confirms, tuple(attribute for attribute, is_verified in verified.items() if is_verified))


def post_confirmation(
    services: Services,
    user_pool: UserPool,
    source: str,
    *,
    client_id: str | None,
    user: User,
    client_metadata: Mapping[str, str] | None,
) -> None:
    """Tell the PostConfirmation trigger.  The user is stored already: its error is told to the caller, no more.

    Args:
        source: `ConfirmSignUp` or `ConfirmForgotPassword`.
    """
    run_trigger(
        services,
        user_pool,
        "PostConfirmation",
        f"PostConfirmation_{source}",
        client_id=client_id,
        username=user.username,
        request=with_metadata({"userAttributes": user_attributes(user_pool, user)}, client_metadata),
        response={},
    )


def find_function(user_pool: UserPool, name: str) -> tuple[str | None, str]:
    """Return the ARN of a trigger's function, None when the pool has none, and its event's version."""
    configured = user_pool.lambda_config.get(name)
    versioned = user_pool.lambda_config.get(f"{name}Config")
    if versioned is not None:
        return versioned["LambdaArn"], versioned.get("LambdaVersion", "V1_0")[1]
    if isinstance(configured, Mapping):
        return configured["LambdaArn"], configured.get("LambdaVersion", "V1_0")[1]
    return configured, "1"


def user_attributes(user_pool: UserPool, user: User) -> dict[str, str]:
    """Return a user's attributes as events show them: all texts, with `sub`, status and verified aliases.

    Source: spec section 8.1, row userAttributes.
    """
    aliases = {
        f"cognito:{attribute}_alias": user.attributes[attribute]
        for attribute in user_pool.alias_attributes
        if user.is_verified(attribute)
    }
    return {"sub": user.sub, **aliases, "cognito:user_status": str(user.status), **user.attributes}


def with_metadata(request: Mapping[str, Any], client_metadata: Mapping[str, str] | None) -> dict[str, Any]:
    """Return an event's request with `clientMetadata`, which is left out when the caller sent none."""
    return dict(request) if client_metadata is None else {**request, "clientMetadata": dict(client_metadata)}
