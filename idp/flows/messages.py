"""Sending codes and invitations: template, CustomMessage trigger, and out by the pool's sender.

Source: spec USER_POOLS sections 2.5, 2.9 and 8.3 (Custom message).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from idp.domain import message_template
from idp.domain.errors import CodeDeliveryFailed
from idp.domain.log_delivery import NOTIFICATIONS
from idp.domain.message import Medium, Message
from idp.domain.message_template import CODE, USERNAME, Template
from idp.domain.trigger import read_text
from idp.flows.custom_senders import hand_to_sender, has_sender
from idp.flows.log_delivery import deliver_log
from idp.flows.triggers import run_trigger, user_attributes, with_metadata

if TYPE_CHECKING:
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.services import Services

MEDIUM_OF: Mapping[str, Medium] = {"email": "EMAIL", "phone_number": "SMS"}
ATTRIBUTE_OF: Mapping[str, str] = {medium: attribute for attribute, medium in MEDIUM_OF.items()}

# Kinds that may bring a link in place of a code.
CONFIRMATIONS = frozenset({"SignUp", "ResendCode"})

# The kind that brings a code for a sign-in.
AUTHENTICATION = "Authentication"
GUESSABLE = frozenset({"ForgotPassword", "ResendCode", AUTHENTICATION})
"""Kinds that anybody may ask for by a name alone."""

# What a CustomMessage trigger may say: response member and characters at most, by medium.  Source: spec section 8.3.
BODIES: Mapping[Medium, tuple[str, int]] = {"EMAIL": ("emailMessage", 20_000), "SMS": ("smsMessage", 140)}
MAX_SUBJECT = 140


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


def simulated_delivery(services: Services, user_pool: UserPool, name: str, attributes: Sequence[str]) -> CodeDelivery:
    """Return where a code would have gone, had somebody of that name existed: the same each time.

    Args:
        name: as typed.
        attributes: that the pool sends such codes to, in its order; at least one.

    Source: spec section 2.12.
    """
    form = "email" if "@" in name else "phone_number" if name.startswith("+") else ""
    attribute = form if form in attributes else attributes[0]
    medium = MEDIUM_OF[attribute]
    digest = services.sealer.mac("simulated-delivery", f"{user_pool.id}\n{user_pool.fold(name)}".encode())
    return CodeDelivery(message_template.mask_like(name, medium, digest), medium, attribute)


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
        kind: CustomMessage's: `SignUp`, `ResendCode`, `ForgotPassword`, `UpdateUserAttribute`, `VerifyUserAttribute`,
            `Authentication`.
        attribute: `email` or `phone_number`.
        address: where to, when it is not the user's present value (a change that waits for its code).

    Raises:
        CodeDeliveryFailed; TriggerRefused and its like.
    """
    medium = MEDIUM_OF[attribute]
    recipient = address if address is not None else user.attributes[attribute]
    if has_sender(user_pool, medium):
        addressed = replace(user, attributes={**user.attributes, attribute: recipient})
        hand_to_sender(
            services,
            user_pool,
            addressed,
            kind,
            medium,
            code=code,
            client_id=client_id,
            client_metadata=client_metadata,
        )
        return delivery_of(recipient, attribute)
    template = _template(user_pool, kind, medium)
    custom = _customized(services, user_pool, user, kind, template, medium, client_id, client_metadata)
    link = _confirmation_url(services, user, client_id, code) if client_id and kind in CONFIRMATIONS else None
    filled = custom.filled(medium, code=code, username=user.username, link=link)
    is_quiet = kind in GUESSABLE and _hides(services, client_id)
    _send(services, user_pool, user, kind, medium, recipient, filled, code, is_quiet=is_quiet)
    return delivery_of(recipient, attribute)


def send_invitation(
    services: Services,
    user_pool: UserPool,
    user: User,
    *,
    temporary_password: str | None,
    mediums: Sequence[Medium],
    client_metadata: Mapping[str, str] | None = None,
) -> None:
    """Send a new user's name, and temporary password if they got one, by each medium they have an address for."""
    has_code = temporary_password is not None
    for medium in mediums:
        recipient = user.attributes.get(ATTRIBUTE_OF[medium])
        if recipient is None:
            continue
        if has_sender(user_pool, medium):
            hand_to_sender(
                services,
                user_pool,
                user,
                "AdminCreateUser",
                medium,
                code=temporary_password,
                client_id=None,
                client_metadata=client_metadata,
            )
            continue
        template = message_template.invitation(user_pool, medium, has_password=has_code)
        custom = _customized(
            services, user_pool, user, "AdminCreateUser", template, medium, None, client_metadata, has_code=has_code
        )
        filled = custom.filled(medium, code=temporary_password or "", username=user.username)
        _send(services, user_pool, user, "AdminCreateUser", medium, recipient, filled, temporary_password)


