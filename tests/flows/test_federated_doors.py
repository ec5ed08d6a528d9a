"""What users of upstream providers cannot do: sign in by anything of the pool's own, as long as they have no password here."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from idp.flows.tokens import begin_session
from tests.aws.cognito_idp.people import EVERY_FLOW
from tests.aws.cognito_idp.pools import NEW_PASSWORD, PASSWORD
from tests.aws.cognito_idp.risky import protected
from tests.flows.federated import Federation, a_federation, refused_to_client
from tests.sdk import refused

if TYPE_CHECKING:
    from idp.services import Services
    from tests.conftest import Outbox
    from tests.fakes import ScriptedTriggers

FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:decides"
NAME = "Corp_s-1"
WRONG = "Incorrect username or password."
NOT_RESETTABLE = "User password cannot be reset in the current state."
VERIFIED = {"email": "ann@example.com", "email_verified": True}
FACTORS = {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}


@pytest.fixture
def federation(services: Services, idp: Any) -> Federation:
    """A pool that lets its own users in by a code."""
    made = a_federation(
        services,
        idp,
        settings={
            "Policies": {"SignInPolicy": FACTORS},
            "LambdaConfig": dict.fromkeys(
                ("DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse", "UserMigration"), FUNCTION
            ),
        },
        ExplicitAuthFlows=[*EVERY_FLOW, "ALLOW_USER_AUTH"],
    )
    made.sign_in("s-1", VERIFIED)
    return made


def test_no_password_is_right(federation: Federation, triggers: ScriptedTriggers) -> None:
    with refused("NotAuthorizedException", WRONG):
        federation.pool.initiate("USER_PASSWORD_AUTH", NAME, PASSWORD=PASSWORD)
    assert [call.name for call in triggers.calls] == []


def test_no_password_is_right_by_srp(federation: Federation) -> None:
    with refused("NotAuthorizedException", WRONG):
        federation.pool.srp(NAME).answer()


def test_no_code_is_sent_for_signing_in(federation: Federation, outbox: Outbox) -> None:
    asked = federation.pool.initiate("USER_AUTH", NAME, PREFERRED_CHALLENGE="EMAIL_OTP")

    assert (asked["ChallengeName"], asked.get("AvailableChallenges", [])) == ("SELECT_CHALLENGE", [])
    assert outbox.messages_to("ann@example.com") == []


def test_no_function_can_let_them_in(federation: Federation, triggers: ScriptedTriggers) -> None:
    triggers.on("DefineAuthChallenge", lambda event: {**event, "response": {"issueTokens": True}})

    with refused("NotAuthorizedException", WRONG):
        federation.pool.initiate("CUSTOM_AUTH", NAME)


def test_no_password_is_forgotten(federation: Federation) -> None:
    with refused("NotAuthorizedException", NOT_RESETTABLE):
        federation.pool.idp.forgot_password(ClientId=federation.pool.client_id, Username=NAME)
    with refused("NotAuthorizedException", NOT_RESETTABLE):
        federation.pool.idp.admin_reset_user_password(UserPoolId=federation.pool.pool_id, Username=NAME)


def test_no_invitation_is_sent_again(federation: Federation) -> None:
    with refused("UnsupportedUserStateException", f"Resend not possible. {NAME} status is not FORCE_CHANGE_PASSWORD"):
        federation.pool.idp.admin_create_user(UserPoolId=federation.pool.pool_id, Username=NAME, MessageAction="RESEND")


@pytest.mark.parametrize("previous", [{}, {"PreviousPassword": PASSWORD}], ids=["none", "some"])
def test_no_password_is_changed(services: Services, federation: Federation, previous: dict[str, str]) -> None:
    signed_in = federation.sign_in("s-1", VERIFIED)
    tokens = begin_session(
        services,
        signed_in.user_pool,
        signed_in.client,
        signed_in.user,
        scope="openid aws.cognito.signin.user.admin",
        hosted=True,
        origin=signed_in.origin,
    )

    with refused("NotAuthorizedException", WRONG):
        federation.pool.idp.change_password(AccessToken=tokens.access_token, ProposedPassword=NEW_PASSWORD, **previous)


def test_a_user_who_lost_their_password_signs_in_by_their_links_alone(federation: Federation) -> None:
    federation.pool.sign_up()
    federation.link("ann", "s-2")
    federation.pool.idp.admin_disable_provider_for_user(
        UserPoolId=federation.pool.pool_id,
        User={"ProviderName": "Cognito", "ProviderAttributeName": "Cognito_Subject", "ProviderAttributeValue": "ann"},
    )

    assert federation.sign_in("s-2").user.username == "ann"
    with refused("NotAuthorizedException", WRONG):
        federation.pool.sign_in()


def test_threat_protection_keeps_the_sign_in(services: Services, idp: Any) -> None:
    federation = a_federation(services, idp, settings=protected())
    federation.sign_in()

    events = federation.pool.idp.admin_list_user_auth_events(UserPoolId=federation.pool.pool_id, Username=NAME)
    (event,) = events["AuthEvents"]
    assert (event["EventType"], event["EventResponse"], event.get("ChallengeResponses", [])) == ("SignIn", "Pass", [])
    assert event["EventContextData"]["IpAddress"] == "192.0.2.1"


def test_threat_protection_keeps_a_refusal_without_a_challenge(services: Services, idp: Any) -> None:
    federation = a_federation(services, idp, settings=protected())
    federation.sign_in()
    idp.admin_disable_user(UserPoolId=federation.pool.pool_id, Username=NAME)
    with refused_to_client("User is disabled."):
        federation.sign_in()

    events = idp.admin_list_user_auth_events(UserPoolId=federation.pool.pool_id, Username=NAME)["AuthEvents"]
    assert sorted((each["EventResponse"], len(each.get("ChallengeResponses", []))) for each in events) == [
        ("Fail", 0),
        ("Pass", 0),
    ]


def test_addresses_that_the_pool_blocks_are_blocked_here_too(services: Services, idp: Any) -> None:
    federation = a_federation(services, idp, settings=protected())
    idp.set_risk_configuration(
        UserPoolId=federation.pool.pool_id,
        RiskExceptionConfiguration={"BlockedIPRangeList": ["192.0.2.0/24"]},
    )

    with refused_to_client("Unable to login because of security reasons."):
        federation.sign_in()
    assert federation.usernames() == []


def test_authentication_is_of_now(federation: Federation) -> None:
    assert federation.sign_in("s-1", VERIFIED).authenticated_at == datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
