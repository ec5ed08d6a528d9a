"""The sign-in pages ask for the second factor, and nobody gets past them without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.aws.cognito_idp.mfa_users import SMS, TOTP, App
from tests.hosted import CALLBACK, NAME, PASSWORD, HostedPool, Visitor

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.conftest import Outbox
    from tests.fakes import FakeClock

PHONE = "+15550100"
WRONG_CODE = "This is not the right code."
ON = {"Enabled": True}


@pytest.fixture
def phone(acme: HostedPool) -> HostedPool:
    """The pool, where ann has switched on codes by SMS."""
    acme.idp.set_user_pool_mfa_config(UserPoolId=acme.pool_id, MfaConfiguration="OPTIONAL", **SMS, **TOTP)
    number = [{"Name": "phone_number", "Value": PHONE}]
    acme.idp.admin_update_user_attributes(UserPoolId=acme.pool_id, Username=NAME, UserAttributes=number)
    acme.idp.admin_set_user_mfa_preference(UserPoolId=acme.pool_id, Username=NAME, SMSMfaSettings=ON)
    return acme


@pytest.fixture
def authenticator(phone: HostedPool, clock: FakeClock) -> App:
    """Ann's app, switched on beside SMS."""
    idp = phone.idp
    client: dict[str, Any] = {"ClientId": phone.add_client(ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"])["ClientId"]}
    idp.admin_set_user_mfa_preference(UserPoolId=phone.pool_id, Username=NAME, SMSMfaSettings={"Enabled": False})
    parameters = {"USERNAME": NAME, "PASSWORD": PASSWORD}
    signed_in = idp.initiate_auth(**client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
    token = signed_in["AuthenticationResult"]["AccessToken"]
    app = App(idp.associate_software_token(AccessToken=token)["SecretCode"], clock)
    idp.verify_software_token(AccessToken=token, UserCode=app.code(), FriendlyDeviceName="my phone")
    idp.set_user_mfa_preference(AccessToken=token, SMSMfaSettings=ON, SoftwareTokenMfaSettings=ON)
    clock.advance(30)
    return app


def after_password(pool: HostedPool, visitor: Visitor) -> TestResponse:
    """Give the password, and follow to the page that comes next."""
    dispatched = visitor.submit(visitor.open("/login", pool.asking()), username=NAME, password=PASSWORD)
    return visitor.follow(visitor.follow(dispatched))


def test_a_code_by_sms_leads_back_to_the_client(phone: HostedPool, visitor: Visitor, outbox: Outbox) -> None:
    page = after_password(phone, visitor)
    assert "It was sent to +*******0100." in page.text
    code = outbox.last_code_to(PHONE)

    done = visitor.follow(visitor.submit(page, code=f"{code[:3]} {code[3:]}"))

    assert done.location.startswith(f"{CALLBACK}?code=")


def test_a_wrong_code_brings_the_page_again(phone: HostedPool, visitor: Visitor, outbox: Outbox) -> None:
    page = after_password(phone, visitor)
    code = outbox.last_code_to(PHONE)
    wrong = ("1" if code[0] == "0" else "0") + code[1:]

    again = visitor.submit(page, code=wrong)

    assert again.status_code == 400
    assert WRONG_CODE in again.text
    assert visitor.submit(again, code=code).status_code == 303


@pytest.mark.parametrize("code", ["", "   ", "1" * 17])
def test_no_code_is_no_answer(phone: HostedPool, visitor: Visitor, code: str) -> None:
    assert "Type the code." in visitor.submit(after_password(phone, visitor), code=code).text


def test_the_password_alone_signs_nobody_in(phone: HostedPool, visitor: Visitor) -> None:
    after_password(phone, visitor)

    answer = visitor.open("/oauth2/authorize", phone.asking())

    assert not answer.location.startswith(CALLBACK)


def test_a_forged_form_is_not_taken(phone: HostedPool, visitor: Visitor, outbox: Outbox) -> None:
    page = after_password(phone, visitor)
    answer = visitor.submit(page, code=outbox.last_code_to(PHONE), _csrf="forged")
    assert "The page was open for too long, or was not ours." in answer.text


def test_a_code_that_comes_too_late_is_not_taken(
    phone: HostedPool, visitor: Visitor, outbox: Outbox, clock: FakeClock
) -> None:
    page = after_password(phone, visitor)
    clock.advance(181)
    answer = visitor.submit(page, code=outbox.last_code_to(PHONE))
    assert answer.status_code == 400
    assert "The time for this step is over." in answer.text


def test_who_has_two_factors_chooses_one(
    phone: HostedPool, authenticator: App, visitor: Visitor, outbox: Outbox
) -> None:
    page = after_password(phone, visitor)
    assert "A text message to my phone" in page.text
    assert "A code of my authenticator app" in page.text

    asked = visitor.follow(visitor.follow(visitor.submit(page, answer="SOFTWARE_TOKEN_MFA")))

    assert "Your authenticator app (my phone) shows it." in asked.text
    done = visitor.follow(visitor.submit(asked, code=authenticator.code()))
    assert done.location.startswith(f"{CALLBACK}?code=")


def test_a_code_of_the_app_that_was_used_is_not_taken(phone: HostedPool, authenticator: App, visitor: Visitor) -> None:
    choice = visitor.submit(after_password(phone, visitor), answer="SOFTWARE_TOKEN_MFA")
    page = visitor.follow(visitor.follow(choice))
    answer = visitor.submit(page, code=authenticator.code(-1))
    assert "This code was used already. Wait for the next one." in answer.text


def test_a_factor_that_is_no_choice_is_not_taken(phone: HostedPool, authenticator: App, visitor: Visitor) -> None:
    page = after_password(phone, visitor)
    answer = visitor.submit(page, answer="EMAIL_OTP")
    assert answer.status_code == 400
    assert "Invalid MFA type selected." in answer.text
