"""IAM's decision over identity, resource, boundary, session and trust policies."""

from __future__ import annotations

from typing import Any

import pytest

from idp.authorizer.policy import AccessRequest, Effect, PolicyDocument, PolicyKind, parse_policy
from idp.domain.policy import (
    ANONYMOUS,
    Decision,
    PrincipalNames,
    TraceEntry,
    combine_with_resource_policy,
    decide,
    decide_federated_trust,
    decide_trust,
    denial_message,
)

HERE, THERE = "111111111111", "222222222222"
USER = PrincipalNames(f"arn:aws:iam::{HERE}:user/ann", None, HERE)
ROLE_ARN = f"arn:aws:iam::{HERE}:role/reader"
SESSION = PrincipalNames(f"arn:aws:sts::{HERE}:assumed-role/reader/one", ROLE_ARN, HERE)
FEDERATED = PrincipalNames(f"arn:aws:sts::{HERE}:federated-user/bob", None, HERE)
ROOT = PrincipalNames(f"arn:aws:iam::{HERE}:root", None, HERE)
LAMBDA = PrincipalNames("lambda.amazonaws.com")
TABLE = f"arn:aws:dynamodb:eu-west-1:{HERE}:table/T"
SCAN = AccessRequest("dynamodb:Scan", TABLE, {})

NO_IDENTITY = "because no identity-based policy allows the dynamodb:Scan action"
NO_RESOURCE = "because no resource-based policy allows the dynamodb:Scan action"
NO_BOUNDARY = "because no permissions boundary allows the dynamodb:Scan action"
NO_SESSION = "because no session policy allows the dynamodb:Scan action"


def policy(
    effect: str, kind: PolicyKind = "identity", *, action: str = "*", name: str = "", **more: Any
) -> PolicyDocument:
    resource = {} if kind == "trust" else {"Resource": "*"}
    rule = {"Effect": effect, "Action": action, **resource, **more}
    return parse_policy({"Version": "2012-10-17", "Statement": rule}, kind=kind, name=name)


def granting(*principals: str) -> PolicyDocument:
    return policy("Allow", "resource", Principal={"AWS": list(principals)})


ALLOW, DENY, SILENT = policy("Allow"), policy("Deny"), policy("Allow", action="s3:GetObject")
DENY_ALL = policy("Deny", "resource", Principal="*")
TO_LAMBDA = policy("Allow", "resource", Principal={"Service": "lambda.amazonaws.com"})


def decided(kind: str, names: PrincipalNames, owner: str | None = HERE, **policies: Any) -> Decision:
    return decide(
        SCAN,
        principal_kind=kind,  # type: ignore[arg-type]
        principal_arns=names,
        resource_account=owner,
        **{"identity_policies": [], **policies},
    )


@pytest.mark.parametrize(
    ("kind", "names", "owner", "policies"),
    [
        pytest.param("user", USER, HERE, {"identity_policies": [SILENT, ALLOW]}, id="identity policy"),
        pytest.param("user", USER, None, {"identity_policies": [ALLOW]}, id="resource without owner"),
        pytest.param("user", USER, HERE, {"identity_policies": [ALLOW], "boundary": ALLOW}, id="within boundary"),
        pytest.param("user", USER, HERE, {"resource_policy": granting(USER.arn or "")}, id="resource names the user"),
        pytest.param(
            "user",
            USER,
            HERE,
            {"resource_policy": granting(USER.arn or ""), "boundary": SILENT, "session_policies": [SILENT]},
            id="naming the user passes boundary and session",
        ),
        pytest.param("user", USER, HERE, {"resource_policy": granting("*")}, id="resource names everyone"),
        pytest.param(
            "user",
            USER,
            HERE,
            {"identity_policies": [ALLOW], "resource_policy": granting(HERE)},
            id="account and identity",
        ),
        pytest.param(
            "user",
            USER,
            HERE,
            {"identity_policies": [ALLOW], "resource_policy": granting(HERE), "resource_policy_required": True},
            id="required resource policy names the account",
        ),
        pytest.param(
            "user", USER, THERE, {"identity_policies": [ALLOW], "resource_policy": granting(HERE)}, id="across accounts"
        ),
        pytest.param("assumed_role", SESSION, HERE, {"identity_policies": [ALLOW]}, id="role policy"),
        pytest.param(
            "assumed_role",
            SESSION,
            HERE,
            {"identity_policies": [ALLOW], "session_policies": [SILENT, ALLOW]},
            id="session union",
        ),
        pytest.param(
            "assumed_role", SESSION, HERE, {"resource_policy": granting(ROLE_ARN)}, id="resource names the role"
        ),
        pytest.param(
            "assumed_role",
            SESSION,
            HERE,
            {"resource_policy": granting(SESSION.arn or ""), "boundary": SILENT, "session_policies": [SILENT]},
            id="naming the session passes boundary and session",
        ),
        pytest.param(
            "federated_user",
            FEDERATED,
            HERE,
            {"identity_policies": [ALLOW], "session_policies": [ALLOW]},
            id="federated",
        ),
        pytest.param(
            "federated_user",
            FEDERATED,
            HERE,
            {"resource_policy": granting(FEDERATED.arn or "")},
            id="federated by resource",
        ),
        pytest.param("root", ROOT, HERE, {"identity_policies": [DENY], "boundary": SILENT}, id="root is not limited"),
        pytest.param("root", ROOT, THERE, {"resource_policy": granting(HERE)}, id="root across accounts"),
        pytest.param("service", LAMBDA, HERE, {"resource_policy": TO_LAMBDA}, id="service"),
        pytest.param("anonymous", ANONYMOUS, HERE, {"resource_policy": granting("*")}, id="anonymous"),
    ],
)
def test_a_request_is_allowed(kind: str, names: PrincipalNames, owner: str | None, policies: dict[str, Any]) -> None:
    assert decided(kind, names, owner, **policies) == Decision(allowed=True, explicit=False, reason="")


