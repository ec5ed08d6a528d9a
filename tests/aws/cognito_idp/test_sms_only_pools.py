"""Pools that require MFA and offer SMS alone: nobody may be without a phone number, for they could never sign in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.aws.cognito_idp.mfa_users import PHONE, SMS, TOTP, a_pool_with_mfa
from tests.aws.cognito_idp.people import TEMPORARY, Pool
from tests.aws.cognito_idp.pools import NEW_PASSWORD
from tests.sdk import refused

if TYPE_CHECKING:
    from tests.conftest import Outbox

MISSING = "Attributes did not conform to the schema: phone_number: The attribute is required\n"


@pytest.fixture
def pool(idp: Any) -> Pool:
    """A pool that requires a code by SMS."""
    return a_pool_with_mfa(idp, "ON", SMS)


def test_nobody_signs_up_without_a_phone_number(pool: Pool) -> None:
    with refused("InvalidParameterException", MISSING):
        pool.sign_up("ann")


def test_who_signs_up_with_a_phone_number_signs_in_by_it(pool: Pool) -> None:
    pool.sign_up("ann", phone_number=PHONE)

    assert pool.sign_in()["ChallengeName"] == "SMS_MFA"


@pytest.mark.parametrize(
    ("mode", "factors"), [("ON", {**SMS, **TOTP}), ("OPTIONAL", SMS)], ids=["beside apps", "optional"]
)
def test_elsewhere_a_phone_number_is_not_needed(idp: Any, mode: str, factors: dict[str, Any]) -> None:
    assert a_pool_with_mfa(idp, mode, factors).sign_up("ann")


def test_whom_an_administrator_made_without_a_number_gives_it_with_the_new_password(pool: Pool, outbox: Outbox) -> None:
    pool.idp.admin_create_user(
        UserPoolId=pool.pool_id, Username="ann", TemporaryPassword=TEMPORARY, MessageAction="SUPPRESS"
    )
    asked = pool.sign_in(password=TEMPORARY)
    assert json.loads(asked["ChallengeParameters"]["requiredAttributes"]) == ["userAttributes.phone_number"]
    texted = pool.answer(asked, NEW_PASSWORD=NEW_PASSWORD, **{"userAttributes.phone_number": PHONE})

    assert pool.answer(texted, SMS_MFA_CODE=outbox.last_code_to(PHONE))["AuthenticationResult"]
