"""Sending codes and invitations: template, CustomMessage trigger, and out by the pool's sender.

Source: spec USER_POOLS sections 2.5, 2.9 and 8.3 (Custom message).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from idp.domain import message_template
from idp.domain.errors import TriggerAnswerInvalid
from idp.domain.message import Medium, Message
from idp.domain.message_template import CODE, USERNAME, Template
from idp.flows.triggers import run_trigger, user_attributes, with_metadata

if TYPE_CHECKING:
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.services import Services

MEDIUM_OF: Mapping[str, Medium] = {"email": "EMAIL", "phone_number": "SMS"}
ATTRIBUTE_OF: Mapping[str, str] = {medium: attribute for attribute, medium in MEDIUM_OF.items()}


@dataclass(frozen=True, slots=True)
class CodeDelivery:
    """Where a code went, as CodeDeliveryDetails tells it: the destination is masked."""

    destination: str
    medium: Medium
    attribute: str


def delivery_of(address: str, attribute: str) -> CodeDelivery:
    """Return how a delivery to an address is told."""
    medium = MEDIUM_OF[attribute]
    return CodeDelivery(message_template.mask(address, medium), medium, attribute)


def send_code(
    services: Services,
    user_pool: UserPool,
    user: User,
    *,
    kind: str,
    attribute: str,
    code: str,
    address: str | None = None,
    client_id: str | None = None,
    client_metadata: Mapping[str, str] | None = None,
) -> CodeDelivery:
    """Send a code to a user's e-mail address or phone number.  No transaction may be open.

    Args:
        kind: CustomMessage's: `SignUp`, `ResendCode`, `ForgotPassword`, `UpdateUserAttribute`, `VerifyUserAttribute`.
        attribute: `email` or `phone_number`.
        address: where to, when it is not the user's present value (a change that waits for its code).

    Raises:
        CodeDeliveryFailed; TriggerRefused and its like.
    """
    medium = MEDIUM_OF[attribute]
    recipient = address if address is not None else user.attributes[attribute]
    template = message_template.verification(user_pool, medium)
    link = (
        message_template.confirmation_link(user_pool)
        if kind in {"SignUp", "ResendCode"} and medium == "EMAIL"
        else None
    )
    custom = _customized(services, user_pool, user, kind, link or template, medium, client_id, client_metadata)
    filled = custom.filled(code=code, username=user.username, link=_link(services, user, client_id, code))
    _send(services, user_pool, user, kind, medium, recipient, filled, code)
    return delivery_of(recipient, attribute)


def send_invitation(
    services: Services,
    user_pool: UserPool,
    user: User,
    *,
    temporary_password: str,
    mediums: Sequence[Medium],
    client_metadata: Mapping[str, str] | None = None,
) -> None:
    """Send a new user's name and temporary password by each medium they have an address for."""
    for medium in mediums:
        recipient = user.attributes.get(ATTRIBUTE_OF[medium])
        if recipient is None:
            continue
        template = message_template.invitation(user_pool, medium)
        custom = _customized(services, user_pool, user, "AdminCreateUser", template, medium, None, client_metadata)
        filled = custom.filled(code=temporary_password, username=user.username)
        _send(services, user_pool, user, "AdminCreateUser", medium, recipient, filled, temporary_password)


def _customized(
    services: Services,
    user_pool: UserPool,
    user: User,
    kind: str,
    template: Template,
    medium: Medium,
    client_id: str | None,
    client_metadata: Mapping[str, str] | None,
) -> Template:
    """Return the template, or what the CustomMessage trigger says in its place."""
    invites = kind == "AdminCreateUser"
    answer = run_trigger(
        services,
        user_pool,
        "CustomMessage",
        f"CustomMessage_{kind}",
        client_id=client_id,
        username=user.username,
        request=with_metadata(
            {
                "userAttributes": user_attributes(user),
                "codeParameter": CODE,
                "usernameParameter": USERNAME if invites else None,
                "linkParameter": "{##Click Here##}",
            },
            client_metadata,
        ),
        response={"smsMessage": None, "emailMessage": None, "emailSubject": None},
    )
    body = answer.get("smsMessage" if medium == "SMS" else "emailMessage")
    subject = answer.get("emailSubject")
    if not isinstance(body, str | None) or not isinstance(subject, str | None):
        raise TriggerAnswerInvalid
    usable = body is not None and (CODE in body or "{##" in body) and (not invites or USERNAME in body)
    return Template(subject or template.subject, body if usable and body is not None else template.body)


def _link(services: Services, user: User, client_id: str | None, code: str) -> str | None:
    if client_id is None:
        return None
    return f"{services.settings.base_url}/confirmUser?client_id={client_id}&user_name={user.username}&confirmation_code={code}"


def _send(
    services: Services,
    user_pool: UserPool,
    user: User,
    kind: str,
    medium: Medium,
    recipient: str,
    text: Template,
    code: str,
) -> None:
    services.mailer.send(
        Message(
            pool_id=user_pool.id,
            username=user.username,
            kind=kind,
            medium=medium,
            recipient=recipient,
            subject=text.subject,
            body=text.body,
            sent_at=services.clock.now(),
            code=code,
            sender=user_pool.settings.get("EmailConfiguration", {}).get("From"),
        )
    )
