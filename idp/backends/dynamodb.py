"""DynamoDB as the rest of the server sees it: tables somewhere, and what their keys are called.

The tables are in this process (`dynamodb_in_process`) or at a URL (`dynamodb_forward`). Both take requests that have been
authorized already, and nothing of a client's own headers but the target: a client must not choose the account that its
request works in.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import orjson

from idp.services import BackendRequest

if TYPE_CHECKING:
    from idp.services import AwsBackend, BackendResponse

CONTENT_TYPE = "application/x-amz-json-1.0"
PASSED_ON = frozenset({"content-type", "x-amz-crc32", "x-amzn-requestid"})
"""Headers of an answer that are the client's; the rest is the backend's own business."""

CHANGE_KEYS = frozenset({"CreateTable", "UpdateTable", "DeleteTable"})
KEYS_KEPT_S = 1.0
MAX_TABLES_KEPT = 10_000

KeyNames = Mapping[str | None, str]


class DynamoDb:
    """The tables that requests work on; keeps for a second what their keys are called.

    Args:
        backend: where the tables are.
        monotonic: seconds of a clock that never goes back.
    """

    def __init__(self, backend: AwsBackend, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._backend = backend
        self._monotonic = monotonic
        self._keys: dict[tuple[str, str, str], tuple[float, KeyNames]] = {}

    def call(self, request: BackendRequest) -> BackendResponse:
        """Run one request that has been authorized already."""
        response = self._backend.call(request)
        if target_of(request).partition(".")[2] in CHANGE_KEYS:
            self._keys.clear()
        return response

    def partition_keys(self, account: str, region: str, table: str) -> KeyNames:
        """Return the name of the partition key of the table (None) and of each of its indexes; empty if there is no table."""
        kept = self._keys.get((account, region, table))
        if kept is not None and kept[0] > self._monotonic():
            return kept[1]
        names = self._described_keys(account, region, table)
        if len(self._keys) >= MAX_TABLES_KEPT:
            self._keys.clear()
        if names:
            self._keys[account, region, table] = (self._monotonic() + KEYS_KEPT_S, names)
        return names

    def reset(self) -> None:
        """Delete all tables, if they are ours alone."""
        self._backend.reset()
        self._keys.clear()

    def close(self) -> None:
        """Close all connections."""
        self._backend.close()

    def _described_keys(self, account: str, region: str, table: str) -> KeyNames:
        target = {"X-Amz-Target": "DynamoDB_20120810.DescribeTable"}
        body = orjson.dumps({"TableName": table})
        response = self._backend.call(BackendRequest("dynamodb", account, region, target, body))
        if response.status != 200:
            return {}
        described = orjson.loads(response.body)["Table"]
        indexes = described.get("GlobalSecondaryIndexes", []) + described.get("LocalSecondaryIndexes", [])
        return {None: _hash_key(described)} | {index["IndexName"]: _hash_key(index) for index in indexes}


def target_of(request: BackendRequest) -> str:
    """Return the request's X-Amz-Target, such as `DynamoDB_20120810.GetItem`."""
    return next((value for name, value in request.headers.items() if name.lower() == "x-amz-target"), "")


def passed_on(headers: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Return the headers of an answer that go on to the client."""
    return {name: value for name, value in headers if name.lower() in PASSED_ON}


def unverified_signature(request: BackendRequest) -> str:
    """Return a signature in form only: what receives it reads account and region from its scope."""
    scope = f"{request.account}/20260101/{request.region}/dynamodb/aws4_request"
    return f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature={'0' * 64}"


def _hash_key(described: Mapping[str, Any]) -> str:
    name: str = next(key["AttributeName"] for key in described["KeySchema"] if key["KeyType"] == "HASH")
    return name
