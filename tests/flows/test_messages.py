"""What people are sent: the pool's words, or those of its CustomMessage trigger."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from idp.domain.errors import TriggerAnswerInvalid
from idp.domain.message import Message
from idp.domain.user import User, UserStatus
from idp.domain.user_pool import UserPool
from idp.flows.messages import CodeDelivery, send_code, send_invitation, simulated_delivery
from tests.fakes import START

if TYPE_CHECKING:
    from idp.services import Services
    from tests.conftest import Outbox
    from tests.fakes import ScriptedTriggers

ARN = "arn:aws:lambda:us-east-1:000000000000:function:words"
ANN = User(
    pool_id="us-east-1_abcdefghi",
    username="ann",
    sub="11111111-2222-4333-8444-555555555555",
    status=UserStatus.UNCONFIRMED,
    attributes={"email": "ann@example.com", "phone_number": "+15555550134"},
    created_at=START,
    updated_at=START,
)


def a_pool(**settings: Any) -> UserPool:
    return UserPool("us-east-1_abcdefghi", "000000000000", "us-east-1", "people", settings, START, START)


def code_message(services: Services, outbox: Outbox, user_pool: UserPool, **options: Any) -> Message:
    """Send Ann a code and return what she got."""
    given = {"kind": "SignUp", "attribute": "email", "code": "123456", "client_id": "app", **options}
    send_code(services, user_pool, ANN, **given)
    return outbox.messages_to("ann")[0]


@pytest.mark.parametrize(
    ("configured", "subject", "body"),
    [
        ({}, "Your verification code", "Your verification code is 123456. "),
        (
            {"EmailVerificationSubject": "Hi", "EmailVerificationMessage": "Type {####}"},
            "Hi",
            "Type 123456",
        ),
        (
            {
                "EmailVerificationMessage": "Type {####}",
                "VerificationMessageTemplate": {"EmailSubject": "Hello", "EmailMessage": "<b>{####}</b>"},
            },
            "Hello",
            "<b>123456</b>",
        ),
    ],
    ids=["default", "older settings", "template"],
)
def test_an_email_says_what_the_pool_says(
    services: Services, outbox: Outbox, configured: dict[str, Any], subject: str, body: str
) -> None:
    message = code_message(services, outbox, a_pool(**configured))

    assert (message.subject, message.body, message.code) == (subject, body, "123456")


@pytest.mark.parametrize(
    ("configured", "body"),
    [
        ({}, "Your verification code is 123456. "),
        ({"SmsVerificationMessage": "Code {####}"}, "Code 123456"),
        ({"VerificationMessageTemplate": {"SmsMessage": "C {####}"}}, "C 123456"),
    ],
    ids=["default", "older setting", "template"],
)
def test_an_sms_says_what_the_pool_says(
    services: Services, outbox: Outbox, configured: dict[str, Any], body: str
) -> None:
    message = code_message(services, outbox, a_pool(**configured), attribute="phone_number")

    assert (message.medium, message.recipient, message.body) == ("SMS", "+15555550134", body)


class Kept:
    """A mailer that keeps what it is given."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def send(self, message: Message) -> None:
        self.messages.append(message)


def test_a_pools_own_sender_is_named(services: Services) -> None:
    mailer = Kept()
    pool = a_pool(EmailConfiguration={"From": "shop@example.com", "ReplyToEmailAddress": "help@example.com"})

    send_code(replace(services, mailer=mailer), pool, ANN, kind="SignUp", attribute="email", code="123456")

    assert (mailer.messages[0].sender, mailer.messages[0].reply_to) == ("shop@example.com", "help@example.com")


LINKED = a_pool(
    VerificationMessageTemplate={
        "DefaultEmailOption": "CONFIRM_WITH_LINK",
        "EmailMessageByLink": "Please {##click here##}.",
        "EmailSubjectByLink": "Your link",
    }
)
LINK = "/confirmUser?client_id=app&amp;user_name=ann&amp;confirmation_code=123456"


@pytest.mark.parametrize("kind", ["SignUp", "ResendCode"])
def test_a_pool_may_send_a_link(services: Services, outbox: Outbox, kind: str) -> None:
    message = code_message(services, outbox, LINKED, kind=kind)

    assert message.subject == "Your link"
    assert message.body == f'Please <a href="{services.settings.base_url}{LINK}">click here</a>.'


@pytest.mark.parametrize("options", [{"kind": "ForgotPassword"}, {"attribute": "phone_number"}], ids=["reset", "sms"])
def test_what_no_link_can_do_brings_a_code(services: Services, outbox: Outbox, options: dict[str, Any]) -> None:
    message = code_message(services, outbox, LINKED, **options)

    assert message.body == "Your verification code is 123456. "


def test_a_code_goes_to_another_address_when_one_is_given(services: Services, outbox: Outbox) -> None:
    message = code_message(services, outbox, a_pool(), kind="UpdateUserAttribute", address="new@example.com")

    assert message.recipient == "new@example.com"


