"""Tokens say the issuer that the settings give, and the server knows them by it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jwt
import pytest

from idp.app import mount_faces
from idp.services import Services
from tests.sdk import client_of


@pytest.mark.parametrize(
    ("changed", "issuer"),
    [
        ({}, "http://localhost:9229/{}"),
        ({"public_url": "https://id.example.com"}, "https://id.example.com/{}"),
        (
            {"issuer_template": "https://cognito-idp.{region}.amazonaws.com/{pool_id}"},
            "https://cognito-idp.us-east-1.amazonaws.com/{}",
        ),
    ],
    ids=["by default", "by public URL", "in AWS's own form"],
)
def test_tokens_say_the_issuer_of_the_settings_and_open_what_they_should(
    services: Services, changed: dict[str, str], issuer: str
) -> None:
    set_up = replace(services, settings=replace(services.settings, **changed))  # type: ignore[arg-type]
    idp: Any = client_of(mount_faces(set_up), "cognito-idp")
    pool_id = idp.create_user_pool(PoolName="people")["UserPool"]["Id"]
    flows = ["ALLOW_USER_PASSWORD_AUTH"]
    client = idp.create_user_pool_client(UserPoolId=pool_id, ClientName="web", ExplicitAuthFlows=flows)[
        "UserPoolClient"
    ]
    ann = {"UserPoolId": pool_id, "Username": "ann"}
    idp.admin_create_user(**ann, MessageAction="SUPPRESS")
    idp.admin_set_user_password(**ann, Password="Correct-horse-7", Permanent=True)
    parameters = {"USERNAME": "ann", "PASSWORD": "Correct-horse-7"}
    answer = idp.initiate_auth(ClientId=client["ClientId"], AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
    token = answer["AuthenticationResult"]["AccessToken"]
    assert jwt.decode(token, options={"verify_signature": False})["iss"] == issuer.format(pool_id)
    assert idp.get_user(AccessToken=token)["Username"] == "ann"
