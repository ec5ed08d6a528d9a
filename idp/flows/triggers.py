"""Calling a pool's Lambda triggers: the event they get, and the part of their answer that counts.

Source: AWS "Customizing user pool workflows with Lambda triggers"; spec USER_POOLS sections 8.1 and 8.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from idp.domain.errors import TriggerAnswerInvalid
from idp.domain.trigger import TriggerCall

if TYPE_CHECKING:
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.services import Services

NO_CLIENT = "CLIENT_ID_NOT_APPLICABLE"
SDK_UNKNOWN = "aws-sdk-unknown-unknown"


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
    event = {
        "version": version,
        "triggerSource": source,
        "region": user_pool.region,
        "userPoolId": user_pool.id,
        "userName": username,
        "callerContext": {"awsSdkVersion": SDK_UNKNOWN, "clientId": client_id or NO_CLIENT},
        "request": request,
        "response": response,
    }
    answer = services.triggers.invoke(TriggerCall(name, source, arn, event))
    answered = answer.get("response")
    if not isinstance(answered, Mapping):
        raise TriggerAnswerInvalid
    return answered


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
