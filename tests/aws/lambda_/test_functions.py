"""Creating, reading, changing and deleting functions."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest

from idp.services import Services
from tests.aws.lambda_.code import ROLE, answered, created, package
from tests.sdk import refused

ARN = "arn:aws:lambda:us-east-1:000000000000:function:greeter"
NOT_FOUND = f"Function not found: {ARN}"


def test_a_new_function_is_answered_as_lambda_does(functions: Any) -> None:
    answer = created(functions, Description="says hello", Timeout=7, MemorySize=256)

    del answer["ResponseMetadata"], answer["RevisionId"]
    assert answer == {
        "FunctionName": "greeter",
        "FunctionArn": ARN,
        "Runtime": "python3.11",
        "Role": ROLE,
        "Handler": "app.handler",
        "CodeSize": len(package()),
        "Description": "says hello",
        "Timeout": 7,
        "MemorySize": 256,
        "LastModified": "2026-03-02T12:00:00.000+0000",
        "CodeSha256": base64.b64encode(hashlib.sha256(package()).digest()).decode(),
        "Version": "$LATEST",
        "TracingConfig": {"Mode": "PassThrough"},
        "State": "Active",
        "LastUpdateStatus": "Successful",
        "PackageType": "Zip",
        "Architectures": ["x86_64"],
        "EphemeralStorage": {"Size": 512},
        "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"},
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": "/aws/lambda/greeter"},
    }


def test_creating_answers_201(functions: Any) -> None:
    assert created(functions)["ResponseMetadata"]["HTTPStatusCode"] == 201


def test_settings_that_are_not_given_have_lambdas_defaults(functions: Any) -> None:
    answer = created(functions)

    assert (answer["Timeout"], answer["MemorySize"], answer["Description"]) == (3, 128, "")
    assert "Environment" not in answer


def test_a_function_is_read_with_its_tags(functions: Any) -> None:
    made = created(functions, Tags={"team": "blue"})

    read = functions.get_function(FunctionName="greeter")

    assert read["Configuration"]["RevisionId"] == made["RevisionId"]
    assert read["Tags"] == {"team": "blue"}


@pytest.mark.parametrize("name", ["greeter", "greeter:$LATEST", "000000000000:function:greeter", ARN, f"{ARN}:$LATEST"])
def test_a_function_goes_by_every_form_of_its_name(functions: Any, name: str) -> None:
    created(functions)

    assert functions.get_function_configuration(FunctionName=name)["FunctionArn"] == ARN


def test_a_name_is_taken_once(functions: Any) -> None:
    created(functions)

    with refused("ResourceConflictException", "Function already exist: greeter"):
        created(functions)


@pytest.mark.parametrize(
    "operation", ["get_function", "get_function_configuration", "delete_function", "update_function_configuration"]
)
def test_a_function_that_does_not_exist_is_not_found(functions: Any, operation: str) -> None:
    with refused("ResourceNotFoundException", NOT_FOUND) as caught:
        getattr(functions, operation)(FunctionName="greeter")

    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_no_version_of_a_function_exists(functions: Any) -> None:
    created(functions)

    with refused("ResourceNotFoundException", f"{NOT_FOUND}:1"):
        functions.get_function(FunctionName="greeter", Qualifier="1")


def test_a_qualifier_is_not_given_twice(functions: Any) -> None:
    created(functions)

    with refused(
        "InvalidParameterValueException",
        "The derived qualifier from the function name does not match the specified qualifier.",
    ):
        functions.get_function(FunctionName="greeter:1", Qualifier="$LATEST")


def test_a_function_of_another_region_is_not_reachable(aws: Any) -> None:
    created(aws("lambda"))

    with refused(
        "ResourceNotFoundException",
        "Functions from 'us-east-1' are not reachable in this region ('eu-west-1')",
    ):
        aws("lambda", region="eu-west-1").get_function(FunctionName=ARN)


def test_the_root_of_another_account_is_refused_a_function(aws: Any) -> None:
    created(aws("lambda"))

    with refused(
        "AccessDeniedException",
        f"User: arn:aws:iam::111122223333:root is not authorized to perform: lambda:GetFunction on resource: {ARN} "
        "because no resource-based policy allows the lambda:GetFunction action",
    ) as caught:
        aws("lambda", key="111122223333").get_function(FunctionName=ARN)

    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_accounts_and_regions_have_functions_of_their_own(aws: Any) -> None:
    created(aws("lambda"))

    assert aws("lambda", key="111122223333").list_functions()["Functions"] == []
    assert aws("lambda", region="eu-west-1").list_functions()["Functions"] == []


def test_functions_are_listed_by_name_in_pages(functions: Any) -> None:
    for name in ("beta", "alpha", "gamma"):
        created(functions, FunctionName=name)

    first = functions.list_functions(MaxItems=2)
    second = functions.list_functions(MaxItems=2, Marker=first["NextMarker"])

    assert [each["FunctionName"] for each in first["Functions"]] == ["alpha", "beta"]
    assert [each["FunctionName"] for each in second["Functions"]] == ["gamma"]
    assert "NextMarker" not in second


def test_a_list_says_nothing_of_states(functions: Any) -> None:
    created(functions)

    assert "State" not in functions.list_functions()["Functions"][0]


def test_settings_are_changed_one_by_one(functions: Any) -> None:
    made = created(functions, Description="old", Timeout=7)

    changed = functions.update_function_configuration(FunctionName="greeter", Description="new")

    assert (changed["Description"], changed["Timeout"]) == ("new", 7)
    assert changed["RevisionId"] != made["RevisionId"]


def test_an_environment_is_replaced_as_a_whole(functions: Any) -> None:
    created(functions, Environment={"Variables": {"WORD": "a", "OTHER": "b"}})

    changed = functions.update_function_configuration(FunctionName="greeter", Environment={"Variables": {"WORD": "c"}})

    assert changed["Environment"] == {"Variables": {"WORD": "c"}}


def test_new_code_runs_at_the_next_invocation(functions: Any) -> None:
    created(functions)
    answered(functions, {})

    changed = functions.update_function_code(FunctionName="greeter", ZipFile=package("handler = lambda *_: 'new'"))

    assert changed["CodeSize"] == len(package("handler = lambda *_: 'new'"))
    assert answered(functions, {}) == "new"


def test_a_dry_run_of_new_code_changes_nothing(functions: Any) -> None:
    made = created(functions)

    functions.update_function_code(FunctionName="greeter", ZipFile=package("handler = lambda *_: 'new'"), DryRun=True)

    assert functions.get_function_configuration(FunctionName="greeter")["CodeSha256"] == made["CodeSha256"]


@pytest.mark.parametrize(
    "change",
    [
        {"operation": "update_function_configuration", "Description": "x"},
        {"operation": "update_function_code", "ZipFile": package()},
    ],
)
def test_a_change_of_an_older_revision_is_refused(functions: Any, change: dict[str, Any]) -> None:
    created(functions)
    parameters = {name: value for name, value in change.items() if name != "operation"}

    with refused("PreconditionFailedException", None) as caught:
        getattr(functions, change["operation"])(FunctionName="greeter", RevisionId="older", **parameters)

    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 412


def test_a_deleted_function_is_gone(functions: Any) -> None:
    created(functions)
    answered(functions, {})

    answer = functions.delete_function(FunctionName="greeter")

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 204
    with refused("ResourceNotFoundException", f"{NOT_FOUND}:$LATEST"):
        functions.invoke(FunctionName="greeter")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"Runtime": "nodejs22.x"},
            "The runtime nodejs22.x is not served here; python3.x runtimes are.",
        ),
        (
            {"Handler": None},
            "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
        ),
        (
            {"Timeout": 901},
            (
                "1 validation error detected: Value '901' at 'timeout' failed to satisfy constraint: "
                "Member must have value less than or equal to 900"
            ),
        ),
        (
            {"MemorySize": 10_241},
            (
                "1 validation error detected: Value '10241' at 'memorySize' failed to satisfy constraint: "
                "Member must have value less than or equal to 10240"
            ),
        ),
        ({"Code": {"ZipFile": b""}}, "Uploaded file must be a non-empty zip"),
        (
            {"Code": {"ZipFile": b"no zip"}},
            "Could not unzip uploaded file. Please check your file, then try to upload again.",
        ),
        ({"Code": {}}, "Please provide a source for function code."),
        (
            {"Code": {"ImageUri": "000000000000.dkr.ecr.us-east-1.amazonaws.com/greeter:1"}},
            "ImageUri is declined by this server. Code comes as ZipFile here, not as a container image.",
        ),
        (
            {"Code": {"S3Bucket": "bucket", "S3Key": "key"}},
            "S3Bucket is declined by this server. Code comes as ZipFile here, not from S3.",
        ),
        ({"Publish": True}, "Publish is declined by this server. Versions are not served: $LATEST is what runs."),
        (
            {"Environment": {"Variables": {"AWS_REGION": "x", "LAMBDA_TASK_ROOT": "y"}}},
            (
                "Lambda was unable to configure your environment variables because the environment variables you have "
                "provided contains reserved keys that are currently not supported for modification. Reserved keys used in "
                "this request: AWS_REGION, LAMBDA_TASK_ROOT"
            ),
        ),
    ],
)
def test_what_cannot_be_run_is_refused(functions: Any, given: dict[str, Any], message: str) -> None:
    with refused("InvalidParameterValueException", message):
        created(functions, **given)


def test_an_environment_of_more_than_4_kb_is_refused(functions: Any) -> None:
    variables = {"LARGE": "x" * 4090}
    measured = json.dumps(variables, separators=(",", ":"))

    with refused(
        "InvalidParameterValueException",
        "Lambda was unable to configure your environment variables because the environment variables you have provided "
        f"exceeded the 4KB limit. String measured: {measured}",
    ):
        created(functions, Environment={"Variables": variables})


def test_an_environment_is_sealed_in_the_database(functions: Any, services: Services) -> None:
    created(functions, Environment={"Variables": {"WORD": "open-sesame"}})

    stored = b"".join(each.read_bytes() for each in services.settings.data.glob("idp.sqlite*"))

    assert b"python3.11" in stored
    assert b"open-sesame" not in stored


def test_a_role_of_another_account_is_refused(functions: Any) -> None:
    with refused("AccessDeniedException", "Cross-account pass role is not allowed."):
        created(functions, Role="arn:aws:iam::111122223333:role/runner")