@pytest.mark.parametrize(
    ("kind", "names", "owner", "policies", "reason"),
    [
        pytest.param("user", USER, HERE, {}, NO_IDENTITY, id="no policy"),
        pytest.param("user", USER, HERE, {"identity_policies": [SILENT]}, NO_IDENTITY, id="silent policy"),
        pytest.param("user", USER, HERE, {"boundary": ALLOW}, NO_IDENTITY, id="a boundary grants nothing"),
        pytest.param(
            "user", USER, HERE, {"session_policies": [ALLOW]}, NO_IDENTITY, id="a session policy grants nothing"
        ),
        pytest.param(
            "user", USER, HERE, {"resource_policy": granting(HERE)}, NO_IDENTITY, id="the account only delegates"
        ),
        pytest.param(
            "user", USER, HERE, {"resource_policy": granting(THERE)}, NO_IDENTITY, id="somebody else is named"
        ),
        pytest.param(
            "user", USER, HERE, {"identity_policies": [ALLOW], "boundary": SILENT}, NO_BOUNDARY, id="boundary"
        ),
        pytest.param(
            "user",
            USER,
            HERE,
            {"identity_policies": [ALLOW], "resource_policy_required": True},
            NO_RESOURCE,
            id="required",
        ),
        pytest.param("user", USER, THERE, {"identity_policies": [ALLOW]}, NO_RESOURCE, id="across, resource silent"),
        pytest.param(
            "user",
            USER,
            THERE,
            {"resource_policy": granting(USER.arn or "")},
            NO_IDENTITY,
            id="across, identity silent",
        ),
        pytest.param("user", USER, THERE, {"resource_policy": granting("*")}, NO_IDENTITY, id="across, everyone named"),
        pytest.param(
            "assumed_role",
            SESSION,
            HERE,
            {"identity_policies": [ALLOW], "session_policies": [SILENT]},
            NO_SESSION,
            id="session",
        ),
        pytest.param(
            "assumed_role",
            SESSION,
            HERE,
            {"identity_policies": [ALLOW], "session_policies": []},
            NO_SESSION,
            id="no rights left",
        ),
        pytest.param(
            "assumed_role",
            SESSION,
            HERE,
            {"resource_policy": granting(ROLE_ARN), "session_policies": [SILENT]},
            NO_SESSION,
            id="role named, session limits",
        ),
        pytest.param(
            "assumed_role",
            SESSION,
            HERE,
            {"resource_policy": granting(ROLE_ARN), "boundary": SILENT},
            NO_BOUNDARY,
            id="role named, boundary limits",
        ),
        pytest.param(
            "federated_user", FEDERATED, HERE, {"identity_policies": [ALLOW]}, NO_SESSION, id="federated, no session"
        ),
        pytest.param(
            "assumed_role",
            SESSION,
            THERE,
            {"resource_policy": granting(ROLE_ARN)},
            NO_IDENTITY,
            id="across, role named",
        ),
        pytest.param("root", ROOT, THERE, {}, NO_RESOURCE, id="root across accounts"),
        pytest.param("service", LAMBDA, HERE, {"identity_policies": [ALLOW]}, NO_RESOURCE, id="service"),
        pytest.param("service", LAMBDA, HERE, {"resource_policy": granting(HERE)}, NO_RESOURCE, id="service not named"),
        pytest.param("anonymous", ANONYMOUS, HERE, {"identity_policies": [ALLOW]}, NO_RESOURCE, id="anonymous"),
        pytest.param(
            "anonymous", ANONYMOUS, HERE, {"resource_policy": granting(HERE)}, NO_RESOURCE, id="anonymous not named"
        ),
    ],
)
def test_a_request_nobody_allows_is_refused_by_the_layer_that_is_silent(
    kind: str, names: PrincipalNames, owner: str, policies: dict[str, Any], reason: str
) -> None:
    assert decided(kind, names, owner, **policies) == Decision(allowed=False, explicit=False, reason=reason)


