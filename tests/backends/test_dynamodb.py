"""DynamoDB's backends: tables in this process and tables that processes share behave alike."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import orjson
import pytest

from idp.backends import dynamodb_server
from idp.backends.dynamodb import DynamoDb
from idp.backends.dynamodb_forward import ForwardToUrl
from idp.backends.dynamodb_in_process import InProcessTables
from idp.services import BackendRequest, BackendResponse
from tests.backends.functions import watched

ACCOUNT, REGION = "000000000000", "eu-west-1"
KEY = {"id": {"S": "1"}}


@pytest.fixture(scope="module")
def server() -> Iterator[dynamodb_server.TableServer]:
    """A process that holds tables."""
    server = dynamodb_server.start()
    yield server
    dynamodb_server.stop(server)


@pytest.fixture(params=["in process", "shared"])
def tables(request: pytest.FixtureRequest) -> Iterator[DynamoDb]:
    """DynamoDB on one of our own backends."""
    if request.param == "in process":
        backend: InProcessTables | ForwardToUrl = InProcessTables()
    else:
        server = request.getfixturevalue("server")
        backend = ForwardToUrl(server.url, server.secret)
    with closing(DynamoDb(backend)) as tables:
        yield tables
        tables.reset()


def called(
    tables: DynamoDb, operation: str, account: str = ACCOUNT, region: str = REGION, **parameters: Any
) -> BackendResponse:
    """Run one request."""
    target = {"x-amz-target": f"DynamoDB_20120810.{operation}"}
    return tables.call(BackendRequest("dynamodb", account, region, target, orjson.dumps(parameters)))


def with_table(tables: DynamoDb, key: str = "id", **where: str) -> DynamoDb:
    """Create the table `things`, whose partition key has the given name."""
    called(
        tables,
        "CreateTable",
        **where,
        TableName="things",
        AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in (key, "colour")],
        KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "colours",
                "KeySchema": [{"AttributeName": "colour", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    return tables


def names(tables: DynamoDb, **where: str) -> Any:
    """Return the names of the tables there."""
    return orjson.loads(called(tables, "ListTables", **where).body)["TableNames"]


def test_an_answer_brings_what_clients_check_and_nothing_else(tables: DynamoDb) -> None:
    response = called(with_table(tables), "PutItem", TableName="things", Item=KEY)

    assert (response.status, response.body) == (200, b"{}")
    assert {name.lower() for name in response.headers} == {"content-type", "x-amzn-requestid", "x-amz-crc32"}
    assert response.headers["Content-Type"] == "application/x-amz-json-1.0"


def test_a_refusal_comes_back_as_it_is(tables: DynamoDb) -> None:
    response = called(tables, "GetItem", TableName="things", Key=KEY)

    assert response.status == 400
    assert orjson.loads(response.body) == {
        "__type": "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
        "message": "Requested resource not found",
    }


def test_accounts_and_regions_are_apart(tables: DynamoDb) -> None:
    with_table(tables)

    assert names(tables) == ["things"]
    assert names(tables, account="111122223333") == []
    assert names(tables, region="us-east-1") == []


def test_a_reset_deletes_every_table_of_everybody(tables: DynamoDb) -> None:
    with_table(with_table(tables), account="111122223333")

    tables.reset()

    assert names(tables) + names(tables, account="111122223333") == []


def test_partition_keys_are_those_of_the_table_and_its_indexes(tables: DynamoDb) -> None:
    with_table(tables)

    assert tables.partition_keys(ACCOUNT, REGION, "things") == {None: "id", "colours": "colour"}
    assert tables.partition_keys("111122223333", REGION, "things") == {}


def test_partition_keys_are_those_of_the_newest_table(tables: DynamoDb) -> None:
    with_table(tables).partition_keys(ACCOUNT, REGION, "things")
    called(tables, "DeleteTable", TableName="things")
    with_table(tables, key="name")

    assert tables.partition_keys(ACCOUNT, REGION, "things")[None] == "name"


def test_of_writers_on_one_condition_one_wins(tables: DynamoDb) -> None:
    with_table(tables)

    def write(_: int) -> int:
        condition = "attribute_not_exists(id)"
        return called(tables, "PutItem", TableName="things", Item=KEY, ConditionExpression=condition).status

    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(write, range(24)))

    assert sorted(statuses) == [200] + [400] * 23


@pytest.mark.parametrize("secret", [None, "wrong"])
def test_a_server_of_tables_serves_nobody_who_does_not_know_its_secret(
    server: dynamodb_server.TableServer, secret: str | None
) -> None:
    with closing(DynamoDb(ForwardToUrl(server.url, secret))) as stranger:
        assert called(stranger, "ListTables").status == 403


def test_a_server_does_not_print_its_secret(server: dynamodb_server.TableServer) -> None:
    assert server.secret not in repr(server)
    assert server.secret not in " ".join(map(str, server.process.args))  # type: ignore[arg-type]


def test_a_server_of_tables_ends_when_whoever_started_it_is_gone() -> None:
    server = dynamodb_server.start()
    assert server.process.stdin is not None

    with watched(server.process.pid) as has_ended:
        server.process.stdin.close()

        assert has_ended()
    server.process.wait()


class Stranger(BaseHTTPRequestHandler):
    """A DynamoDB-compatible server of somebody else's, which answers with what it was sent."""

    def do_POST(self) -> None:
        body = orjson.dumps({name.lower(): value for name, value in self.headers.items()})
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def elsewhere() -> Iterator[DynamoDb]:
    """DynamoDB at a stranger's URL."""
    server = HTTPServer(("127.0.0.1", 0), Stranger)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    with closing(DynamoDb(ForwardToUrl(f"http://127.0.0.1:{server.server_port}"))) as tables:
        yield tables
    server.shutdown()
    server.server_close()


def test_a_strangers_server_learns_account_and_region_from_the_scope_and_no_secret(elsewhere: DynamoDb) -> None:
    sent = orjson.loads(called(elsewhere, "GetItem").body)

    assert sent["authorization"].startswith(
        "AWS4-HMAC-SHA256 Credential=000000000000/20260101/eu-west-1/dynamodb/aws4_request, "
    )
    assert sent["x-amz-target"] == "DynamoDB_20120810.GetItem"
    assert "x-idp-secret" not in sent


def test_a_strangers_tables_survive_a_reset(elsewhere: DynamoDb) -> None:
    elsewhere.reset()

    assert called(elsewhere, "ListTables").status == 200
