"""Threat protection through the API: configuration, compromised passwords, risky sign-ins, events and feedback."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.aws.cognito_idp.people import Pool, a_client_of, a_pool
from tests.aws.cognito_idp.pools import named_values
from tests.aws.cognito_idp.risky import (
    AWAY,
    BLOCKED,
    FIREFOX,
    GOOD,
    HOME,
    SAFARI,
    configure,
    events,
    newest,
    protected,
    reacting,
    sign_in,
    with_ann,
)
from tests.sdk import refused

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.conftest import Outbox
    from tests.fakes import FakeClock

BAD = "Passw0rd!"
UNUSABLE = "Provided password cannot be used for security reasons."
OFF = "Threat protection is not enabled for the user pool."
SMS = {"SnsCallerArn": "arn:aws:iam::000000000000:role/sms"}
COMPROMISED = {"CompromisedCredentialsRiskConfiguration": {"Actions": {"EventAction": "BLOCK"}}}


@pytest.fixture
def pool(idp: Any, clock: FakeClock) -> Pool:
    """A pool that enforces threat protection, and Ann, whose password nobody knows, and who signed up a second ago."""
    pool = with_ann(a_pool(idp, settings=protected()))
    clock.advance(1)
    return pool


def configured(pool: Pool, **client: str) -> Any:
    return pool.idp.describe_risk_configuration(UserPoolId=pool.pool_id, **client)["RiskConfiguration"]


# Configuration


def test_a_configuration_is_kept_and_told(pool: Pool, clock: FakeClock) -> None:
    document: dict[str, Any] = {
        **COMPROMISED,
        **reacting("MFA_IF_CONFIGURED", notify=True),
        "RiskExceptionConfiguration": {
            "BlockedIPRangeList": ["203.0.113.0/24"],
            "SkippedIPRangeList": ["2001:db8::/32"],
        },
    }
    told = {**document, "UserPoolId": pool.pool_id, "LastModifiedDate": clock.now()}

    assert configure(pool, **document) == told
    assert configured(pool) == told


def test_a_client_has_what_its_pool_has_until_it_has_its_own(pool: Pool) -> None:
    configure(pool, **COMPROMISED)
    client = {"ClientId": pool.client_id}
    assert configured(pool, **client) == configured(pool)

    configure(pool, **client, **reacting("BLOCK"))
    assert configured(pool, **client)["ClientId"] == pool.client_id
    assert "CompromisedCredentialsRiskConfiguration" not in configured(pool, **client)

    configure(pool, **client)
    assert configured(pool, **client) == configured(pool)


def test_naming_only_the_pool_resets_it(pool: Pool) -> None:
    configure(pool, **COMPROMISED)
    configure(pool)

    assert configured(pool) == {"UserPoolId": pool.pool_id}


@pytest.mark.parametrize("text", ["203.0.113.0/33", "somewhere", "203.0.113.1/24"])
def test_a_range_that_is_none_is_refused(pool: Pool, text: str) -> None:
    with refused("InvalidParameterException"):
        configure(pool, RiskExceptionConfiguration={"BlockedIPRangeList": [text]})


def test_who_is_to_notify_says_how(pool: Pool) -> None:
    takeover = {"Actions": {"LowAction": {"Notify": True, "EventAction": "NO_ACTION"}}}
    with refused("InvalidParameterException", "NotifyConfiguration is required when users are to be notified."):
        configure(pool, AccountTakeoverRiskConfiguration=takeover)


def test_a_pool_without_threat_protection_has_none_of_it(idp: Any) -> None:
    pool = with_ann(a_pool(idp))
    with refused("UserPoolAddOnNotEnabledException", OFF):
        configured(pool)
    with refused("UserPoolAddOnNotEnabledException", OFF):
        configure(pool, **COMPROMISED)
    with refused("UserPoolAddOnNotEnabledException", OFF):
        events(pool)
    with refused("UserPoolAddOnNotEnabledException", OFF):
        judge(pool, "an-event")


def test_another_pools_client_and_another_accounts_pool_are_not_there(pool: Pool, idp: Any, aws: Any) -> None:
    with refused("ResourceNotFoundException"):
        configured(pool, ClientId=a_pool(idp).client_id)
    with refused("ResourceNotFoundException"):
        configured(replace(pool, idp=aws("cognito-idp", key="222222222222")))


# Compromised passwords


def test_a_known_password_is_refused_at_sign_up(pool: Pool) -> None:
    configure(pool, **COMPROMISED)
    with refused("InvalidPasswordException", UNUSABLE):
        pool.sign_up("bob")


def test_a_known_password_does_not_sign_in(idp: Any, clock: FakeClock) -> None:
    pool = with_ann(a_pool(idp, settings=protected()), BAD)
    clock.advance(1)
    configure(pool, **COMPROMISED)
    with refused("NotAuthorizedException", BLOCKED):
        sign_in(pool, password=BAD)

    assert newest(pool)["EventRisk"] == {"RiskDecision": "Block", "CompromisedCredentialsDetected": True}


def test_a_known_password_that_is_wrong_tells_nothing(pool: Pool) -> None:
    configure(pool, **COMPROMISED)
    with refused("NotAuthorizedException", "Incorrect username or password."):
        sign_in(pool, password=BAD)


def test_a_known_password_is_no_new_one(pool: Pool, outbox: Outbox) -> None:
    configure(pool, **COMPROMISED)
    tokens = sign_in(pool)["AuthenticationResult"]
    with refused("InvalidPasswordException", UNUSABLE):
        pool.idp.change_password(AccessToken=tokens["AccessToken"], PreviousPassword=GOOD, ProposedPassword=BAD)
    with refused("InvalidPasswordException", UNUSABLE):
        pool.idp.confirm_forgot_password(
            ClientId=pool.client_id, Username="ann", ConfirmationCode="123456", Password=BAD
        )
    pool.idp.admin_set_user_password(UserPoolId=pool.pool_id, Username="ann", Password="T3mporary-words!")
    asked = sign_in(pool, password="T3mporary-words!")
    with refused("InvalidPasswordException", UNUSABLE):
        pool.idp.admin_respond_to_auth_challenge(
            UserPoolId=pool.pool_id,
            ClientId=pool.client_id,
            ChallengeName="NEW_PASSWORD_REQUIRED",
            Session=asked["Session"],
            ChallengeResponses={"USERNAME": "ann", "NEW_PASSWORD": BAD},
        )


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"CompromisedCredentialsRiskConfiguration": {"Actions": {"EventAction": "NO_ACTION"}}},
        {"CompromisedCredentialsRiskConfiguration": {"EventFilter": ["SIGN_IN"], "Actions": {"EventAction": "BLOCK"}}},
    ],
    ids=["nothing", "no action", "elsewhere"],
)
def test_a_known_password_is_taken_where_nobody_minds(pool: Pool, document: dict[str, Any]) -> None:
    configure(pool, **document)

    assert pool.sign_up("bob")


def test_auditing_finds_and_takes_a_known_password(idp: Any, clock: FakeClock) -> None:
    pool = a_pool(idp, settings=protected("AUDIT"))
    configure(pool, **COMPROMISED)
    with_ann(pool, BAD)
    clock.advance(1)

    assert sign_in(pool, password=BAD)["AuthenticationResult"]
    assert newest(pool)["EventRisk"] == {"RiskDecision": "NoRisk", "CompromisedCredentialsDetected": True}


# Addresses


def test_a_blocked_address_never_signs_in_and_its_neighbour_does(pool: Pool) -> None:
    configure(pool, RiskExceptionConfiguration={"BlockedIPRangeList": [f"{AWAY}/32"]})
    with refused("NotAuthorizedException", BLOCKED):
        sign_in(pool, AWAY)
    with refused("NotAuthorizedException", BLOCKED):
        sign_in(pool, f"::ffff:{AWAY}")

    assert newest(pool)["EventRisk"]["RiskDecision"] == "Block"
    assert sign_in(pool)["AuthenticationResult"]


def test_a_blocked_address_answers_no_challenge(pool: Pool) -> None:
    pool.give_temporary_password()
    asked = pool.sign_in(password="Temp0rary!")
    configure(pool, RiskExceptionConfiguration={"BlockedIPRangeList": ["127.0.0.0/8"]})
    with refused("NotAuthorizedException", BLOCKED):
        pool.answer(asked, NEW_PASSWORD="An0ther-word!")


def test_a_skipped_address_is_not_judged(pool: Pool, clock: FakeClock) -> None:
    configure(pool, **reacting("BLOCK"), RiskExceptionConfiguration={"SkippedIPRangeList": ["198.51.100.0/24"]})
    sign_in(pool)
    clock.advance(1)

    assert sign_in(pool, AWAY, SAFARI)["AuthenticationResult"]
    assert "RiskLevel" not in newest(pool)["EventRisk"]


@pytest.mark.parametrize("claims", [True, False], ids=["believed", "not believed"])
def test_a_public_request_names_an_address_only_where_it_is_believed(pool: Pool, claims: bool) -> None:
    client = a_client_of(pool.idp, pool.pool_id, GenerateSecret=True, EnablePropagateAdditionalUserContextData=claims)
    client.sign_in(password=GOOD, UserContextData={"IpAddress": AWAY})

    assert newest(pool)["EventContextData"]["IpAddress"] == (AWAY if claims else "127.0.0.1")


def test_a_client_without_a_secret_is_never_believed(pool: Pool) -> None:
    client = a_client_of(pool.idp, pool.pool_id, EnablePropagateAdditionalUserContextData=True)
    client.sign_in(password=GOOD, UserContextData={"IpAddress": AWAY})

    assert newest(pool)["EventContextData"]["IpAddress"] == "127.0.0.1"


def test_an_address_that_is_none_is_refused(pool: Pool) -> None:
    with refused("InvalidParameterException"):
        sign_in(pool, "nowhere")


# Risky sign-ins


@pytest.mark.parametrize(
    ("address", "device", "level"),
    [(HOME, FIREFOX, None), (AWAY, FIREFOX, "Low"), (HOME, SAFARI, "Low"), (AWAY, SAFARI, "Medium")],
    ids=["as before", "new address", "new device", "both new"],
)
def test_what_is_new_is_a_risk(pool: Pool, clock: FakeClock, address: str, device: str, level: str | None) -> None:
    sign_in(pool)
    clock.advance(timedelta(hours=1))
    sign_in(pool, address, device)

    assert newest(pool)["EventRisk"].get("RiskLevel") == level


def test_the_first_sign_in_has_nothing_to_differ_from(pool: Pool) -> None:
    configure(pool, **reacting("BLOCK"))

    assert sign_in(pool)["AuthenticationResult"]


def test_many_addresses_in_a_short_time_are_a_high_risk(pool: Pool, clock: FakeClock) -> None:
    for last in range(4):
        sign_in(pool, f"192.0.2.{last}")
        clock.advance(60)

    assert newest(pool)["EventRisk"]["RiskLevel"] == "High"


def test_a_blocked_risk_leaves_no_tokens_and_is_told(pool: Pool, clock: FakeClock) -> None:
    configure(pool, **reacting("BLOCK"))
    sign_in(pool)
    clock.advance(1)
    with refused("NotAuthorizedException", BLOCKED):
        sign_in(pool, AWAY, SAFARI)
    event = newest(pool)

    assert event["EventResponse"] == "Fail"
    assert event["EventRisk"] == {
        "RiskDecision": "Block",
        "RiskLevel": "Medium",
        "CompromisedCredentialsDetected": False,
    }


def test_what_was_blocked_does_not_make_the_place_known(pool: Pool) -> None:
    configure(pool, **reacting("BLOCK"))
    sign_in(pool)
    for _ in range(2):
        with refused("NotAuthorizedException", BLOCKED):
            sign_in(pool, AWAY, SAFARI)


def test_auditing_finds_and_does_nothing(idp: Any) -> None:
    pool = with_ann(a_pool(idp, settings=protected("AUDIT")))
    configure(pool, **reacting("BLOCK"))
    sign_in(pool)

    assert sign_in(pool, AWAY, SAFARI)["AuthenticationResult"]


@pytest.mark.parametrize("action", ["MFA_IF_CONFIGURED", "MFA_REQUIRED"])
def test_a_risk_asks_for_a_second_factor_that_is_optional(
    idp: Any, outbox: Outbox, clock: FakeClock, action: str
) -> None:
    pool = a_pool(idp, settings=protected(SmsConfiguration=SMS, MfaConfiguration="OPTIONAL"))
    with_ann(pool)
    idp.admin_update_user_attributes(
        UserPoolId=pool.pool_id, Username="ann", UserAttributes=named_values(phone_number="+15550100")
    )
    configure(pool, **reacting(action))
    assert "AuthenticationResult" in sign_in(pool)
    clock.advance(1)
    asked = sign_in(pool, AWAY, SAFARI)

    assert asked["ChallengeName"] == "SMS_MFA"
    assert newest(pool)["EventResponse"] == "InProgress"
    idp.admin_respond_to_auth_challenge(
        UserPoolId=pool.pool_id,
        ClientId=pool.client_id,
        ChallengeName="SMS_MFA",
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": "ann", "SMS_MFA_CODE": outbox.last_code_to("+15550100")},
    )
    event = next(each for each in events(pool) if each["EventRisk"]["RiskDecision"] == "AccountTakeover")
    assert event["EventResponse"] == "Pass"
    assert event["ChallengeResponses"] == [
        {"ChallengeName": "Password", "ChallengeResponse": "Success"},
        {"ChallengeName": "Mfa", "ChallengeResponse": "Success"},
    ]


def test_who_can_give_no_second_factor_goes_on_only_where_it_is_not_required(pool: Pool) -> None:
    sign_in(pool)
    configure(pool, **reacting("MFA_REQUIRED"))
    with refused("NotAuthorizedException", BLOCKED):
        sign_in(pool, AWAY, SAFARI)
    configure(pool, **reacting("MFA_IF_CONFIGURED"))

    assert sign_in(pool, AWAY, SAFARI)["AuthenticationResult"]


# Events


def test_a_sign_in_is_told_as_the_api_tells_it(pool: Pool, clock: FakeClock) -> None:
    sign_in(pool)
    event = newest(pool)

    assert re.fullmatch(r"[0-9a-f-]{36}", event.pop("EventId"))
    assert event == {
        "EventType": "SignIn",
        "CreationDate": clock.now(),
        "EventResponse": "Pass",
        "EventRisk": {"RiskDecision": "NoRisk", "CompromisedCredentialsDetected": False},
        "ChallengeResponses": [{"ChallengeName": "Password", "ChallengeResponse": "Success"}],
        "EventContextData": {"IpAddress": HOME, "DeviceName": "Firefox 128, Linux"},
    }


def test_a_wrong_password_is_kept(pool: Pool) -> None:
    with refused("NotAuthorizedException"):
        sign_in(pool, password="wrong")
    event = next(each for each in events(pool) if each["EventType"] == "SignIn")

    assert event["EventResponse"] == "Fail"
    assert event["ChallengeResponses"] == [{"ChallengeName": "Password", "ChallengeResponse": "Failure"}]


def test_other_things_that_users_do_are_kept(pool: Pool, outbox: Outbox, clock: FakeClock) -> None:
    tokens = sign_in(pool)["AuthenticationResult"]
    pool.idp.admin_update_user_attributes(
        UserPoolId=pool.pool_id, Username="ann", UserAttributes=named_values(email_verified="true")
    )
    clock.advance(1)
    pool.idp.change_password(AccessToken=tokens["AccessToken"], PreviousPassword=GOOD, ProposedPassword="An0ther-word!")
    clock.advance(1)
    pool.idp.forgot_password(ClientId=pool.client_id, Username="ann")

    assert [each["EventType"] for each in events(pool)[:2]] == ["ForgotPassword", "PasswordChange"]
    assert {each["EventType"] for each in events(pool)[2:]} == {"SignIn", "SignUp"}


def test_nothing_is_kept_without_threat_protection(idp: Any) -> None:
    pool = with_ann(a_pool(idp))
    pool.sign_in(password=GOOD)
    idp.update_user_pool(UserPoolId=pool.pool_id, UserPoolTier="PLUS", **protected("AUDIT"))

    assert events(pool) == []


def test_events_come_in_pages_newest_first(pool: Pool, clock: FakeClock) -> None:
    for _ in range(3):
        sign_in(pool)
    clock.advance(1)
    sign_in(pool)
    first = pool.idp.admin_list_user_auth_events(UserPoolId=pool.pool_id, Username="ann", MaxResults=2)
    second = pool.idp.admin_list_user_auth_events(
        UserPoolId=pool.pool_id, Username="ann", MaxResults=3, NextToken=first["NextToken"]
    )

    paged = [each["EventId"] for each in (*first["AuthEvents"], *second["AuthEvents"])]
    assert paged == [each["EventId"] for each in events(pool)]
    assert "NextToken" not in second
    assert events(pool, MaxResults=0) == events(pool)


def test_a_page_is_of_one_user(pool: Pool) -> None:
    sign_in(pool)
    pool.idp.admin_create_user(UserPoolId=pool.pool_id, Username="bob", MessageAction="SUPPRESS")
    first = pool.idp.admin_list_user_auth_events(UserPoolId=pool.pool_id, Username="ann", MaxResults=1)
    with refused("InvalidParameterException", "Invalid pagination token"):
        pool.idp.admin_list_user_auth_events(UserPoolId=pool.pool_id, Username="bob", NextToken=first["NextToken"])


def test_nobody_has_no_events(pool: Pool) -> None:
    with refused("UserNotFoundException"):
        pool.idp.admin_list_user_auth_events(UserPoolId=pool.pool_id, Username="nobody")


# Feedback


def judge(pool: Pool, event_id: str, value: str = "Invalid", username: str = "ann") -> None:
    pool.idp.admin_update_auth_event_feedback(
        UserPoolId=pool.pool_id, Username=username, EventId=event_id, FeedbackValue=value
    )


def test_feedback_is_kept_and_makes_the_place_a_high_risk(pool: Pool, clock: FakeClock) -> None:
    sign_in(pool)
    sign_in(pool, AWAY, SAFARI)
    event = next(each for each in events(pool) if each["EventContextData"]["IpAddress"] == AWAY)
    judge(pool, event["EventId"])
    told = next(each for each in events(pool) if each["EventId"] == event["EventId"])

    assert told["EventFeedback"] == {"FeedbackValue": "Invalid", "Provider": "Admin", "FeedbackDate": clock.now()}
    clock.advance(1)
    sign_in(pool, AWAY, SAFARI)
    assert newest(pool)["EventRisk"]["RiskLevel"] == "High"


def test_what_was_blocked_and_called_valid_is_known(pool: Pool, clock: FakeClock) -> None:
    configure(pool, **reacting("BLOCK"))
    sign_in(pool)
    clock.advance(1)
    with refused("NotAuthorizedException", BLOCKED):
        sign_in(pool, AWAY, SAFARI)
    judge(pool, newest(pool)["EventId"], "Valid")

    assert sign_in(pool, AWAY, SAFARI)["AuthenticationResult"]


def test_an_event_is_judged_only_in_its_users_name(pool: Pool) -> None:
    sign_in(pool)
    pool.idp.admin_create_user(UserPoolId=pool.pool_id, Username="bob", MessageAction="SUPPRESS")
    with refused("ResourceNotFoundException", "Auth event does not exist."):
        judge(pool, newest(pool)["EventId"], username="bob")
    with refused("ResourceNotFoundException", "Auth event does not exist."):
        judge(pool, "unheard-of")


# Notifications


@pytest.fixture
def letter(pool: Pool, outbox: Outbox, clock: FakeClock) -> str:
    """The e-mail about a risky sign-in of Ann's."""
    configure(pool, **reacting("NO_ACTION", notify=True))
    sign_in(pool)
    clock.advance(1)
    sign_in(pool, AWAY, SAFARI)
    return outbox.messages_to("ann@example.com")[0].body


