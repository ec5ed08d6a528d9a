"""Telling a user of a risky sign-in by e-mail, with links to say whether it was theirs.

Pools that send their e-mail themselves get an event in its place.  Source: AWS API_NotifyConfigurationType, "Message
templates" (the placeholders), "Custom email sender Lambda trigger"; spec USER_POOLS sections 8.2, 8.3 and 11.7.
"""

from __future__ import annotations

import html
import re
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from idp.domain.errors import TriggerFailed
from idp.domain.message import Message
from idp.domain.risk import BLOCK
from idp.flows.auth_events import seal_feedback_token
from idp.flows.custom_senders import hand_to_sender, has_sender
from idp.flows.messages import send_unawaited

if TYPE_CHECKING:
    from collections.abc import Mapping

    from idp.domain.risk import Risk
    from idp.domain.threat_protection import RiskConfiguration
    from idp.domain.user import User
    from idp.flows.challenges.challenge import SignInContext

KIND = "RiskNotification"
TAKEOVER = "AccountTakeOverNotification"
FEEDBACK_PATH = "/authEventFeedback"
SUBJECTS = {"BlockEmail": "Blocked sign-in attempt", "MfaEmail": "New sign-in attempt", "NoActionEmail": "New sign-in"}
BODY = (
    "A sign-in to your account {username} was attempted at {login-time} from {ip-address} with {device-name}.<br>"
    'If it was you, <a href="{one-click-link-valid}">say so</a>. '
    'If it was not, <a href="{one-click-link-invalid}">let us know</a>.'
)
_PLACEHOLDER = re.compile(r"\{[a-z-]+\}")
UNKNOWN_PLACE = "unknown"


def notify(context: SignInContext, user: User, configuration: RiskConfiguration, risk: Risk) -> None:
    """Tell a user of a risk by e-mail, if they have an address; the sign-in neither waits for it nor fails by it."""
    address = user.attributes.get("email")
    if not address:
        return
    if has_sender(context.user_pool, "EMAIL"):
        _hand_over(context, user, risk)
    else:
        message = _letter(context, user, configuration, risk, address)
        send_unawaited(context.services, context.user_pool, user, message)


def _hand_over(context: SignInContext, user: User, risk: Risk) -> None:
    """Have the pool's own sender tell the user.

    Unknown: the names of what AWS puts into `clientMetadata`; ours are the placeholders of the e-mails, and what was found.
    """
    told = {name.strip("{}"): value for name, value in _values(context, user).items()}
    with suppress(TriggerFailed):
        hand_to_sender(
            context.services,
            context.user_pool,
            user,
            TAKEOVER,
            "EMAIL",
            code=None,
            client_id=context.client.id,
            client_metadata={**told, "risk-level": str(risk.level), "risk-decision": risk.decision},
        )


def _letter(context: SignInContext, user: User, configuration: RiskConfiguration, risk: Risk, address: str) -> Message:
    settings, values = configuration.notification, _values(context, user)
    name = "BlockEmail" if risk.decision == BLOCK else "MfaEmail" if risk.demands_mfa else "NoActionEmail"
    template = settings.get(name, {})
    text = _filled(template.get("TextBody", ""), values)
    shown = {key: html.escape(value) for key, value in values.items()}
    return Message(
        pool_id=context.user_pool.id,
        username=user.username,
        kind=KIND,
        medium="EMAIL",
        recipient=address,
        subject=_filled(template.get("Subject") or SUBJECTS[name], values),
        body=_filled(template.get("HtmlBody", ""), shown) or _as_html(text) or _filled(BODY, shown),
        sent_at=context.services.clock.now(),
        sender=settings.get("From"),
        reply_to=settings.get("ReplyTo"),
        text_body=text or None,
    )


def _values(context: SignInContext, user: User) -> Mapping[str, str]:
    token = seal_feedback_token(context.services, context.user_pool, user, context.event_id)
    return {
        "{username}": user.username,
        "{ip-address}": context.origin.address,
        "{device-name}": context.origin.device_name,
        "{login-time}": context.services.clock.now().strftime("%Y-%m-%d %H:%M UTC"),
        "{city}": UNKNOWN_PLACE,
        "{country}": UNKNOWN_PLACE,
        "{event-id}": context.event_id,
        "{feedback-token}": token,
        "{one-click-link-valid}": _link(context, token, "Valid"),
        "{one-click-link-invalid}": _link(context, token, "Invalid"),
    }


def _link(context: SignInContext, token: str, value: str) -> str:
    return f"{context.services.settings.base_url}{FEEDBACK_PATH}?{urlencode({'token': token, 'value': value})}"


def _as_html(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: values.get(found[0], found[0]), text)
