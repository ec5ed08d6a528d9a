from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.aws.iam.policies import allow, trust
from tests.aws.sts.conftest import ACCOUNT
from tests.fakes import START, FakeClock
from tests.sdk import refused

ANN = f"arn:aws:iam::{ACCOUNT}:user/ann"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/team/reader"
DENIED = f"User: {ANN} is not authorized to perform: sts:AssumeRole on resource: {ROLE}"
TRUST_ANN = trust({"AWS": ANN}, ["sts:AssumeRole", "sts:TagSession"])
TRUST_ACCOUNT = trust({"AWS": ACCOUNT})


@pytest.fixture
def ann(a_user: Callable[..., Any]) -> Any:
    """The user ann, who has no policy."""
    return a_user("ann")("sts")


@pytest.fixture
def reader(ann: Any, a_role: Callable[..., str]) -> str:
    """A role that trusts ann by name."""
    return a_role("reader", TRUST_ANN, allow("iam:ListRoles"), Path="/team/", MaxSessionDuration=7200)


def test_a_trusted_user_gets_a_session(ann: Any, reader: str, iam: Any) -> None:
    answer = ann.assume_role(RoleArn=reader, RoleSessionName="s1")

    role_id = iam.get_role(RoleName="reader")["Role"]["RoleId"]
    assert answer["AssumedRoleUser"] == {
        "AssumedRoleId": f"{role_id}:s1",
        "Arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/s1",
    }
    assert answer["Credentials"]["AccessKeyId"].startswith("ASIA")
    assert len(answer["Credentials"]["AccessKeyId"]) == 20
    assert answer["Credentials"]["Expiration"] == START + timedelta(hours=1)
    assert "PackedPolicySize" not in answer


def test_a_session_knows_who_it_is(ann: Any, reader: str, signing_with: Callable[..., Any]) -> None:
    answer = ann.assume_role(RoleArn=reader, RoleSessionName="s1")

    caller = signing_with(answer["Credentials"], "sts").get_caller_identity()

    assert caller["UserId"] == answer["AssumedRoleUser"]["AssumedRoleId"]
    assert caller["Arn"] == answer["AssumedRoleUser"]["Arn"]
    assert caller["Account"] == ACCOUNT


def test_somebody_the_role_does_not_trust_is_refused(a_user: Callable[..., Any], reader: str) -> None:
    bob = a_user("bob", allow("sts:AssumeRole"))("sts")

    with refused("AccessDenied", DENIED.replace("user/ann", "user/bob")):
        bob.assume_role(RoleArn=reader, RoleSessionName="s1")


def test_trust_in_the_account_leaves_it_to_the_users_own_policies(
    a_user: Callable[..., Any], a_role: Callable[..., str]
) -> None:
    role = a_role("open", TRUST_ACCOUNT)
    may, may_not = a_user("may", allow("sts:AssumeRole", role))("sts"), a_user("maynot")("sts")

    assert may.assume_role(RoleArn=role, RoleSessionName="s1")["Credentials"]
    with refused("AccessDenied"):
        may_not.assume_role(RoleArn=role, RoleSessionName="s1")


def test_a_user_of_another_account_needs_both_policies(a_user: Callable[..., Any], a_role: Callable[..., str]) -> None:
    role = a_role("shared", trust({"AWS": "444455556666"}))
    may = a_user("may", allow("sts:AssumeRole", role), account="444455556666")("sts")
    may_not = a_user("maynot", account="444455556666")("sts")

    assert may.assume_role(RoleArn=role, RoleSessionName="s1")["Credentials"]
    with refused("AccessDenied"):
        may_not.assume_role(RoleArn=role, RoleSessionName="s1")


def test_a_role_that_is_not_there_is_refused_like_one_that_does_not_trust(ann: Any) -> None:
    with refused("AccessDenied", DENIED):
        ann.assume_role(RoleArn=ROLE, RoleSessionName="s1")


def test_a_role_is_not_found_by_another_path(ann: Any, reader: str) -> None:
    elsewhere = reader.replace("/team/", "/")

    with refused("AccessDenied", DENIED.replace("/team/", "/")):
        ann.assume_role(RoleArn=elsewhere, RoleSessionName="s1")


def test_the_root_of_an_account_assumes_no_role(aws: Any, reader: str) -> None:
    with refused("AccessDenied", "Roles may not be assumed by root accounts."):
        aws("sts", key=ACCOUNT).assume_role(RoleArn=reader, RoleSessionName="s1")


