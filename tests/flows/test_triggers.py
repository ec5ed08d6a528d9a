"""What a pool's functions are sent, and what of their answers counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from idp.domain.errors import TriggerAnswerInvalid
from idp.domain.user import User, UserStatus
from idp.domain.user_pool import UserPool
from idp.flows.triggers import find_function, run_trigger, user_attributes
from tests.fakes import START

if TYPE_CHECKING:
    from idp.services import Services
    from tests.fakes import ScriptedTriggers

ARN = "arn:aws:lambda:us-east-1:000000000000:function:gate"
OTHER = "arn:aws:lambda:us-east-1:000000000000:function:other"


def a_pool(**settings: Any) -> UserPool:
    return UserPool("us-east-1_abcdefghi", "000000000000", "us-east-1", "people", settings, START, START)


ANN = User(
    pool_id="us-east-1_abcdefghi",
    username="ann",
    sub="11111111-2222-4333-8444-555555555555",
    status=UserStatus.CONFIRMED,
    attributes={"email": "ann@example.com", "email_verified": "true", "preferred_username": "annie"},
    created_at=START,
    updated_at=START,
)


def run(services: Services, user_pool: UserPool, client_id: str | None = "app") -> Any:
    return run_trigger(
        services,
        user_pool,
        "PreSignUp",
        "PreSignUp_SignUp",
        client_id=client_id,
        username="ann",
        request={"userAttributes": {"email": "ann@example.com"}},
        response={"autoConfirmUser": False},
    )


def test_a_function_gets_the_whole_event(services: Services, triggers: ScriptedTriggers) -> None:
    run(services, a_pool(LambdaConfig={"PreSignUp": ARN}))

    call = triggers.calls[0]
    assert (call.name, call.source, call.arn) == ("PreSignUp", "PreSignUp_SignUp", ARN)
    assert call.event == {
        "version": "1",
        "triggerSource": "PreSignUp_SignUp",
        "region": "us-east-1",
        "userPoolId": "us-east-1_abcdefghi",
        "userName": "ann",
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": "app"},
        "request": {"userAttributes": {"email": "ann@example.com"}},
        "response": {"autoConfirmUser": False},
    }


def test_a_call_without_a_client_says_so(services: Services, triggers: ScriptedTriggers) -> None:
    run(services, a_pool(LambdaConfig={"PreSignUp": ARN}), client_id=None)

    assert triggers.calls[0].event["callerContext"]["clientId"] == "CLIENT_ID_NOT_APPLICABLE"


def test_the_response_of_the_answer_is_what_counts(services: Services, triggers: ScriptedTriggers) -> None:
    triggers.on("PreSignUp", lambda event: {**event, "autoConfirmUser": True, "response": {"autoVerifyEmail": True}})

    assert run(services, a_pool(LambdaConfig={"PreSignUp": ARN})) == {"autoVerifyEmail": True}


def test_a_pool_without_the_trigger_runs_nothing(services: Services, triggers: ScriptedTriggers) -> None:
    assert run(services, a_pool(LambdaConfig={"PostConfirmation": ARN})) == {"autoConfirmUser": False}
    assert triggers.calls == []


@pytest.mark.parametrize("answer", [{}, {"response": None}, {"response": []}, {"response": "yes"}])
def test_an_answer_without_a_response_is_refused(
    services: Services, triggers: ScriptedTriggers, answer: dict[str, Any]
) -> None:
    triggers.on("PreSignUp", lambda _: answer)

    with pytest.raises(TriggerAnswerInvalid, match="Unrecognizable lambda output"):
        run(services, a_pool(LambdaConfig={"PreSignUp": ARN}))


@pytest.mark.parametrize(
    ("configured", "found"),
    [
        ({"PreTokenGeneration": ARN}, (ARN, "1")),
        ({"PreTokenGenerationConfig": {"LambdaArn": ARN, "LambdaVersion": "V1_0"}}, (ARN, "1")),
        ({"PreTokenGenerationConfig": {"LambdaArn": ARN, "LambdaVersion": "V2_0"}}, (ARN, "2")),
        ({"PreTokenGenerationConfig": {"LambdaArn": ARN, "LambdaVersion": "V3_0"}}, (ARN, "3")),
        (
            {"PreTokenGeneration": ARN, "PreTokenGenerationConfig": {"LambdaArn": ARN, "LambdaVersion": "V2_0"}},
            (ARN, "2"),
        ),
        ({"PreSignUp": ARN}, (None, "1")),
        ({}, (None, "1")),
    ],
    ids=["plain", "V1_0", "V2_0", "V3_0", "both", "another", "none"],
)
def test_the_version_of_the_event_is_the_configured_one(configured: Any, found: tuple[str | None, str]) -> None:
    assert find_function(a_pool(LambdaConfig=configured), "PreTokenGeneration") == found


def test_events_show_all_attributes_with_subject_and_status() -> None:
    assert user_attributes(a_pool(), ANN) == {
        "sub": ANN.sub,
        "cognito:user_status": "CONFIRMED",
        "email": "ann@example.com",
        "email_verified": "true",
        "preferred_username": "annie",
    }


def test_events_show_a_verified_address_as_the_alias_it_is() -> None:
    shown = user_attributes(a_pool(AliasAttributes=["email", "phone_number"]), ANN)

    assert shown["cognito:email_alias"] == "ann@example.com"
    assert "cognito:phone_number_alias" not in shown


def test_an_unverified_address_is_no_alias() -> None:
    unverified = replace(ANN, attributes={"email": "ann@example.com", "email_verified": "false"})

    assert "cognito:email_alias" not in user_attributes(a_pool(AliasAttributes=["email"]), unverified)