def links(letter: str) -> list[str]:
    return [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]+)"', letter)]


def token_of(link: str) -> str:
    return parse_qs(urlsplit(link).query)["token"][0]


def answer_by_token(pool: Pool, token: str, **changes: str) -> None:
    given = {"Username": "ann", "EventId": newest(pool)["EventId"], "FeedbackValue": "Valid", **changes}
    pool.idp.update_auth_event_feedback(UserPoolId=pool.pool_id, FeedbackToken=token, **given)


def test_a_letter_names_place_and_device(letter: str) -> None:
    assert AWAY in letter
    assert "Safari 17, iOS" in letter
    assert "{" not in letter


@pytest.mark.parametrize(
    ("action", "member", "is_refused"),
    [
        ("BLOCK", "BlockEmail", True),
        ("MFA_IF_CONFIGURED", "NoActionEmail", False),
        ("NO_ACTION", "NoActionEmail", False),
    ],
)
def test_a_letter_says_what_the_operator_wrote(
    pool: Pool, outbox: Outbox, action: str, member: str, is_refused: bool
) -> None:
    template = {"Subject": "Was it you, {username}?", "TextBody": "At {ip-address} in {city}"}
    configure(pool, **reacting(action, notify=True, From="safety@example.com", **{member: template}))
    sign_in(pool)
    try_away(pool, is_refused)
    message = outbox.messages_to("ann@example.com")[0]

    assert (message.subject, message.body) == ("Was it you, ann?", f"At {AWAY} in unknown")
    assert message.sender in {None, "safety@example.com"}  # which the outbox does not keep


