"""Where a client hides who exists, nobody waits for a mail server: its time, or its refusal, would tell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from idp.app import mount_faces
from idp.services import Services
from tests.mailers import WAIT_S, RefusingMailer, SlowMailer
from tests.sdk import client_of, refused


def a_pool_with_ann(services: Services, mailer: Any, **client: str) -> tuple[Any, dict[str, str]]:
    far = replace(services.settings, smtp_url="smtp://mail.invalid")
    idp: Any = client_of(mount_faces(replace(services, settings=far, mailer=mailer)), "cognito-idp")
    pool_id = idp.create_user_pool(PoolName="people", AutoVerifiedAttributes=["email"])["UserPool"]["Id"]
    client_id = idp.create_user_pool_client(UserPoolId=pool_id, ClientName="web", **client)["UserPoolClient"][
        "ClientId"
    ]
    email = [{"Name": "email", "Value": "ann@example.com"}, {"Name": "email_verified", "Value": "true"}]
    ann = {"UserPoolId": pool_id, "Username": "ann"}
    idp.admin_create_user(**ann, UserAttributes=email, MessageAction="SUPPRESS")
    idp.admin_set_user_password(**ann, Password="Correct-horse-7", Permanent=True)
    return idp, {"ClientId": client_id, "Username": "ann"}


def test_a_hidden_user_is_answered_before_the_mail_server_has_taken_the_code(services: Services) -> None:
    mailer = SlowMailer()
    idp, ann = a_pool_with_ann(services, mailer, PreventUserExistenceErrors="ENABLED")
    assert idp.forgot_password(**ann)["CodeDeliveryDetails"]["Destination"] == "a***@e***"
    assert not mailer.has_taken.is_set()
    mailer.may_go_on.set()
    assert mailer.has_taken.wait(WAIT_S)


def test_a_hidden_users_refused_mail_is_not_told(services: Services) -> None:
    idp, ann = a_pool_with_ann(services, RefusingMailer(), PreventUserExistenceErrors="ENABLED")
    assert idp.forgot_password(**ann)["CodeDeliveryDetails"]["DeliveryMedium"] == "EMAIL"


@pytest.mark.parametrize("client", [{}, {"PreventUserExistenceErrors": "LEGACY"}], ids=["by default", "LEGACY"])
def test_elsewhere_a_refused_mail_is_told(services: Services, client: dict[str, str]) -> None:
    idp, ann = a_pool_with_ann(services, RefusingMailer(), **client)
    with refused("CodeDeliveryFailureException"):
        idp.forgot_password(**ann)