def test_an_external_id_is_asked_for_by_the_trust_policy(ann: Any, a_role: Callable[..., str]) -> None:
    role = a_role("reader", trust({"AWS": ANN}, Condition={"StringEquals": {"sts:ExternalId": "x-42"}}), Path="/team/")

    assert ann.assume_role(RoleArn=role, RoleSessionName="s1", ExternalId="x-42")["Credentials"]
    with refused("AccessDenied", DENIED):
        ann.assume_role(RoleArn=role, RoleSessionName="s1")


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"RoleArn": "nothing-valid-in-here"}, "nothing-valid-in-here is invalid"),
        (
            {"RoleSessionName": "Session1:2"},
            (
                "1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: "
                r"Member must satisfy regular expression pattern: [\w+=,.@-]*"
            ),
        ),
        (
            {"DurationSeconds": 7201},
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        ),
    ],
)
def test_malformed_requests_are_told_so(ann: Any, reader: str, parameters: dict[str, Any], message: str) -> None:
    with refused("ValidationError", message):
        ann.assume_role(**{"RoleArn": reader, "RoleSessionName": "s1", **parameters})


def test_a_session_lasts_as_long_as_was_asked_for(ann: Any, reader: str) -> None:
    answer = ann.assume_role(RoleArn=reader, RoleSessionName="s1", DurationSeconds=7200)

    assert answer["Credentials"]["Expiration"] == START + timedelta(hours=2)


def test_a_session_is_limited_by_its_role(ann: Any, reader: str, signing_with: Callable[..., Any]) -> None:
    session = signing_with(ann.assume_role(RoleArn=reader, RoleSessionName="s1")["Credentials"], "iam")

    assert session.list_roles()["Roles"]
    with refused(
        "AccessDenied",
        f"User: arn:aws:sts::{ACCOUNT}:assumed-role/reader/s1 is not authorized to perform: iam:ListUsers on "
        f"resource: arn:aws:iam::{ACCOUNT}:user/* because no identity-based policy allows the iam:ListUsers action",
    ):
        session.list_users()


def test_a_session_policy_limits_further(ann: Any, reader: str, signing_with: Callable[..., Any]) -> None:
    answer = ann.assume_role(RoleArn=reader, RoleSessionName="s1", Policy=allow("iam:GetRole"))

    assert 0 < answer["PackedPolicySize"] < 100
    with refused(
        "AccessDenied",
        f"User: arn:aws:sts::{ACCOUNT}:assumed-role/reader/s1 is not authorized to perform: iam:ListRoles on "
        f"resource: arn:aws:iam::{ACCOUNT}:role/* because no session policy allows the iam:ListRoles action",
    ):
        signing_with(answer["Credentials"], "iam").list_roles()


def test_a_session_policy_that_is_none_is_refused(ann: Any, reader: str) -> None:
    with refused("MalformedPolicyDocument", "This policy contains invalid Json"):
        ann.assume_role(RoleArn=reader, RoleSessionName="s1", Policy="{")


def test_a_session_policy_has_limited_room(ann: Any, reader: str) -> None:
    with refused("PackedPolicyTooLarge", "Packed size of the session policies and tags is 150%"):
        ann.assume_role(RoleArn=reader, RoleSessionName="s1", Policy=allow("s3:" + "x" * 2972))


def test_a_role_assumed_by_a_session_lasts_an_hour_at_most(
    ann: Any, reader: str, a_role: Callable[..., str], signing_with: Callable[..., Any]
) -> None:
    second = a_role("second", trust({"AWS": reader}), MaxSessionDuration=7200)
    session = signing_with(ann.assume_role(RoleArn=reader, RoleSessionName="s1")["Credentials"], "sts")

    assert session.assume_role(RoleArn=second, RoleSessionName="s2", DurationSeconds=3600)["Credentials"]
    with refused(
        "ValidationError",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
    ):
        session.assume_role(RoleArn=second, RoleSessionName="s2", DurationSeconds=3601)


def test_an_expired_session_is_refused(
    ann: Any, reader: str, signing_with: Callable[..., Any], clock: FakeClock
) -> None:
    session = signing_with(ann.assume_role(RoleArn=reader, RoleSessionName="s1")["Credentials"], "sts")

    clock.advance(timedelta(hours=1))

    with refused("ExpiredToken", "The security token included in the request is expired"):
        session.get_caller_identity()


@pytest.mark.parametrize("change", [{"SessionToken": "AAAA"}, {"SessionToken": None}])
def test_a_key_without_its_own_token_is_refused(
    ann: Any, reader: str, signing_with: Callable[..., Any], change: dict[str, Any]
) -> None:
    credentials = ann.assume_role(RoleArn=reader, RoleSessionName="s1")["Credentials"]

    with refused("InvalidClientTokenId", "The security token included in the request is invalid."):
        signing_with({**credentials, **change}, "sts").get_caller_identity()