def try_away(pool: Pool, is_refused: bool) -> None:
    if is_refused:
        with refused("NotAuthorizedException", BLOCKED):
            sign_in(pool, AWAY, SAFARI)
    else:
        sign_in(pool, AWAY, SAFARI)


def test_a_user_answers_by_the_token_of_the_letter(pool: Pool, letter: str) -> None:
    answer_by_token(pool, token_of(links(letter)[0]))

    assert newest(pool)["EventFeedback"]["Provider"] == "User"


@pytest.mark.parametrize("changes", [{"EventId": "another"}, {"Username": "bob"}], ids=["event", "user"])
def test_a_token_is_of_one_event_of_one_user(pool: Pool, letter: str, changes: dict[str, str]) -> None:
    pool.idp.admin_create_user(UserPoolId=pool.pool_id, Username="bob", MessageAction="SUPPRESS")
    with refused("NotAuthorizedException", "Invalid feedback token"):
        answer_by_token(pool, token_of(links(letter)[0]), **changes)


def test_a_token_is_of_one_pool(pool: Pool, letter: str, idp: Any) -> None:
    other = with_ann(a_pool(idp, settings=protected()))
    token, event_id = token_of(links(letter)[0]), newest(pool)["EventId"]
    with refused("NotAuthorizedException", "Invalid feedback token"):
        answer_by_token(other, token, EventId=event_id)


def test_a_forged_or_old_token_is_refused(pool: Pool, letter: str, clock: FakeClock) -> None:
    with refused("NotAuthorizedException", "Invalid feedback token"):
        answer_by_token(pool, "forged")
    clock.advance(timedelta(days=7))
    with refused("NotAuthorizedException", "Invalid feedback token"):
        answer_by_token(pool, token_of(links(letter)[0]))


@pytest.mark.parametrize(("place", "value"), [(0, "Valid"), (1, "Invalid")])
def test_a_link_asks_and_its_button_answers(pool: Pool, letter: str, web: FlaskClient, place: int, value: str) -> None:
    link = links(letter)[place]
    path = link.removeprefix("http://localhost:9229")

    assert web.get(path).status_code == 200
    assert "EventFeedback" not in newest(pool)
    assert web.post(path).status_code == 200
    assert newest(pool)["EventFeedback"]["FeedbackValue"] == value


@pytest.mark.parametrize("query", ["", "?value=Valid", "?token=x&value=Valid", "?token=x&value=Perhaps"])
def test_a_malformed_link_changes_nothing(pool: Pool, web: FlaskClient, query: str) -> None:
    assert web.post(f"/authEventFeedback{query}").status_code == 400
