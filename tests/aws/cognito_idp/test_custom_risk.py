"""Threat protection of sign-ins that the pool's functions decide: judged when tokens may be issued."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.aws.cognito_idp.custom_auth import CONFIG, WORD, a_custom_pool, script
from tests.aws.cognito_idp.mfa_users import PHONE
from tests.aws.cognito_idp.people import Pool
from tests.aws.cognito_idp.pools import named_values
from tests.aws.cognito_idp.risky import AWAY, BLOCKED, FIREFOX, HOME, SAFARI, configure, newest, reacting
from tests.aws.cognito_idp.trigger_stories import SMS
from tests.sdk import refused

if TYPE_CHECKING:
    from tests.conftest import Outbox
    from tests.fakes import FakeClock, ScriptedTriggers


def judging(mode: str | None) -> dict[str, Any]:
    """Return the add-ons of a pool that judges passwords, and custom sign-ins as said."""
    flows = {} if mode is None else {"AdvancedSecurityAdditionalFlows": {"CustomAuthMode": mode}}
    return {"UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED", **flows}}


def a_judging_pool(idp: Any, mode: str | None = "ENFORCED", **settings: Any) -> Pool:
    """Make a pool with the three functions, and Ann, who signed in at home."""
    pool = a_custom_pool(idp, settings={"LambdaConfig": CONFIG, **judging(mode), **settings})
    sign_in(pool)
    return pool


def sign_in(pool: Pool, address: str = HOME, device: str = FIREFOX) -> Any:
    """Sign Ann in by the word, as an administrator's server does for somebody at an address."""
    whose: dict[str, Any] = {
        "UserPoolId": pool.pool_id,
        "ClientId": pool.client_id,
        "ContextData": {
            "IpAddress": address,
            "ServerName": "shop.example.com",
            "ServerPath": "/login",
            "HttpHeaders": [{"headerName": "User-Agent", "headerValue": device}],
        },
    }
    asked = pool.idp.admin_initiate_auth(**whose, AuthFlow="CUSTOM_AUTH", AuthParameters={"USERNAME": "ann"})
    return pool.idp.admin_respond_to_auth_challenge(
        **whose,
        ChallengeName="CUSTOM_CHALLENGE",
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": "ann", "ANSWER": WORD},
    )


@pytest.fixture(autouse=True)
def scripted(triggers: ScriptedTriggers) -> None:
    """The functions ask for one word."""
    script(triggers)


def test_a_risky_custom_sign_in_is_blocked_when_it_would_get_tokens(idp: Any, clock: FakeClock) -> None:
    pool = a_judging_pool(idp)
    configure(pool, **reacting("BLOCK"))
    clock.advance(1)
    with refused("NotAuthorizedException", BLOCKED):
        sign_in(pool, AWAY, SAFARI)

    assert newest(pool)["EventRisk"]["RiskDecision"] == "Block"
    assert newest(pool)["EventRisk"]["RiskLevel"] == "Medium"


def test_a_custom_sign_in_from_a_known_place_is_no_risk(idp: Any) -> None:
    pool = a_judging_pool(idp)
    configure(pool, **reacting("BLOCK"))

    assert sign_in(pool)["AuthenticationResult"]


@pytest.mark.parametrize("action", ["MFA_IF_CONFIGURED", "MFA_REQUIRED"])
def test_a_risky_custom_sign_in_gives_a_second_factor_once(
    idp: Any, outbox: Outbox, clock: FakeClock, action: str
) -> None:
    pool = a_judging_pool(idp, **SMS, MfaConfiguration="OPTIONAL")
    idp.admin_update_user_attributes(
        UserPoolId=pool.pool_id, Username="ann", UserAttributes=named_values(phone_number=PHONE)
    )
    configure(pool, **reacting(action))
    clock.advance(1)
    asked = sign_in(pool, AWAY, SAFARI)
    answer = idp.admin_respond_to_auth_challenge(
        UserPoolId=pool.pool_id,
        ClientId=pool.client_id,
        ChallengeName="SMS_MFA",
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": "ann", "SMS_MFA_CODE": outbox.last_code_to(PHONE)},
    )

    assert answer["AuthenticationResult"]
    assert newest(pool)["EventRisk"]["RiskDecision"] == "AccountTakeover"


def test_who_must_give_a_second_factor_and_cannot_is_blocked(idp: Any) -> None:
    pool = a_judging_pool(idp)
    configure(pool, **reacting("MFA_REQUIRED"))
    with refused("NotAuthorizedException", BLOCKED):
        sign_in(pool, AWAY, SAFARI)


def test_auditing_finds_a_risk_in_a_custom_sign_in_and_does_nothing(idp: Any, clock: FakeClock) -> None:
    pool = a_judging_pool(idp, "AUDIT")
    configure(pool, **reacting("BLOCK"))
    clock.advance(1)

    assert sign_in(pool, AWAY, SAFARI)["AuthenticationResult"]
    assert newest(pool)["EventRisk"]["RiskLevel"] == "Medium"


def test_custom_sign_ins_are_not_judged_unless_the_pool_names_them(idp: Any) -> None:
    pool = a_judging_pool(idp, None)
    configure(pool, **reacting("BLOCK"))

    assert sign_in(pool, AWAY, SAFARI)["AuthenticationResult"]
