"""The measured pool with triggers: the same client and user as without, and two functions around every sign-in."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from typing import Any

from bench import scenarios
from bench.scenarios import PASSWORD, Iteration, World
from bench.wire import REGION, Connection, aws, signed

ACCOUNT = "000000000000"
NAME = "trigger"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{NAME}"
TRIGGERS = ("PreAuthentication", "PreTokenGeneration")
ECHO = "def handler(event, context):\n    return event\n"


def password_sign_in(world: World) -> Iteration:
    """Sign in by password, with two triggers; the functions are warm after the first sign-in."""
    return scenarios.password_sign_in(_world_with_triggers(world))


def _world_with_triggers(world: World) -> World:
    """Make a pool whose sign-ins run two functions."""
    connection = Connection(world.url)
    _make_function(world, connection)

    def administer(operation: str, **parameters: Any) -> Any:
        return world.administer(connection, "cognito-idp", operation, **parameters)

    triggers = dict.fromkeys(TRIGGERS, FUNCTION)
    pool_id = administer("CreateUserPool", PoolName="triggered", LambdaConfig=triggers)["UserPool"]["Id"]
    flows = ["ALLOW_USER_PASSWORD_AUTH"]
    client = administer("CreateUserPoolClient", UserPoolId=pool_id, ClientName="bench", ExplicitAuthFlows=flows)
    who = {"UserPoolId": pool_id, "Username": "ann"}
    administer("AdminCreateUser", **who, MessageAction="SUPPRESS")
    connection.send(
        aws(
            world.url,
            "cognito-idp",
            "AdminSetUserPassword",
            {**who, "Password": PASSWORD, "Permanent": True},
            world.key,
        )
    )
    connection.close()
    return World(world.url, world.key, pool_id, client["UserPoolClient"]["ClientId"])


def _make_function(world: World, connection: Connection) -> None:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("echo.py", ECHO)
    function = {
        "FunctionName": NAME,
        "Runtime": "python3.11",
        "Handler": "echo.handler",
        "Role": f"arn:aws:iam::{ACCOUNT}:role/none",
        "Code": {"ZipFile": base64.b64encode(code.getvalue()).decode()},
    }
    request = signed(
        world.url,
        "/2015-03-31/functions",
        "lambda",
        world.key,
        method="POST",
        headers={"Content-Type": "application/json"},
        body=json.dumps(function).encode(),
    )
    connection.send(request, expected=201)