def test_a_token_is_good_for_its_own_key_only(ann: Any, reader: str, signing_with: Callable[..., Any]) -> None:
    first = ann.assume_role(RoleArn=reader, RoleSessionName="s1")["Credentials"]
    second = ann.assume_role(RoleArn=reader, RoleSessionName="s2")["Credentials"]

    with refused("InvalidClientTokenId", "The security token included in the request is invalid."):
        signing_with({**first, "SessionToken": second["SessionToken"]}, "sts").get_caller_identity()


def test_a_wrong_secret_is_refused(ann: Any, reader: str, signing_with: Callable[..., Any]) -> None:
    credentials = ann.assume_role(RoleArn=reader, RoleSessionName="s1")["Credentials"]

    with refused("SignatureDoesNotMatch"):
        signing_with({**credentials, "SecretAccessKey": "wrong"}, "sts").get_caller_identity()


def test_sessions_of_a_deleted_role_lose_all_rights(
    ann: Any, reader: str, iam: Any, signing_with: Callable[..., Any], a_role: Callable[..., str]
) -> None:
    session = signing_with(ann.assume_role(RoleArn=reader, RoleSessionName="s1")["Credentials"], "iam")
    iam.delete_role_policy(RoleName="reader", PolicyName="p")
    iam.delete_role(RoleName="reader")
    a_role("reader", TRUST_ANN, allow("iam:ListRoles"), Path="/team/")

    with refused("AccessDenied"):
        session.list_roles()


def test_session_tags_are_known_to_policies(
    ann: Any, a_role: Callable[..., str], signing_with: Callable[..., Any]
) -> None:
    role = a_role("reader", TRUST_ANN, allow("iam:GetRole", f"arn:aws:iam::{ACCOUNT}:role/${{aws:PrincipalTag/team}}"))
    answer = ann.assume_role(RoleArn=role, RoleSessionName="s1", Tags=[{"Key": "team", "Value": "reader"}])
    session = signing_with(answer["Credentials"], "iam")

    assert session.get_role(RoleName="reader")["Role"]["RoleName"] == "reader"
    with refused("AccessDenied"):
        session.get_role(RoleName="writer")


def test_tags_need_a_trust_policy_that_lets_them_be_set(ann: Any, a_role: Callable[..., str]) -> None:
    role = a_role("reader", trust({"AWS": ANN}), Path="/team/")

    with refused("AccessDenied", DENIED.replace("sts:AssumeRole", "sts:TagSession")):
        ann.assume_role(RoleArn=role, RoleSessionName="s1", Tags=[{"Key": "team", "Value": "blue"}])


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            {"Tags": [{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}]},
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        ),
        (
            {"Tags": [{"Key": "a", "Value": "1"}], "TransitiveTagKeys": ["b"]},
            "The specified transitive tag key must be included in the requested tags.",
        ),
    ],
)
def test_contradictory_tags_are_refused(ann: Any, reader: str, parameters: dict[str, Any], message: str) -> None:
    with refused("InvalidParameterValue", message):
        ann.assume_role(RoleArn=reader, RoleSessionName="s1", **parameters)


def test_a_transitive_tag_goes_on_and_cannot_be_set_anew(
    ann: Any, reader: str, a_role: Callable[..., str], signing_with: Callable[..., Any]
) -> None:
    only_blue = {"StringEquals": {"aws:PrincipalTag/team": "blue"}}
    second = a_role(
        "second",
        trust({"AWS": reader}, ["sts:AssumeRole", "sts:TagSession"]),
        allow("iam:ListRoles", Condition=only_blue),
    )
    team = [{"Key": "team", "Value": "blue"}]
    first = ann.assume_role(RoleArn=reader, RoleSessionName="s1", Tags=team, TransitiveTagKeys=["team"])
    session = signing_with(first["Credentials"], "sts")

    chained = session.assume_role(RoleArn=second, RoleSessionName="s2")

    assert signing_with(chained["Credentials"], "iam").list_roles()["Roles"]
    with refused(
        "InvalidParameterValue",
        "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from "
        "the calling session.",
    ):
        session.assume_role(RoleArn=second, RoleSessionName="s3", Tags=[{"Key": "Team", "Value": "red"}])


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"PolicyArns": [{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}]}, "NoSuchEntity"),
        ({"SerialNumber": "arn:aws:iam::1:mfa/x", "TokenCode": "123456"}, "AccessDenied"),
        ({"SourceIdentity": "ann"}, "ValidationError"),
    ],
)
def test_what_would_limit_a_session_and_is_not_served_is_refused(
    ann: Any, reader: str, parameters: dict[str, Any], code: str
) -> None:
    with refused(code):
        ann.assume_role(RoleArn=reader, RoleSessionName="s1", **parameters)
