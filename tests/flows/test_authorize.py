from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from idp.authorizer.policy import PolicyDocument, parse_policy
from idp.domain.errors import AccessDenied
from idp.domain.iam import Role
from idp.domain.principal import Principal, root_of
from idp.flows.access_keys import create_access_key
from idp.flows.authorize import decide, require
from idp.flows.credentials import issue_role_session
from idp.flows.iam_roles import create_role, delete_role
from idp.flows.iam_users import create_user
from idp.flows.inline_policies import delete_policy, put_policy, role_owner, user_owner
from idp.flows.principals import find_signer
from idp.services import Services
from tests.aws.iam.policies import TRUST_LAMBDA, allow, document
from tests.fakes import FakeClock

ACCOUNT, OTHER = "111122223333", "444455556666"
TABLE = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/notes"
FOREIGN = f"arn:aws:dynamodb:us-east-1:{OTHER}:table/notes"
READ = "dynamodb:GetItem"


@pytest.fixture
def ann(services: Services) -> Principal:
    """The IAM user ann, as she signs."""
    create_user(services, ACCOUNT, "ann", path="/staff/", tags={"team": "blue"})
    key = create_access_key(services, ACCOUNT, "ann")
    return find_signer(services, key.id, None).principal


@pytest.fixture
def ann_may(services: Services, ann: Principal) -> Callable[..., None]:
    """Set what ann may do."""
    return lambda policy: put_policy(services, user_owner(ACCOUNT, "ann"), "p", policy)


@pytest.fixture
def reader(services: Services) -> Role:
    """A role that may do everything with DynamoDB."""
    role = create_role(services, ACCOUNT, "reader", trust_policy=TRUST_LAMBDA, tags={"team": "red"})
    put_policy(services, role_owner(ACCOUNT, "reader"), "p", allow("dynamodb:*"))
    return role


@pytest.fixture
def mighty(services: Services) -> Role:
    """A role that may do everything."""
    role = create_role(services, ACCOUNT, "mighty", trust_policy=TRUST_LAMBDA, tags={})
    put_policy(services, role_owner(ACCOUNT, "mighty"), "p", allow("*"))
    return role


@pytest.fixture
def session_of(services: Services) -> Callable[..., Principal]:
    """Make a session of a role; returns who signs with it."""

    def make(role: Role, **more: Any) -> Principal:
        made = issue_role_session(services, role, session_name="s1", lifetime=timedelta(hours=1), **more)
        return find_signer(services, made.access_key_id, made.session_token).principal

    return make


def resource_policy(principal: str) -> PolicyDocument:
    text = document({"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "dynamodb:*", "Resource": "*"})
    return parse_policy(text, kind="resource")


def test_a_user_may_do_nothing_by_default(services: Services, ann: Principal) -> None:
    with pytest.raises(AccessDenied) as refusal:
        require(services, ann, READ, TABLE)

    assert refusal.value.message == (
        f"User: arn:aws:iam::{ACCOUNT}:user/staff/ann is not authorized to perform: {READ} on resource: {TABLE} "
        f"because no identity-based policy allows the {READ} action"
    )


def test_a_user_may_do_what_a_policy_allows(services: Services, ann: Principal, ann_may: Callable[..., None]) -> None:
    ann_may(allow(READ, TABLE))

    require(services, ann, READ, TABLE)
    with pytest.raises(AccessDenied):
        require(services, ann, "dynamodb:PutItem", TABLE)


def test_a_deny_outweighs_every_allow(services: Services, ann: Principal, ann_may: Callable[..., None]) -> None:
    both = [{"Effect": effect, "Action": READ, "Resource": "*"} for effect in ("Allow", "Deny")]
    ann_may(document(*both))

    with pytest.raises(AccessDenied, match=r"with an explicit deny in an identity-based policy$"):
        require(services, ann, READ, TABLE)


def test_a_policy_taken_back_counts_no_more_at_once(
    services: Services, ann: Principal, ann_may: Callable[..., None]
) -> None:
    ann_may(allow(READ, TABLE))
    require(services, ann, READ, TABLE)

    delete_policy(services, user_owner(ACCOUNT, "ann"), "p")

    with pytest.raises(AccessDenied):
        require(services, ann, READ, TABLE)


def test_the_root_is_not_limited_in_its_account(services: Services) -> None:
    require(services, root_of(ACCOUNT), READ, TABLE)


def test_the_root_of_another_account_is_nobody_here(services: Services) -> None:
    with pytest.raises(AccessDenied, match="because no resource-based policy allows"):
        require(services, root_of(OTHER), READ, TABLE)


def test_across_accounts_both_sides_must_allow(
    services: Services, ann: Principal, ann_may: Callable[..., None]
) -> None:
    shared = resource_policy(ACCOUNT)

    with pytest.raises(AccessDenied, match="because no identity-based policy allows"):
        require(services, ann, READ, FOREIGN, resource_policy=shared)
    ann_may(allow(READ, FOREIGN))
    with pytest.raises(AccessDenied, match="because no resource-based policy allows"):
        require(services, ann, READ, FOREIGN)
    require(services, ann, READ, FOREIGN, resource_policy=shared)


def test_a_resource_policy_alone_is_enough_in_one_account(services: Services, ann: Principal) -> None:
    require(services, ann, READ, TABLE, resource_policy=resource_policy(ann.arn))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aws:username", "ann"),
        ("aws:PrincipalArn", f"arn:aws:iam::{ACCOUNT}:user/staff/ann"),
        ("aws:PrincipalAccount", ACCOUNT),
        ("aws:PrincipalType", "User"),
        ("aws:PrincipalTag/team", "blue"),
        ("aws:SourceIp", "192.0.2.7"),
        ("aws:EpochTime", "1772452800"),
        ("aws:CurrentTime", "2026-03-02T12:00:00Z"),
    ],
)
def test_a_policy_knows_the_user_and_the_request(
    services: Services, ann: Principal, ann_may: Callable[..., None], key: str, value: str
) -> None:
    ann_may(allow(READ, Condition={"StringEquals": {key: value}}))

    require(services, ann, READ, TABLE, {"aws:SourceIp": "192.0.2.7"})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aws:PrincipalArn", f"arn:aws:iam::{ACCOUNT}:role/reader"),
        ("aws:PrincipalType", "AssumedRole"),
        ("aws:PrincipalTag/team", "red"),
        ("aws:TokenIssueTime", "2026-03-02T12:00:00Z"),
        ("aws:MultiFactorAuthPresent", "false"),
    ],
)
def test_a_policy_knows_the_session(
    services: Services, reader: Role, session_of: Callable[..., Principal], key: str, value: str
) -> None:
    put_policy(services, role_owner(ACCOUNT, "reader"), "p", allow(READ, Condition={"StringEquals": {key: value}}))

    require(services, session_of(reader), READ, TABLE)


