"""What users did, or somebody in their names, in pools with threat protection: recorded, listed, and judged by people.

Source: AWS API_AdminListUserAuthEvents, API_UpdateAuthEventFeedback; spec USER_POOLS section 11.7.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import orjson

from idp.domain.errors import NotAuthorized, ResourceNotFound
from idp.domain.log_delivery import ACTIVITY
from idp.domain.risk import PASS, AuthEvent
from idp.domain.threat_protection import mode_of
from idp.flows.log_delivery import deliver_log
from idp.flows.lookups import get_user, get_user_pool
from idp.flows.paging import open_page_token, seal_page_token
from idp.flows.risk_configuration import require_threat_protection
from idp.outbound.sealer import SealBroken

if TYPE_CHECKING:
    from idp.domain.origin import Origin
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.services import Services

PURPOSE = "auth-event-feedback"
FEEDBACK_LIFETIME = timedelta(days=7)
"""How long the links of a notification are good.  Unknown: AWS's span."""


def record_event(services: Services, user_pool: UserPool, event: AuthEvent) -> None:
    """Keep an event, or how it went on, and deliver it where the pool logs what users do.  No transaction may be open."""
    with services.unit_of_work() as work:
        work.auth_events.put(event)
        work.commit()
    deliver_log(services, user_pool, ACTIVITY, _told(user_pool, event))


def record_action(
    services: Services, user_pool: UserPool, user: User, kind: str, *, client_id: str | None, origin: Origin
) -> None:
    """Keep that a user did something other than signing in, if the pool keeps such things.

    Args:
        kind: SignUp, ForgotPassword, PasswordChange or ResendCode.
    """
    if mode_of(user_pool.settings) == "OFF":
        return
    event = AuthEvent(
        id=services.random.uuid(),
        user_id=user.id,
        client_id=client_id,
        kind=kind,
        created_at=services.clock.now(),
        response=PASS,
        source=origin.address,
        device_name=origin.device_name,
    )
    record_event(services, user_pool, event)


def list_auth_events(
    services: Services, user_pool: UserPool, username: str, *, token: str | None, limit: int
) -> tuple[list[AuthEvent], str | None]:
    """Return a page of what happened to a user, newest first, and the token of the next one.

    Raises:
        ThreatProtectionOff, UserNotFound; InvalidParameter: the token is not good.
    """
    require_threat_protection(user_pool)
    with services.reading() as work:
        user = get_user(work, user_pool, username)
    bound_to = ["AdminListUserAuthEvents", user_pool.id, user.sub]
    position = open_page_token(services, token, bound_to=bound_to)
    after = None if position is None else (datetime.fromisoformat(str(position[0])), str(position[1]))
    with services.reading() as work:
        events = work.auth_events.list_newest(user.id, limit=limit + 1, after=after)
    if len(events) <= limit:
        return events, None
    last = events[limit - 1]
    return events[:limit], seal_page_token(services, [last.created_at.isoformat(), last.id], bound_to=bound_to)


def give_feedback(
    services: Services, user_pool: UserPool, username: str, event_id: str, value: str, *, provider: str
) -> None:
    """Note what somebody thinks of an event; later sign-ins are judged by it.

    Args:
        value: Valid or Invalid.
        provider: Admin or User.

    Raises:
        ThreatProtectionOff, UserNotFound; ResourceNotFound: the user has no such event.  Unknown: its sentence.
    """
    require_threat_protection(user_pool)
    feedback = {
        "FeedbackValue": value,
        "Provider": provider,
        "FeedbackDate": services.clock.now().timestamp(),
    }
    with services.unit_of_work() as work:
        user = get_user(work, user_pool, username)
        if not work.auth_events.give_feedback(user.id, event_id, feedback):
            raise ResourceNotFound("Auth event does not exist.")
        work.commit()


def give_feedback_by_token(
    services: Services, user_pool: UserPool, username: str, event_id: str, value: str, *, token: str
) -> None:
    """Note what the user thinks of an event, by the token of the notification about it.

    Raises:
        NotAuthorized: the token is forged, over, or of another event; as `give_feedback`.  Unknown: its sentence.
    """
    require_threat_protection(user_pool)
    with services.reading() as work:
        user = get_user(work, user_pool, username)
    if _opened(services, token) != (user_pool.id, user.sub, event_id):
        raise NotAuthorized("Invalid feedback token")
    give_feedback(services, user_pool, user.username, event_id, value, provider="User")


def give_feedback_by_link(services: Services, token: str, value: str) -> None:
    """Note what the user thinks of an event, by the link of the notification about it; as above."""
    pool_id, sub, event_id = _opened(services, token)
    user_pool = get_user_pool(services, pool_id)
    give_feedback(services, user_pool, sub, event_id, value, provider="User")


def seal_feedback_token(services: Services, user_pool: UserPool, user: User, event_id: str) -> str:
    """Return the token by which a user says what they think of an event."""
    expires_at = (services.clock.now() + FEEDBACK_LIFETIME).timestamp()
    return services.sealer.seal(PURPOSE, orjson.dumps([user_pool.id, user.sub, event_id, expires_at]))


def _opened(services: Services, token: str) -> tuple[str, str, str]:
    try:
        pool_id, sub, event_id, expires_at = orjson.loads(services.sealer.open(PURPOSE, token))
    except SealBroken:
        raise NotAuthorized("Invalid feedback token") from None
    if datetime.fromtimestamp(expires_at, UTC) <= services.clock.now():
        raise NotAuthorized("Invalid feedback token")
    return pool_id, sub, event_id


def _told(user_pool: UserPool, event: AuthEvent) -> dict[str, object]:
    """Unknown: the form of AWS's log line beyond the members that its API has, too."""
    return {
        "userPoolId": user_pool.id,
        "clientId": event.client_id,
        "eventId": event.id,
        "eventType": event.kind,
        "eventResponse": event.response,
        "riskLevel": event.risk.level,
        "riskDecision": event.risk.decision,
        "compromisedCredentialDetected": event.risk.is_compromised,
        "ipAddress": event.source,
        "deviceName": event.device_name,
    }
