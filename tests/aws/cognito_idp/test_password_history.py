"""Passwords that a user had are not taken again, as far back as the pool looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.aws.cognito_idp.people import TEMPORARY, Pool, a_pool
from tests.aws.cognito_idp.pools import NEW_PASSWORD, PASSWORD
from tests.sdk import refused

if TYPE_CHECKING:
    from idp.services import Services
    from tests.conftest import Outbox

REUSED = ("PasswordHistoryPolicyViolationException", "Password has previously been used")
THIRD_PASSWORD = "Thi4d-passw0rd"


def remembering(size: int) -> dict[str, Any]:
    """Return the settings of a pool that looks back that far."""
    policy = {
        "MinimumLength": 8,
        "RequireUppercase": True,
        "RequireLowercase": True,
        "RequireNumbers": True,
        "RequireSymbols": True,
        "PasswordHistorySize": size,
    }
    return {"Policies": {"PasswordPolicy": policy}, "AutoVerifiedAttributes": ["email"]}


@pytest.fixture
def pool(idp: Any) -> Pool:
    """A pool that remembers two passwords, with Ann in it."""
    made = a_pool(idp, settings=remembering(2))
    made.sign_up(email="ann@example.com")
    return made


def change(pool: Pool, password: str, previous: str = PASSWORD) -> None:
    pool.idp.change_password(
        AccessToken=pool.tokens(password=previous)["AccessToken"], PreviousPassword=previous, ProposedPassword=password
    )


def set_permanently(pool: Pool, password: str) -> None:
    pool.idp.admin_set_user_password(UserPoolId=pool.pool_id, Username="ann", Password=password, Permanent=True)


def set_for_a_while(pool: Pool, password: str) -> None:
    pool.idp.admin_set_user_password(UserPoolId=pool.pool_id, Username="ann", Password=password, Permanent=False)


@pytest.mark.parametrize("give", [change, set_permanently, set_for_a_while])
def test_the_password_of_today_is_not_taken_again(pool: Pool, give: Callable[[Pool, str], None]) -> None:
    with refused(*REUSED):
        give(pool, PASSWORD)


def test_a_user_does_not_change_back_to_an_earlier_password(pool: Pool) -> None:
    change(pool, NEW_PASSWORD)

    with refused(*REUSED):
        change(pool, PASSWORD, previous=NEW_PASSWORD)


@pytest.mark.parametrize("give", [set_permanently, set_for_a_while])
def test_an_administrator_does_not_give_an_earlier_password(pool: Pool, give: Callable[[Pool, str], None]) -> None:
    change(pool, NEW_PASSWORD)

    with refused(*REUSED):
        give(pool, PASSWORD)


def test_a_password_is_taken_again_when_it_is_long_enough_ago(pool: Pool) -> None:
    set_permanently(pool, NEW_PASSWORD)
    set_permanently(pool, THIRD_PASSWORD)
    set_permanently(pool, PASSWORD)

    assert pool.tokens()


def test_a_pool_without_history_takes_any_password(idp: Any) -> None:
    pool = a_pool(idp)
    pool.sign_up()
    set_permanently(pool, PASSWORD)

    assert pool.tokens()


def test_a_forgotten_password_is_not_set_anew_by_its_code(pool: Pool, outbox: Outbox) -> None:
    pool.idp.admin_update_user_attributes(
        UserPoolId=pool.pool_id, Username="ann", UserAttributes=[{"Name": "email_verified", "Value": "true"}]
    )
    pool.idp.forgot_password(ClientId=pool.client_id, Username="ann")
    given = {"ClientId": pool.client_id, "Username": "ann", "ConfirmationCode": outbox.last_code_to("ann")}
    with refused(*REUSED):
        pool.idp.confirm_forgot_password(**given, Password=PASSWORD)
    pool.idp.confirm_forgot_password(**given, Password=NEW_PASSWORD)

    assert pool.tokens(password=NEW_PASSWORD)
    with refused(*REUSED):
        set_permanently(pool, PASSWORD)


def test_a_wrong_code_tells_nothing_of_earlier_passwords(pool: Pool) -> None:
    pool.idp.admin_update_user_attributes(
        UserPoolId=pool.pool_id, Username="ann", UserAttributes=[{"Name": "email_verified", "Value": "true"}]
    )
    pool.idp.forgot_password(ClientId=pool.client_id, Username="ann")

    with refused("CodeMismatchException", "Invalid verification code provided, please try again."):
        pool.idp.confirm_forgot_password(
            ClientId=pool.client_id, Username="ann", ConfirmationCode="nonsense", Password=PASSWORD
        )


def test_a_temporary_password_is_not_kept_for_good(pool: Pool) -> None:
    set_for_a_while(pool, TEMPORARY)
    asked = pool.sign_in(password=TEMPORARY)
    with refused(*REUSED):
        pool.answer(asked, NEW_PASSWORD=TEMPORARY)
    with refused(*REUSED):
        pool.answer(asked, NEW_PASSWORD=PASSWORD)
    pool.answer(asked, NEW_PASSWORD=NEW_PASSWORD)

    with refused(*REUSED):
        set_permanently(pool, TEMPORARY)


def test_an_invitation_is_not_sent_again_with_the_same_password(pool: Pool) -> None:
    invitation = {"UserPoolId": pool.pool_id, "Username": "bob", "TemporaryPassword": TEMPORARY}
    pool.idp.admin_create_user(**invitation)

    with refused(*REUSED):
        pool.idp.admin_create_user(**invitation, MessageAction="RESEND")


def test_no_more_is_remembered_than_the_pool_asks_for(services: Services, pool: Pool) -> None:
    for number in range(5):
        set_permanently(pool, f"{PASSWORD}{number}")
    with services.reading() as work:
        user = work.users.find_by_username(pool.pool_id, "ann")
        assert user is not None
        assert len(work.password_history.newest(user.id, limit=24)) == 1
