"""Triggers as they really run: a Lambda function, a webhook and a Python callable confirm a user who signs up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from idp.app import mount_faces
from idp.outbound.trigger_callables import PythonCallables
from idp.outbound.trigger_records import TriggerRecords
from idp.outbound.trigger_webhooks import Webhooks
from idp.outbound.triggers import LambdaFunctions, TriggerRunner
from tests.aws.cognito_idp.pools import a_client, a_user_pool, an_application
from tests.aws.lambda_.code import ROLE, package
from tests.gateway.web_server import WebServer, serve
from tests.sdk import client_of, refused

if TYPE_CHECKING:
    from flask import Flask

    from idp.services import Services

CONFIRM = """
def handler(event, context):
    event["response"]["autoConfirmUser"] = True
    return event
"""
REFUSE = """
def handler(event, context):
    raise Exception("No guests")
"""


def confirm(event: dict[str, Any], context: None) -> dict[str, Any]:
    """Confirm whoever signs up, as a callable of this process."""
    return {**event, "response": {"autoConfirmUser": True}}


@pytest.fixture
def real(services: Services) -> Flask:
    """The whole server, whose triggers really run."""
    runner = TriggerRunner(
        lambdas=LambdaFunctions(services.functions),
        webhooks=Webhooks(services.http, services.sealer, services.clock, services.random),
        callables=PythonCallables(),
        records=TriggerRecords(services.unit_of_work, services.clock),
    )
    return mount_faces(replace(services, triggers=runner))


@pytest.fixture
def webhook() -> Iterator[WebServer]:
    """A server that confirms whoever signs up."""
    with serve() as web:
        web.answers["/hook"] = orjson.dumps({"response": {"autoConfirmUser": True}})
        yield web


def sign_up(app: Flask, function: str) -> Any:
    idp = client_of(app, "cognito-idp")
    client_id = a_client(idp, a_user_pool(idp, LambdaConfig={"PreSignUp": function}))
    return idp.sign_up(ClientId=client_id, **an_application("ann"))


def a_function(app: Flask, source: str) -> str:
    arn: str = client_of(app, "lambda").create_function(
        FunctionName="gate", Runtime="python3.11", Handler="app.handler", Role=ROLE, Code={"ZipFile": package(source)}
    )["FunctionArn"]
    return arn


def test_a_lambda_function_confirms_a_user(real: Flask) -> None:
    assert sign_up(real, a_function(real, CONFIRM))["UserConfirmed"] is True


def test_a_lambda_function_refuses_in_its_words(real: Flask) -> None:
    function = a_function(real, REFUSE)
    with refused("UserLambdaValidationException", "PreSignUp failed with error No guests."):
        sign_up(real, function)


def test_a_missing_function_is_told_by_lambdas_error(real: Flask) -> None:
    with refused("UnexpectedLambdaException", "PreSignUp invocation failed due to error ResourceNotFoundException."):
        sign_up(real, "arn:aws:lambda:us-east-1:000000000000:function:missing")


def test_a_webhook_confirms_a_user(real: Flask, webhook: WebServer) -> None:
    assert sign_up(real, f"{webhook.url}/hook")["UserConfirmed"] is True


def test_a_python_callable_confirms_a_user_and_the_run_is_seen(real: Flask) -> None:
    assert sign_up(real, f"{__name__}:confirm")["UserConfirmed"] is True
    (run,) = real.test_client().get("/_dev/triggers").get_json()["invocations"]
    assert (run["triggerSource"], run["answer"]["response"]) == ("PreSignUp_SignUp", {"autoConfirmUser": True})
