"""Who may do what with functions, and what functions may do themselves."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.aws.lambda_.code import ROLE, answered, created, package
from tests.sdk import refused

ARN = "arn:aws:lambda:us-east-1:000000000000:function:greeter"
ANN = "arn:aws:iam::000000000000:user/ann"
LAMBDA_ONLY = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}

Ann = Callable[..., Any]


def policy(*statements: dict[str, Any]) -> str:
    """Return a policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]})


def trust(service: str) -> str:
    """Return the trust policy of a role that a service may assume."""
    return policy({"Principal": {"Service": service}, "Action": "sts:AssumeRole"})


@pytest.fixture
def ann(aws: Any) -> Ann:
    """A maker of Lambda clients signed by the IAM user Ann, who may do what the statements say."""
    iam = aws("iam")
    iam.create_user(UserName="ann")
    key = iam.create_access_key(UserName="ann")["AccessKey"]

    def client(*statements: dict[str, Any]) -> Any:
        iam.put_user_policy(UserName="ann", PolicyName="all", PolicyDocument=policy(*statements))
        return aws("lambda", key=key["AccessKeyId"], secret=key["SecretAccessKey"])

    return client


def test_a_user_needs_leave_for_the_very_function(ann: Ann, functions: Any) -> None:
    created(functions)
    created(functions, FunctionName="other")
    client = ann({"Action": "lambda:GetFunction", "Resource": ARN})

    client.get_function(FunctionName="greeter")

    with refused(
        "AccessDeniedException",
        f"User: {ANN} is not authorized to perform: lambda:GetFunction on resource: "
        "arn:aws:lambda:us-east-1:000000000000:function:other because no identity-based policy allows the "
        "lambda:GetFunction action",
    ):
        client.get_function(FunctionName="other")


def test_leave_to_invoke_is_named_invoke_function(ann: Ann, functions: Any) -> None:
    created(functions)

    ann({"Action": "lambda:InvokeFunction", "Resource": ARN}).invoke(FunctionName=ARN, InvocationType="DryRun")

    with refused("AccessDeniedException"):
        ann({"Action": "lambda:Invoke", "Resource": ARN}).invoke(FunctionName=ARN, InvocationType="DryRun")


def test_a_user_who_may_create_functions_gives_them_no_role_that_he_may_not_pass(ann: Ann) -> None:
    client = ann({"Action": "lambda:*", "Resource": "*"})

    with refused(
        "AccessDeniedException",
        f"User: {ANN} is not authorized to perform: iam:PassRole on resource: {ROLE} because no identity-based policy "
        "allows the iam:PassRole action",
    ):
        created(client)


def test_a_user_may_pass_a_role_to_lambda(ann: Ann) -> None:
    client = ann(
        {"Action": "lambda:*", "Resource": "*"},
        {"Action": "iam:PassRole", "Resource": ROLE, "Condition": LAMBDA_ONLY},
    )

    assert created(client)["Role"] == ROLE


def test_a_role_is_passed_when_it_is_changed(ann: Ann, functions: Any) -> None:
    created(functions)
    client = ann({"Action": "lambda:*", "Resource": "*"})

    client.update_function_configuration(FunctionName="greeter", Timeout=5)

    with refused("AccessDeniedException"):
        client.update_function_configuration(FunctionName="greeter", Role=f"{ROLE}-2")


def test_a_role_that_does_not_trust_lambda_is_refused(aws: Any) -> None:
    aws("iam").create_role(RoleName="runner", AssumeRolePolicyDocument=trust("ec2.amazonaws.com"))

    with refused("InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda."):
        created(aws("lambda"))


def test_a_role_that_trusts_lambda_no_more_gives_no_credentials(aws: Any) -> None:
    iam, functions = aws("iam"), aws("lambda")
    iam.create_role(RoleName="runner", AssumeRolePolicyDocument=trust("lambda.amazonaws.com"))
    created(functions, "import os\nhandler = lambda *_: os.environ.get('AWS_ACCESS_KEY_ID')")
    assert answered(functions, {}).startswith("ASIA")

    iam.update_assume_role_policy(RoleName="runner", PolicyDocument=trust("ec2.amazonaws.com"))
    functions.update_function_code(
        FunctionName="greeter", ZipFile=package("import os\nhandler = lambda *_: [*os.environ]")
    )

    assert "AWS_ACCESS_KEY_ID" not in answered(functions, {})