def test_a_new_user_is_sent_name_and_temporary_password(services: Services, outbox: Outbox) -> None:
    send_invitation(services, a_pool(), ANN, temporary_password="a<b&c>1D", mediums=["EMAIL", "SMS"])

    sms, email = outbox.messages_to("ann")
    assert sms.body == "Your username is ann and temporary password is a<b&c>1D. "
    assert email.body == "Your username is ann and temporary password is a&lt;b&amp;c&gt;1D. "
    assert (email.subject, email.kind, email.code) == ("Your temporary password", "AdminCreateUser", "a<b&c>1D")


def test_a_new_user_is_sent_nothing_to_an_address_they_lack(services: Services, outbox: Outbox) -> None:
    stranger = User("us-east-1_abcdefghi", "bob", "sub", UserStatus.FORCE_CHANGE_PASSWORD, START, START)

    send_invitation(services, a_pool(), stranger, temporary_password="secret", mediums=["EMAIL", "SMS"])

    assert outbox.messages_to("bob") == []


TRIGGERED = a_pool(LambdaConfig={"CustomMessage": ARN})


def says(**response: object) -> Any:
    return lambda event: {**event, "response": {**event["response"], **response}}


def test_the_trigger_is_asked_for_words(services: Services, outbox: Outbox, triggers: ScriptedTriggers) -> None:
    code_message(services, outbox, TRIGGERED, client_metadata={"lang": "de"})

    event = triggers.calls[0].event
    assert event["triggerSource"] == "CustomMessage_SignUp"
    assert event["callerContext"]["clientId"] == "app"
    assert event["request"] == {
        "userAttributes": {"sub": ANN.sub, "cognito:user_status": "UNCONFIRMED", **ANN.attributes},
        "codeParameter": "{####}",
        "usernameParameter": None,
        "linkParameter": "{##Click Here##}",
        "clientMetadata": {"lang": "de"},
    }
    assert event["response"] == {"smsMessage": None, "emailMessage": None, "emailSubject": None}


def test_the_triggers_words_are_sent(services: Services, outbox: Outbox, triggers: ScriptedTriggers) -> None:
    triggers.on("CustomMessage", says(emailSubject="Hallo", emailMessage="Tippe {####}", smsMessage="nein {####}"))

    message = code_message(services, outbox, TRIGGERED)

    assert (message.subject, message.body) == ("Hallo", "Tippe 123456")


def test_a_trigger_may_word_the_link(services: Services, outbox: Outbox, triggers: ScriptedTriggers) -> None:
    triggers.on("CustomMessage", says(emailMessage="Los: {##Click Here##}"))

    message = code_message(services, outbox, TRIGGERED)

    assert message.body == f'Los: <a href="{services.settings.base_url}{LINK}">Click Here</a>'


@pytest.mark.parametrize("kind", ["SignUp", "ForgotPassword"])
def test_words_without_a_place_for_the_code_are_not_sent(
    services: Services, outbox: Outbox, triggers: ScriptedTriggers, kind: str
) -> None:
    triggers.on("CustomMessage", says(emailSubject="Hallo", emailMessage="Willkommen!"))

    message = code_message(services, outbox, TRIGGERED, kind=kind)

    assert (message.subject, message.body) == ("Hallo", "Your verification code is 123456. ")


def test_an_invitation_without_a_place_for_the_name_is_not_sent(
    services: Services, outbox: Outbox, triggers: ScriptedTriggers
) -> None:
    triggers.on("CustomMessage", says(smsMessage="Passwort: {####}"))

    send_invitation(services, TRIGGERED, ANN, temporary_password="secret", mediums=["SMS"])

    assert outbox.messages_to("ann")[0].body == "Your username is ann and temporary password is secret. "
    assert triggers.calls[0].event["request"]["usernameParameter"] == "{username}"


@pytest.mark.parametrize(
    "answer",
    [
        {"emailMessage": 1},
        {"emailMessage": "{####}" + "x" * 20_000},
        {"emailSubject": ["Hallo"]},
        {"emailSubject": "x" * 141},
    ],
    ids=["number", "long body", "list", "long subject"],
)
def test_words_that_are_no_message_are_refused(
    services: Services, outbox: Outbox, triggers: ScriptedTriggers, answer: dict[str, object]
) -> None:
    triggers.on("CustomMessage", says(**answer))

    with pytest.raises(TriggerAnswerInvalid):
        code_message(services, outbox, TRIGGERED)
    assert outbox.messages_to("ann") == []


def test_nobody_would_have_been_written_to_at_the_same_address_each_time(services: Services) -> None:
    first, second = (simulated_delivery(services, a_pool(), "nobody", ("email",)) for _ in range(2))

    assert first == second
    assert (first.medium, first.attribute, first.destination[:6]) == ("EMAIL", "email", "n***@" + first.destination[5])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("eve@shop.example", CodeDelivery("e***@s***", "EMAIL", "email")),
        ("+15555550199", CodeDelivery("+*******0199", "SMS", "phone_number")),
    ],
)
def test_nobody_who_is_named_by_an_address_would_have_been_written_to_there(
    services: Services, name: str, expected: CodeDelivery
) -> None:
    assert simulated_delivery(services, a_pool(), name, ("phone_number", "email")) == expected
