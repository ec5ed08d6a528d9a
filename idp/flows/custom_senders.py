"""Pools that send their messages themselves: a function gets the code, encrypted, and nobody waits for it.

CustomMessage does not run for what goes this way.  Source: AWS "Custom sender Lambda triggers"; spec USER_POOLS section 8.3.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import TYPE_CHECKING

from idp.domain.trigger import TriggerCall
from idp.domain.trigger_functions import KMS_KEY
from idp.flows.triggers import find_function, make_event, user_attributes

if TYPE_CHECKING:
    from idp.domain.message import Medium
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.services import Services

SENDERS: Mapping[Medium, str] = {"EMAIL": "CustomEmailSender", "SMS": "CustomSMSSender"}
REQUEST_TYPES: Mapping[Medium, str] = {"EMAIL": "customEmailSenderRequestV1", "SMS": "customSMSSenderRequestV1"}


def has_sender(user_pool: UserPool, medium: Medium) -> bool:
    """Say whether the pool sends messages of a medium itself."""
    return find_function(user_pool, SENDERS[medium])[0] is not None


def hand_to_sender(
    services: Services,
    user_pool: UserPool,
    user: User,
    kind: str,
    medium: Medium,
    *,
    code: str | None,
    client_id: str | None,
    client_metadata: Mapping[str, str] | None,
) -> None:
    """Give a code to the pool's sender.  Its address is among the user's attributes.

    Args:
        kind: CustomMessage's, or `AccountTakeOverNotification`.
        code: a code or a temporary password, which is escaped as in HTML; None when the message brings none.

    Raises:
        TriggerFailed: too many messages wait.
    """
    name = SENDERS[medium]
    function, version = find_function(user_pool, name)
    assert function is not None, "asked before"
    said = html.escape(code) if code is not None and kind == "AdminCreateUser" else code
    event = make_event(
        services,
        user_pool,
        f"{name}_{kind}",
        version=version,
        client_id=client_id,
        username=user.username,
        request={
            "type": REQUEST_TYPES[medium],
            "code": None if said is None else _encrypted(services, user_pool, said),
            "clientMetadata": None if client_metadata is None else dict(client_metadata),
            "userAttributes": user_attributes(user_pool, user),
        },
    )
    services.triggers.enqueue(TriggerCall(name, event["triggerSource"], function, event))


def _encrypted(services: Services, user_pool: UserPool, code: str) -> str:
    return services.sender_codes.encrypt(code, kms_key=user_pool.lambda_config[KMS_KEY], pool_id=user_pool.id)