def test_a_request_cannot_say_who_made_it(services: Services, ann: Principal, ann_may: Callable[..., None]) -> None:
    ann_may(allow(READ, Condition={"StringEquals": {"aws:username": "bob"}}))

    with pytest.raises(AccessDenied):
        require(services, ann, READ, TABLE, {"aws:username": "bob"})


def test_a_session_may_do_what_its_role_may(
    services: Services, reader: Role, session_of: Callable[..., Principal]
) -> None:
    session = session_of(reader)

    require(services, session, READ, TABLE)
    with pytest.raises(AccessDenied, match=rf"^User: arn:aws:sts::{ACCOUNT}:assumed-role/reader/s1 is not authorized"):
        require(services, session, "s3:GetObject", "*")


def test_session_policies_only_take_away(
    services: Services, reader: Role, session_of: Callable[..., Principal]
) -> None:
    session = session_of(reader, session_policies=(allow([READ, "s3:GetObject"]),))

    require(services, session, READ, TABLE)
    with pytest.raises(AccessDenied, match="because no session policy allows the dynamodb:PutItem action"):
        require(services, session, "dynamodb:PutItem", TABLE)
    with pytest.raises(AccessDenied, match="because no identity-based policy allows the s3:GetObject action"):
        require(services, session, "s3:GetObject", "*")


@pytest.mark.parametrize(
    "action",
    [
        READ,
        "execute-api:Invoke",
        "cognito-idp:ListUsers",
        "sagemaker:InvokeEndpoint",
        "rum:PutRumEvents",
        "geo:GetMapTile",
    ],
)
def test_a_guest_may_use_services_made_for_guests(
    services: Services, mighty: Role, session_of: Callable[..., Principal], action: str
) -> None:
    require(services, session_of(mighty, guest=True), action, "*")


@pytest.mark.parametrize(
    "action",
    ["iam:ListRoles", "sts:AssumeRole", "sagemaker:CreateEndpoint", "textract:StartDocumentAnalysis", "kms:CreateKey"],
)
def test_a_guest_may_use_no_other_service_whatever_the_role_allows(
    services: Services, mighty: Role, session_of: Callable[..., Principal], action: str
) -> None:
    require(services, session_of(mighty), action, "*")

    with pytest.raises(AccessDenied, match=f"because no session policy allows the {action} action"):
        require(services, session_of(mighty, guest=True), action, "*")


def test_sessions_of_a_deleted_role_may_do_nothing(
    services: Services, reader: Role, session_of: Callable[..., Principal]
) -> None:
    session = session_of(reader)
    delete_policy(services, role_owner(ACCOUNT, "reader"), "p")
    delete_role(services, ACCOUNT, "reader")
    create_role(services, ACCOUNT, "reader", trust_policy=TRUST_LAMBDA, tags={})
    put_policy(services, role_owner(ACCOUNT, "reader"), "p", allow("dynamodb:*"))

    with pytest.raises(AccessDenied):
        require(services, session, READ, TABLE, resource_policy=resource_policy(session.arn))


def test_a_session_policy_may_be_bound_to_the_clock(
    services: Services, reader: Role, session_of: Callable[..., Principal], clock: FakeClock
) -> None:
    until = {"DateLessThan": {"aws:CurrentTime": "2026-03-02T12:30:00Z"}}
    session = session_of(reader, session_policies=(allow(READ, Condition=until),))
    require(services, session, READ, TABLE)

    clock.advance(timedelta(minutes=31))

    with pytest.raises(AccessDenied):
        require(services, session, READ, TABLE)


def test_a_decision_can_be_explained(services: Services, ann: Principal, ann_may: Callable[..., None]) -> None:
    ann_may(document({"Sid": "Reading", "Effect": "Allow", "Action": READ, "Resource": TABLE}))

    decision = decide(services, ann, "dynamodb:PutItem", TABLE, explain=True)

    assert [(entry.policy, entry.sid, entry.verdict) for entry in decision.trace] == [
        ("p", "Reading", "does not apply")
    ]
