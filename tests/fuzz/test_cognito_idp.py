"""Whatever an operation is sent, it answers as its model says, and never by an error of ours.

A hundred inputs an operation in every run; `make fuzz` sends thousands.
"""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings

from idp import aws
from idp.aws import registry
from tests.fuzz.answers import faults
from tests.fuzz.inputs import inputs

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "100"))
SERVED = sorted(registry.collect([aws]).served("cognito-idp"))
MODEL = ServiceModel(Loader().load_service_model("cognito-idp", "service-2"))
SIGNED = "AWS4-HMAC-SHA256 Credential=any/20260302/us-east-1/cognito-idp/aws4_request, SignedHeaders=host, Signature=00"
PASSWORD = "Correct-horse-7"


class World:
    """A server with a pool, a client and a user, made again when an input has deleted them."""

    def __init__(self, app: Flask) -> None:
        self._client = app.test_client()
        self.known: dict[str, list[Any]] = {}
        self.renew()

    def call(self, operation: str, parameters: Any) -> tuple[int, Any]:
        """Send an operation; return status and JSON of the answer."""
        headers = {
            "X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}",
            "Content-Type": "application/x-amz-json-1.1",
            "Authorization": SIGNED,
            "X-Amz-Date": "20260302T120000Z",
        }
        answer = self._client.post("/", data=json.dumps(parameters), headers=headers)
        return answer.status_code, json.loads(answer.data or b"null")

    def renew(self) -> None:
        """Make what inputs may name."""
        pool = self.call("CreateUserPool", {"PoolName": "fuzz", "AutoVerifiedAttributes": ["email"]})[1]["UserPool"][
            "Id"
        ]
        flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_AUTH"]
        client = {"UserPoolId": pool, "ClientName": "fuzz", "ExplicitAuthFlows": flows}
        client_id = self.call("CreateUserPoolClient", client)[1]["UserPoolClient"]["ClientId"]
        email = [{"Name": "email", "Value": "ann@example.com"}]
        ann = {"UserPoolId": pool, "Username": "ann"}
        self.call("AdminCreateUser", {**ann, "UserAttributes": email, "MessageAction": "SUPPRESS"})
        self.call("AdminSetUserPassword", {**ann, "Password": PASSWORD, "Permanent": True})
        self.call("CreateGroup", {"UserPoolId": pool, "GroupName": "staff"})
        parameters = {"USERNAME": "ann", "PASSWORD": PASSWORD}
        sign_in = {"ClientId": client_id, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters}
        tokens = self.call("InitiateAuth", sign_in)[1]["AuthenticationResult"]
        self.known = {
            "UserPoolId": [pool, "us-east-1_nowhere00"],
            "ClientId": [client_id, "nobody"],
            "Username": ["ann", "nobody"],
            "AccessToken": [tokens["AccessToken"], tokens["IdToken"], "a.b.c"],
            "RefreshToken": [tokens["RefreshToken"]],
            "Token": [tokens["RefreshToken"], tokens["AccessToken"]],
            "GroupName": ["staff"],
            "Password": [PASSWORD],
            "AttributeName": ["email", "phone_number"],
            "Name": ["email", "name", "custom:x", "sub"],
            "AuthParameters.key": ["USERNAME", "PASSWORD", "SRP_A", "REFRESH_TOKEN", "SECRET_HASH", "DEVICE_KEY"],
            "ChallengeResponses.key": ["USERNAME", "ANSWER", "NEW_PASSWORD", "TIMESTAMP"],
            "AuthParameters": ["ann", PASSWORD],
            "ResourceArn": [f"arn:aws:cognito-idp:us-east-1:000000000000:userpool/{pool}"],
            "Filter": ['email = "ann@example.com"', 'status = "Enabled"', "email ^= ", '"', 'custom:x = "1"'],
        }


@pytest.fixture
def world(app: Flask) -> World:
    """A server to send anything to."""
    return World(app)


def what_is_wrong(world: World, model: OperationModel, parameters: Any) -> list[str]:
    """Send one input; return why its answer is not one of the model's."""
    status, answer = world.call(model.name, parameters)
    if status == 200:
        return list(faults(answer, model.output_shape))
    if not 400 <= status < 500 or "__type" not in answer:
        return [f"status {status}: {answer}"]
    return []


@pytest.mark.parametrize("operation", SERVED)
def test_no_input_gets_an_error_of_ours(world: World, operation: str) -> None:
    model = MODEL.operation_model(operation)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(parameters=inputs(model.input_shape, world.known))
    def send(parameters: Any) -> None:
        assert what_is_wrong(world, model, parameters) == []

    send()
