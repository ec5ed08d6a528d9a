"""Who hears of a risky sign-in, and that nobody who signs in waits for it."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, Any

import pytest

from idp.app import mount_faces
from idp.domain.errors import TriggerFailed
from idp.domain.trigger_invocation import masked
from tests.aws.cognito_idp.people import Pool, a_pool
from tests.aws.cognito_idp.risky import (
    AWAY,
    BLOCKED,
    SAFARI,
    configure,
    newest,
    protected,
    reacting,
    sign_in,
    with_ann,
)
from tests.aws.cognito_idp.trigger_stories import GOLDEN, SENDERS
from tests.mailers import WAIT_S, KeepingMailer, RefusingMailer, SlowMailer
from tests.sdk import client_of, refused

if TYPE_CHECKING:
    from idp.services import Services
    from tests.conftest import Outbox
    from tests.fakes import FakeClock, ScriptedTriggers

TAKEOVER = "CustomEmailSender_AccountTakeOverNotification"


def a_notifying_pool(idp: Any, action: str = "NO_ACTION", **settings: Any) -> Pool:
    """Make a pool that tells Ann of every risk; she signed in at home."""
    pool = with_ann(a_pool(idp, settings=protected(**settings)))
    configure(pool, **reacting(action, notify=True))
    sign_in(pool)
    return pool


def a_pool_with_mailer(services: Services, mailer: Any) -> Pool:
    far = replace(services.settings, smtp_url="smtp://mail.invalid")
    return a_notifying_pool(client_of(mount_faces(replace(services, settings=far, mailer=mailer)), "cognito-idp"))


def told(triggers: ScriptedTriggers) -> list[dict[str, Any]]:
    return [dict(call.event) for call in triggers.calls if call.source == TAKEOVER]


def named(event: dict[str, Any], names: dict[str, str]) -> Any:
    """Return an event with names in place of what differs from run to run."""
    text = reduce(lambda text, value: text.replace(value, names[value]), names, json.dumps(event))
    return json.loads(text)


def test_a_sign_in_is_answered_before_the_mail_server_has_taken_the_notice(services: Services) -> None:
    mailer = SlowMailer()
    pool = a_pool_with_mailer(services, mailer)

    assert sign_in(pool, AWAY, SAFARI)["AuthenticationResult"]
    assert not mailer.has_taken.is_set()
    mailer.may_go_on.set()
    assert mailer.has_taken.wait(WAIT_S)


def test_a_notice_that_is_not_taken_keeps_nobody_out(services: Services) -> None:
    pool = a_pool_with_mailer(services, RefusingMailer())

    assert sign_in(pool, AWAY, SAFARI)["AuthenticationResult"]


def test_a_pool_that_sends_its_own_mail_gets_an_event_in_place_of_a_letter(
    idp: Any, outbox: Outbox, triggers: ScriptedTriggers, clock: FakeClock
) -> None:
    pool = a_notifying_pool(idp, LambdaConfig=SENDERS)
    clock.advance(1)
    sign_in(pool, AWAY, SAFARI)
    event = told(triggers)[0]
    names = {
        pool.pool_id: "POOL",
        pool.client_id: "CLIENT",
        event["request"]["userAttributes"]["sub"]: "SUB",
        newest(pool)["EventId"]: "EVENT",
    }

    assert named(masked(event), names) == json.loads((GOLDEN / f"{TAKEOVER}.json").read_text())
    assert outbox.messages_to("ann@example.com") == []


def test_the_sender_hears_that_a_sign_in_was_blocked(idp: Any, triggers: ScriptedTriggers) -> None:
    pool = a_notifying_pool(idp, "BLOCK", LambdaConfig=SENDERS)
    with refused("NotAuthorizedException", BLOCKED):
        sign_in(pool, AWAY, SAFARI)

    assert [each["request"]["clientMetadata"]["risk-decision"] for each in told(triggers)] == ["Block"]


def test_the_senders_feedback_token_is_good(idp: Any, triggers: ScriptedTriggers, clock: FakeClock) -> None:
    pool = a_notifying_pool(idp, LambdaConfig=SENDERS)
    clock.advance(1)
    sign_in(pool, AWAY, SAFARI)
    metadata = told(triggers)[0]["request"]["clientMetadata"]
    pool.idp.update_auth_event_feedback(
        UserPoolId=pool.pool_id,
        Username="ann",
        EventId=metadata["event-id"],
        FeedbackToken=metadata["feedback-token"],
        FeedbackValue="Valid",
    )

    assert newest(pool)["EventFeedback"]["Provider"] == "User"


def test_a_sender_that_has_no_room_left_keeps_nobody_out(
    idp: Any, triggers: ScriptedTriggers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_call: object) -> None:
        raise TriggerFailed("CustomEmailSender invocation failed due to error TooManyRequestsException.")

    pool = a_notifying_pool(idp, LambdaConfig=SENDERS)
    monkeypatch.setattr(triggers, "enqueue", full)

    assert sign_in(pool, AWAY, SAFARI)["AuthenticationResult"]


@pytest.mark.parametrize(
    ("template", "text", "body"),
    [
        ({"TextBody": "Hi {username} <&>", "HtmlBody": "<b>{username}</b>"}, "Hi ann <&>", "<b>ann</b>"),
        ({"TextBody": "Hi {username} <&>\nBye"}, "Hi ann <&>\nBye", "Hi ann &lt;&amp;&gt;<br>Bye"),
        ({"HtmlBody": "<b>{username}</b>"}, None, "<b>ann</b>"),
    ],
)
def test_a_letter_has_the_operators_text_beside_the_html(
    services: Services, template: dict[str, str], text: str | None, body: str
) -> None:
    mailer = KeepingMailer()
    pool = a_notifying_pool(client_of(mount_faces(replace(services, mailer=mailer)), "cognito-idp"))
    letter = {"Subject": "Was it you?", **template}
    configure(pool, **reacting("NO_ACTION", notify=True, NoActionEmail=letter))
    sign_in(pool, AWAY, SAFARI)

    assert (mailer.messages[-1].text_body, mailer.messages[-1].body) == (text, body)


def test_a_letter_has_event_and_token_for_links_of_the_operators_own(
    idp: Any, outbox: Outbox, clock: FakeClock
) -> None:
    pool = a_notifying_pool(idp)
    clock.advance(1)
    template = {"Subject": "Was it you?", "TextBody": "{event-id} {feedback-token}"}
    configure(pool, **reacting("NO_ACTION", notify=True, NoActionEmail=template))
    sign_in(pool, AWAY, SAFARI)
    event_id, token = outbox.messages_to("ann@example.com")[0].body.split()
    pool.idp.update_auth_event_feedback(
        UserPoolId=pool.pool_id, Username="ann", EventId=event_id, FeedbackToken=token, FeedbackValue="Valid"
    )

    assert newest(pool)["EventId"] == event_id
    assert newest(pool)["EventFeedback"]["FeedbackValue"] == "Valid"