def send_unawaited(services: Services, user_pool: UserPool, user: User, message: Message) -> None:
    """Send a message that nobody waits for; that it was not taken is in the pool's log alone."""
    if _goes_far(services, message.medium):
        services.background.submit(lambda: _deliver_quietly(services, user_pool, user, message))
    else:
        _deliver_quietly(services, user_pool, user, message)


def _template(user_pool: UserPool, kind: str, medium: Medium) -> Template:
    if kind == AUTHENTICATION:
        return message_template.authentication(user_pool, medium)
    template = message_template.verification(user_pool, medium)
    if kind in CONFIRMATIONS and medium == "EMAIL":
        return message_template.confirmation_link(user_pool) or template
    return template


def _customized(
    services: Services,
    user_pool: UserPool,
    user: User,
    kind: str,
    template: Template,
    medium: Medium,
    client_id: str | None,
    client_metadata: Mapping[str, str] | None,
    *,
    has_code: bool = True,
) -> Template:
    """Return the template, or what the CustomMessage trigger says in its place.

    Unknown: what AWS does with a text that has no place for the code; the pool's own text is sent. A custom e-mail is
    taken whatever the pool's EmailSendingAccount.
    """
    is_invitation = kind == "AdminCreateUser"
    answer = run_trigger(
        services,
        user_pool,
        "CustomMessage",
        f"CustomMessage_{kind}",
        client_id=client_id,
        username=user.username,
        request=with_metadata(
            {
                "userAttributes": user_attributes(user_pool, user),
                "codeParameter": CODE,
                "usernameParameter": USERNAME if is_invitation else None,
                "linkParameter": "{##Click Here##}",
            },
            client_metadata,
        ),
        response={"smsMessage": None, "emailMessage": None, "emailSubject": None},
    )
    body, max_length = BODIES[medium]
    said = Template(
        read_text(answer, "emailSubject", max_length=MAX_SUBJECT) or template.subject,
        read_text(answer, body, max_length=max_length) or template.body,
    )
    is_usable = said.carries_code(medium) == has_code and (not is_invitation or USERNAME in said.body)
    return said if is_usable else Template(said.subject, template.body)


def _confirmation_url(services: Services, user: User, client_id: str, code: str) -> str:
    query = urlencode({"client_id": client_id, "user_name": user.username, "confirmation_code": code})
    return f"{services.settings.base_url}/confirmUser?{query}"


def _send(
    services: Services,
    user_pool: UserPool,
    user: User,
    kind: str,
    medium: Medium,
    recipient: str,
    text: Template,
    code: str | None,
    *,
    is_quiet: bool = False,
) -> None:
    """Send a message.

    Args:
        is_quiet: nobody waits for another server, whose time or refusal would tell that the user exists.
    """
    email = user_pool.settings.get("EmailConfiguration", {})
    message = Message(
        pool_id=user_pool.id,
        username=user.username,
        kind=kind,
        medium=medium,
        recipient=recipient,
        subject=text.subject,
        body=text.body,
        sent_at=services.clock.now(),
        code=code,
        sender=email.get("From"),
        reply_to=email.get("ReplyToEmailAddress"),
    )
    if is_quiet:
        send_unawaited(services, user_pool, user, message)
    else:
        _deliver(services, user_pool, user, message)


def _goes_far(services: Services, medium: Medium) -> bool:
    """Say whether another server takes the messages of a medium, in its own time."""
    settings = services.settings
    return (settings.smtp_url if medium == "EMAIL" else settings.sms_webhook_url) is not None


def _hides(services: Services, client_id: str | None) -> bool:
    client = None if client_id is None else services.catalog.clients.find(client_id)
    return client is not None and client.hides_unknown_users


def _deliver(services: Services, user_pool: UserPool, user: User, message: Message) -> None:
    try:
        services.mailer.send(message)
    except CodeDeliveryFailed as error:
        details = f"{message.kind} message to user {user.sub} by {message.medium}: {error.message}"
        deliver_log(services, user_pool, NOTIFICATIONS, {"details": details})
        raise


def _deliver_quietly(services: Services, user_pool: UserPool, user: User, message: Message) -> None:
    with suppress(CodeDeliveryFailed):  # the pool's log has it
        _deliver(services, user_pool, user, message)