@pytest.mark.parametrize(
    ("policies", "reason"),
    [
        ({"identity_policies": [ALLOW, DENY]}, "with an explicit deny in an identity-based policy"),
        ({"resource_policy": DENY_ALL}, "with an explicit deny in a resource-based policy"),
        ({"boundary": DENY}, "with an explicit deny in a permissions boundary"),
        ({"session_policies": [ALLOW, DENY]}, "with an explicit deny in a session policy"),
        (
            {"session_policies": [DENY], "resource_policy": granting(SESSION.arn or "")},
            "with an explicit deny in a session policy",
        ),
    ],
)
def test_a_deny_anywhere_is_final(policies: dict[str, Any], reason: str) -> None:
    decision = decided("assumed_role", SESSION, **{"identity_policies": [ALLOW], **policies})
    assert decision == Decision(allowed=False, explicit=True, reason=reason)


def test_a_deny_of_the_resource_binds_the_root_too() -> None:
    assert decided("root", ROOT, resource_policy=DENY_ALL).reason == "with an explicit deny in a resource-based policy"


def test_the_request_cannot_say_who_asks() -> None:
    pretending = SCAN.made_by((SESSION.arn or "",))
    decision = decide(
        pretending,
        principal_kind="user",
        principal_arns=USER,
        resource_account=HERE,
        identity_policies=[],
        resource_policy=granting(SESSION.arn or ""),
    )
    assert not decision.allowed


@pytest.mark.parametrize(
    ("resource", "sentence"),
    [
        (TABLE, f"User: {USER.arn} is not authorized to perform: dynamodb:Scan on resource: {TABLE} {NO_IDENTITY}"),
        (None, f"User: {USER.arn} is not authorized to perform: dynamodb:Scan {NO_IDENTITY}"),
    ],
)
def test_a_refusal_is_told_in_awss_sentence(resource: str | None, sentence: str) -> None:
    assert denial_message(USER.arn or "", "dynamodb:Scan", resource, decided("user", USER)) == sentence


def test_an_explanation_lists_every_statement_of_every_layer() -> None:
    decision = decided(
        "user",
        USER,
        identity_policies=[policy("Allow", name="ReadAll", Sid="Everything"), SILENT],
        boundary=policy("Allow", action="s3:*", name="Limits"),
        explain=True,
    )
    assert decision.trace == (
        TraceEntry("identity-based policy", "ReadAll", "Everything", "Allow", "applies", "every part matches"),
        TraceEntry(
            "identity-based policy",
            "#2",
            None,
            "Allow",
            "does not apply",
            "dynamodb:Scan matches nothing in Action [s3:GetObject]",
        ),
        TraceEntry(
            "permissions boundary",
            "Limits",
            None,
            "Allow",
            "does not apply",
            "dynamodb:Scan matches nothing in Action [s3:*]",
        ),
    )


def trusting(
    principal: object, *, action: str = "sts:AssumeRole", effect: str = "Allow", **more: Any
) -> PolicyDocument:
    return policy(effect, "trust", action=action, Principal=principal, **more)


NO_TRUST = "because no role trust policy allows the sts:AssumeRole action"
NO_RIGHT = "because no identity-based policy allows the sts:AssumeRole action"
MAY_ASSUME = policy("Allow", action="sts:AssumeRole")


