"""Every refusal of the operators' API is a problem, and says what is wrong where."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from idp.admin.problems import all_kinds, kind_of
from idp.domain.errors import DomainError
from idp.flows import user_pools
from tests.admin.operators import TYPES, Operator

POOLS = "/user-pools"
SECRET = "hunter2"
NEW_POOL = '{"poolName": "people"}'


def descendants(kind: type[DomainError]) -> list[type[DomainError]]:
    return [kind for child in kind.__subclasses__() for kind in (child, *descendants(child))]


@pytest.mark.parametrize("fact", descendants(DomainError), ids=lambda fact: fact.__name__)
def test_every_domain_error_is_a_kind_of_problem(fact: type[DomainError]) -> None:
    kind = kind_of(fact)

    assert kind in all_kinds()
    assert 400 <= kind.status < 600


def test_kinds_have_names_of_their_own(admin: Operator) -> None:
    items = admin.get("/problems").json["items"]

    types = [each["type"] for each in items]
    assert len(set(types)) == len(types) == len(all_kinds())
    assert all(re.fullmatch(r"/admin/v1/problems#[a-z-]+", each) for each in types)


def test_a_problem_names_its_request(admin: Operator) -> None:
    refused = admin.get("/user-pools/us-east-1_none")

    assert refused.json == {
        "type": "/admin/v1/problems#resource-not-found",
        "title": "There is no such thing in the account.",
        "status": 404,
        "detail": "User pool us-east-1_none does not exist.",
        "instance": f"urn:uuid:{refused.headers['X-Request-Id']}",
    }
    assert refused.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/poolName"),
        ({"poolName": ""}, "#/poolName"),
        ({"poolName": "a" * 129}, "#/poolName"),
        ({"poolName": "<b>"}, "#/poolName"),
        ({"poolName": "a\0"}, "#/poolName"),
        ({"poolName": 7}, "#/poolName"),
        ({"poolName": None}, "#/poolName"),
        ({"poolName": "a", "pool_name": "a"}, "#/pool_name"),
        ({"poolName": "a", "PoolName": "a"}, "#/PoolName"),
        ({"poolName": "a", "a/b~c": 1}, "#/a~1b~0c"),
        ({"poolName": "a", "deletionProtection": "MAYBE"}, "#/deletionProtection"),
        ({"poolName": "a", "aliasAttributes": ["email", "shoe"]}, "#/aliasAttributes/1"),
        ({"poolName": "a", "aliasAttributes": "email"}, "#/aliasAttributes"),
        ({"poolName": "a", "userPoolTags": {"": "x"}}, "#/userPoolTags/"),
        ({"poolName": "a", "userPoolTags": {"a": "x" * 257}}, "#/userPoolTags/a"),
        ({"poolName": "a", "userPoolTags": {str(n): "" for n in range(51)}}, "#/userPoolTags"),
        ({"poolName": "a", "usernameConfiguration": {}}, "#/usernameConfiguration/caseSensitive"),
        (
            {"poolName": "a", "policies": {"passwordPolicy": {"minimumLength": 5}}},
            "#/policies/passwordPolicy/minimumLength",
        ),
        (
            {"poolName": "a", "policies": {"passwordPolicy": {"minimumLength": "8"}}},
            "#/policies/passwordPolicy/minimumLength",
        ),
        (
            {"poolName": "a", "policies": {"passwordPolicy": {"minimumLength": True}}},
            "#/policies/passwordPolicy/minimumLength",
        ),
    ],
)
def test_what_is_wrong_in_a_body_is_pointed_at(admin: Operator, body: Mapping[str, Any], pointer: str) -> None:
    refused = admin.post(POOLS, body)

    assert (refused.status, refused.json["type"]) == (422, "/admin/v1/problems#invalid-members")
    assert [each["pointer"] for each in refused.json["errors"]] == [pointer]


def test_everything_that_is_wrong_is_told_at_once(admin: Operator) -> None:
    refused = admin.post(POOLS, {"poolName": 7, "deletionProtection": 7, "more": 7})

    assert len(refused.json["errors"]) == 3


@pytest.mark.parametrize(
    "query", [{"page": "2"}, {"limit": "2", "Limit": "2"}, {"cursor": "a\0"}, {"cursor": "a" * 1025}]
)
def test_unknown_and_malformed_parameters_are_refused(admin: Operator, query: dict[str, str]) -> None:
    refused = admin.get(POOLS, **query)

    assert refused.status == 422
    assert refused.json["errors"][0]["parameter"] in query


@pytest.mark.parametrize(
    "body",
    [
        "",
        "people",
        "null",
        "[]",
        '"{}"',
        '{"poolName": "a",}',
        '{"poolName": NaN}',
        '{"poolName": "a", "poolName": "b"}',
        '{"poolName": "\\ud800"}',
        b'{"poolName": "\xff"}',
        '{"poolName":' + "[" * 20_000,
        '{"poolName":' + "[" * 900 + "]" * 900 + ', "poolName": "a"}',
    ],
)
def test_a_body_that_is_no_plain_json_object_is_refused(admin: Operator, body: str | bytes) -> None:
    refused = admin.send("POST", POOLS, body, TYPES)

    assert (refused.status, refused.json["type"]) == (400, "/admin/v1/problems#malformed-body")


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml"])
def test_a_body_of_another_media_type_is_refused(admin: Operator, media_type: str) -> None:
    refused = admin.send("POST", POOLS, NEW_POOL, {"Content-Type": media_type})

    assert (refused.status, refused.json["type"]) == (415, "/admin/v1/problems#unsupported-media-type")


def test_a_body_without_a_media_type_is_refused(admin: Operator) -> None:
    assert admin.send("POST", POOLS, NEW_POOL).status == 415


def test_a_media_type_may_have_parameters(admin: Operator) -> None:
    assert admin.send("POST", POOLS, NEW_POOL, {"Content-Type": "application/json; charset=utf-8"}).status == 201


def test_a_body_that_is_too_large_is_refused(admin: Operator) -> None:
    refused = admin.post(POOLS, {"poolName": "a" * 65_536})

    assert (refused.status, refused.json["type"]) == (413, "/admin/v1/problems#body-too-large")


@pytest.mark.parametrize(
    "accepted", ["*/*", "application/*", "application/json", "application/problem+json, text/html"]
)
def test_who_takes_json_gets_it(admin: Operator, accepted: str) -> None:
    assert admin.send("GET", POOLS, headers={"Accept": accepted}).status == 200


@pytest.mark.parametrize("accepted", ["text/html", "application/xml", "application/json;q=0"])
def test_who_does_not_take_json_is_refused(admin: Operator, accepted: str) -> None:
    refused = admin.send("GET", POOLS, headers={"Accept": accepted})

    assert (refused.status, refused.json["type"]) == (406, "/admin/v1/problems#not-acceptable")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", POOLS, {"GET", "HEAD", "POST"}),
        ("OPTIONS", POOLS, {"GET", "HEAD", "POST"}),
        ("PATCH", f"{POOLS}/us-east-1_x", {"GET", "HEAD", "DELETE"}),
        ("DELETE", "/", {"GET", "HEAD"}),
    ],
)
def test_a_method_that_a_path_does_not_take_is_refused(
    admin: Operator, method: str, path: str, allowed: set[str]
) -> None:
    refused = admin.send(method, path)

    assert (refused.status, refused.json["type"]) == (405, "/admin/v1/problems#method-not-allowed")
    assert set(refused.headers["Allow"].split(", ")) == allowed


@pytest.mark.parametrize("path", ["/nothing", "/user-pools/", "/user-pools//users", "/user-pools/x/users/a/b"])
def test_a_path_where_nothing_is_is_not_found(admin: Operator, path: str) -> None:
    refused = admin.get(path)

    assert (refused.status, refused.json["type"]) == (404, "/admin/v1/problems#no-such-path")


def test_a_bug_says_nothing_of_itself(
    admin: Operator, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(user_pools, "list_user_pools", fail)

    failed = admin.get(POOLS)

    assert (failed.status, failed.json["type"]) == (500, "/admin/v1/problems#internal-failure")
    assert failed.headers["X-Request-Id"] in caplog.text
    assert "RuntimeError" in caplog.text
    assert SECRET not in caplog.text + json.dumps(failed.json)


def test_answers_are_stored_nowhere(admin: Operator) -> None:
    headers = admin.get(POOLS).headers

    assert "no-store" in headers["Cache-Control"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_password_that_is_refused_is_not_repeated(admin: Operator, pool: str) -> None:
    refused = admin.post(f"{pool}/users", {"username": "ann", "temporaryPassword": "two words"})

    assert refused.status == 422
    assert "two words" not in json.dumps(refused.json)
