"""Log delivery and tags of user pools, through the API."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from idp.app import mount_faces
from idp.domain.errors import CodeDeliveryFailed
from idp.domain.message import Message
from tests.aws.cognito_idp.pools import a_client, a_user_pool, an_application
from tests.sdk import client_of, refused

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

    from idp.services import Services
    from tests.fakes import FakeClock

GROUP = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/pool"
ERRORS: Any = {
    "EventSource": "userNotification",
    "LogLevel": "ERROR",
    "CloudWatchLogsConfiguration": {"LogGroupArn": GROUP},
}
ACTIVITY: Any = {
    "EventSource": "userAuthEvents",
    "LogLevel": "INFO",
    "S3Configuration": {"BucketArn": "arn:aws:s3:::bucket"},
}


class DeadMailer:
    """Delivers nothing."""

    def send(self, _message: Message) -> None:
        raise CodeDeliveryFailed


@pytest.fixture
def pool_id(idp: CognitoIdentityProviderClient) -> str:
    return a_user_pool(idp)


@pytest.fixture
def arn(idp: CognitoIdentityProviderClient, pool_id: str) -> str:
    return idp.describe_user_pool(UserPoolId=pool_id)["UserPool"]["Arn"]


def test_a_pool_logs_what_was_set_last(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp, UserPoolTier="PLUS")
    idp.set_log_delivery_configuration(UserPoolId=pool_id, LogConfigurations=[ERRORS])
    idp.set_log_delivery_configuration(UserPoolId=pool_id, LogConfigurations=[ACTIVITY])

    found = idp.get_log_delivery_configuration(UserPoolId=pool_id)["LogDeliveryConfiguration"]

    assert found == {"UserPoolId": pool_id, "LogConfigurations": [ACTIVITY]}


def test_an_empty_list_switches_logs_off(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    idp.set_log_delivery_configuration(UserPoolId=pool_id, LogConfigurations=[ERRORS])

    idp.set_log_delivery_configuration(UserPoolId=pool_id, LogConfigurations=[])

    assert "LogDeliveryConfiguration" not in idp.get_log_delivery_configuration(UserPoolId=pool_id)


@pytest.mark.parametrize(
    ("configurations", "sentence"),
    [
        ([ERRORS, ERRORS], "Each EventSource can be configured once."),
        ([{**ERRORS, "LogLevel": "INFO"}], "The LogLevel of userNotification must be ERROR."),
        (
            [{"EventSource": "userNotification", "LogLevel": "ERROR"}],
            "userNotification needs one destination of: CloudWatchLogsConfiguration.",
        ),
        (
            [{**ERRORS, "S3Configuration": {"BucketArn": "arn:aws:s3:::bucket"}}],
            "userNotification needs one destination of: CloudWatchLogsConfiguration.",
        ),
        (
            [{**ERRORS, "CloudWatchLogsConfiguration": {}}],
            "CloudWatchLogsConfiguration needs its LogGroupArn.",
        ),
        (
            [{**ERRORS, "CloudWatchLogsConfiguration": {"LogGroupArn": GROUP.replace("0" * 12, "1" * 12)}}],
            "The log group must be of the user pool's account.",
        ),
    ],
)
def test_log_configurations_must_make_sense(
    idp: CognitoIdentityProviderClient, pool_id: str, configurations: Any, sentence: str
) -> None:
    with refused("InvalidParameterException", sentence):
        idp.set_log_delivery_configuration(UserPoolId=pool_id, LogConfigurations=configurations)


def test_the_log_of_what_users_do_needs_the_plus_plan(idp: CognitoIdentityProviderClient, pool_id: str) -> None:
    with refused("FeatureUnavailableInTierException"):
        idp.set_log_delivery_configuration(UserPoolId=pool_id, LogConfigurations=[ACTIVITY])


def test_a_pool_that_logs_what_users_do_keeps_the_plus_plan(idp: CognitoIdentityProviderClient) -> None:
    pool_id = a_user_pool(idp, UserPoolTier="PLUS")
    idp.set_log_delivery_configuration(UserPoolId=pool_id, LogConfigurations=[ACTIVITY])

    with refused("TierChangeNotAllowedException"):
        idp.update_user_pool(UserPoolId=pool_id, UserPoolTier="ESSENTIALS")


def test_a_message_that_was_not_delivered_is_logged_without_its_code(services: Services, clock: FakeClock) -> None:
    broken = replace(services, mailer=DeadMailer())
    idp: Any = client_of(mount_faces(broken), "cognito-idp")
    pool_id = a_user_pool(idp, AutoVerifiedAttributes=["email"])
    idp.set_log_delivery_configuration(UserPoolId=pool_id, LogConfigurations=[ERRORS])

    with refused("CodeDeliveryFailureException"):
        idp.sign_up(ClientId=a_client(idp, pool_id), **an_application("ann", email="ann@example.com"))

    lines = services.log_files.path_of(GROUP).read_bytes().splitlines()
    logged = orjson.loads(lines[0])
    subject = idp.admin_get_user(UserPoolId=pool_id, Username="ann")["UserAttributes"][0]["Value"]
    assert len(lines) == 1
    assert logged == {
        "eventTimestamp": str(int(clock.now().timestamp() * 1000)),
        "eventSource": "USER_NOTIFICATION",
        "logLevel": "ERROR",
        "message": {"details": f"SignUp message to user {subject} by EMAIL: Unable to deliver the message."},
        "logSourceId": {"userPoolId": pool_id},
    }


@pytest.mark.parametrize("name", ["/aws/../../etc/passwd", "x" * 512])
def test_a_log_group_names_a_file_in_the_log_folder(services: Services, name: str) -> None:
    path = services.log_files.path_of(f"arn:aws:logs:us-east-1:000000000000:log-group:{name}")

    assert path.resolve().parent == (services.settings.data / "logs").resolve()
    assert len(path.name) < 200


def test_a_log_file_that_is_full_makes_room(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("idp.outbound.log_files.MAX_BYTES", 10)
    services.log_files.append(GROUP, {"number": "one"})
    services.log_files.append(GROUP, {"number": "two"})

    path = services.log_files.path_of(GROUP)
    assert path.read_bytes() == b'{"number":"two"}\n'
    assert path.with_suffix(".1.jsonl").read_bytes() == b'{"number":"one"}\n'


def test_tags_are_one_set_wherever_they_are_changed(idp: CognitoIdentityProviderClient) -> None:
    made = idp.create_user_pool(PoolName="people", UserPoolTags={"a": "1", "b": "2"})["UserPool"]
    arn = made["Arn"]

    idp.tag_resource(ResourceArn=arn, Tags={"b": "3", "c": "4"})
    idp.untag_resource(ResourceArn=arn, TagKeys=["a", "never"])

    assert idp.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"b": "3", "c": "4"}
    assert idp.describe_user_pool(UserPoolId=made["Id"])["UserPool"]["UserPoolTags"] == {"b": "3", "c": "4"}


def test_an_update_of_the_pool_replaces_its_tags(idp: CognitoIdentityProviderClient, pool_id: str, arn: str) -> None:
    idp.tag_resource(ResourceArn=arn, Tags={"a": "1"})

    idp.update_user_pool(UserPoolId=pool_id, UserPoolTags={"b": "2"})

    assert idp.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"b": "2"}


@pytest.mark.parametrize(
    ("tags", "sentence"),
    [
        ({f"key{number}": "" for number in range(51)}, "A user pool has at most 50 tags."),
        ({"AWS:mine": "1"}, "Tag keys that begin with aws: are reserved."),
    ],
)
def test_some_tags_are_refused_at_every_door(
    idp: CognitoIdentityProviderClient, arn: str, tags: dict[str, str], sentence: str
) -> None:
    with refused("InvalidParameterException", sentence):
        idp.tag_resource(ResourceArn=arn, Tags=tags)
    with refused("UserPoolTaggingException", sentence):
        a_user_pool(idp, UserPoolTags=tags)


@pytest.mark.parametrize("foreign", [("us-east-1:", "eu-west-1:"), ("userpool/", "userpool/x/"), ("0" * 12, "1" * 12)])
def test_only_the_very_arn_of_a_pool_reaches_its_tags(
    idp: CognitoIdentityProviderClient, arn: str, foreign: tuple[str, str]
) -> None:
    other = arn.replace(*foreign, 1)

    with refused("ResourceNotFoundException", f"Resource {other} does not exist."):
        idp.tag_resource(ResourceArn=other, Tags={"a": "1"})


def test_the_tags_of_another_account_are_out_of_reach(arn: str, pool_id: str, aws: Any) -> None:
    stranger = aws("cognito-idp", key="111111111111")

    with refused("ResourceNotFoundException", f"User pool {pool_id} does not exist."):
        stranger.list_tags_for_resource(ResourceArn=arn)