@pytest.mark.parametrize(
    ("trust", "owner", "identity", "decision"),
    [
        pytest.param(trusting({"AWS": USER.arn}), HERE, [], Decision(True, False, ""), id="named directly"),
        pytest.param(trusting({"AWS": HERE}), HERE, [MAY_ASSUME], Decision(True, False, ""), id="account and identity"),
        pytest.param(trusting({"AWS": ROOT.arn}), HERE, [], Decision(False, False, NO_RIGHT), id="account alone"),
        pytest.param(trusting({"AWS": THERE}), HERE, [MAY_ASSUME], Decision(False, False, NO_TRUST), id="not trusted"),
        pytest.param(trusting({"AWS": USER.arn}), THERE, [MAY_ASSUME], Decision(True, False, ""), id="across, both"),
        pytest.param(
            trusting({"AWS": USER.arn}), THERE, [], Decision(False, False, NO_RIGHT), id="across, trust alone"
        ),
        pytest.param(
            trusting({"AWS": THERE}), THERE, [MAY_ASSUME], Decision(False, False, NO_TRUST), id="across, identity alone"
        ),
        pytest.param(
            trusting({"AWS": USER.arn}, effect="Deny"),
            HERE,
            [MAY_ASSUME],
            Decision(False, True, "with an explicit deny in the role trust policy"),
            id="denied by the role",
        ),
        pytest.param(
            trusting({"AWS": USER.arn}),
            HERE,
            [DENY],
            Decision(False, True, "with an explicit deny in an identity-based policy"),
            id="denied by the user's policy",
        ),
        pytest.param(
            trusting({"AWS": USER.arn}, Condition={"StringEquals": {"sts:ExternalId": "x"}}),
            HERE,
            [MAY_ASSUME],
            Decision(False, False, NO_TRUST),
            id="external id missing",
        ),
        pytest.param(
            trusting({"AWS": USER.arn}, action="sts:TagSession"),
            HERE,
            [MAY_ASSUME],
            Decision(False, False, NO_TRUST),
            id="other",
        ),
    ],
)
def test_assuming_a_role_needs_its_trust_and_perhaps_ones_own_policies(
    trust: PolicyDocument, owner: str, identity: list[PolicyDocument], decision: Decision
) -> None:
    answer = decide_trust(
        AccessRequest("sts:AssumeRole", f"arn:aws:iam::{owner}:role/reader", {}),
        principal_kind="user",
        principal_arns=USER,
        role_account=owner,
        trust_policy=trust,
        identity_policies=identity,
    )
    assert answer == decision


WEB = "sts:AssumeRoleWithWebIdentity"
OIDC = f"arn:aws:iam::{HERE}:oidc-provider/accounts.example.com"
OF_THE_POOL = {"StringEquals": {"cognito-identity.amazonaws.com:aud": "eu-west-1:pool"}}


@pytest.mark.parametrize(
    ("trust", "provider", "allowed"),
    [
        (trusting({"Federated": "cognito-identity.amazonaws.com"}, action=WEB), "cognito-identity.amazonaws.com", True),
        (
            trusting({"Federated": "cognito-identity.amazonaws.com"}, action=WEB, Condition=OF_THE_POOL),
            "cognito-identity.amazonaws.com",
            True,
        ),
        (trusting({"Federated": OIDC}, action=WEB), OIDC, True),
        (trusting({"Federated": OIDC}, action=WEB), "cognito-identity.amazonaws.com", False),
        (trusting({"Federated": OIDC}), OIDC, False),
        (trusting({"AWS": HERE}, action=WEB), OIDC, False),
        (trusting({"Federated": OIDC}, action=WEB, Condition=OF_THE_POOL), "cognito-identity.amazonaws.com", False),
    ],
)
def test_a_token_opens_a_role_that_trusts_its_provider(trust: PolicyDocument, provider: str, allowed: bool) -> None:
    request = AccessRequest(WEB, ROLE_ARN, {"cognito-identity.amazonaws.com:aud": "eu-west-1:pool"})
    assert decide_federated_trust(request, provider=provider, trust_policy=trust).allowed is allowed


def test_a_token_of_an_untrusted_provider_is_told_so() -> None:
    decision = decide_federated_trust(
        AccessRequest(WEB, ROLE_ARN, {}), provider=OIDC, trust_policy=trusting({"AWS": HERE}, action=WEB), explain=True
    )
    assert decision.reason == f"because no role trust policy allows the {WEB} action"
    assert [entry.why for entry in decision.trace] == [f"Federated:{OIDC} matches nothing in Principal [{HERE}]"]


@pytest.mark.parametrize(
    ("authorizer", "resource_policy", "same_account", "across_accounts"),
    [
        ("allow", "allow", "allow", "allow"),
        ("allow", "implicit_deny", "allow", "implicit_deny"),
        ("implicit_deny", "allow", "allow", "implicit_deny"),
        ("implicit_deny", "implicit_deny", "implicit_deny", "implicit_deny"),
        ("allow", "explicit_deny", "explicit_deny", "explicit_deny"),
        ("explicit_deny", "allow", "explicit_deny", "explicit_deny"),
        ("implicit_deny", "explicit_deny", "explicit_deny", "explicit_deny"),
        ("explicit_deny", "implicit_deny", "explicit_deny", "explicit_deny"),
    ],
)
def test_an_api_combines_its_authorizer_and_its_resource_policy_by_awss_tables(
    authorizer: Effect, resource_policy: Effect, same_account: Effect, across_accounts: Effect
) -> None:
    assert combine_with_resource_policy(authorizer, resource_policy) == same_account
    assert combine_with_resource_policy(authorizer, resource_policy, same_account=False) == across_accounts
