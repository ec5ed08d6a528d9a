"""What was acknowledged is there after the power goes."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tests.journeys.servers import RunningServer, idp_serve

SIGNED_UP_BEFORE_THE_KILL = 30


def client_of(server: RunningServer) -> Any:
    config = Config(retries={"max_attempts": 0, "mode": "standard"}, connect_timeout=5, read_timeout=20)
    return boto3.client(
        "cognito-idp",
        endpoint_url=server.url,
        region_name="us-east-1",
        aws_access_key_id=server.environ["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=server.environ["AWS_SECRET_ACCESS_KEY"],
        config=config,
    )


def a_pool(idp: Any) -> tuple[str, str]:
    pool_id = idp.create_user_pool(PoolName="people")["UserPool"]["Id"]
    client = idp.create_user_pool_client(UserPoolId=pool_id, ClientName="web")["UserPoolClient"]
    return pool_id, client["ClientId"]


def sign_up_until_the_server_dies(
    server: RunningServer, client_id: str, acknowledged: list[str], enough: threading.Event
) -> None:
    idp = client_of(server)
    for number in range(100_000):
        try:
            idp.sign_up(ClientId=client_id, Username=f"{threading.get_ident()}-{number}", Password="Correct-horse-7")
        except (BotoCoreError, ClientError):
            return
        acknowledged.append(f"{threading.get_ident()}-{number}")
        if len(acknowledged) >= SIGNED_UP_BEFORE_THE_KILL:
            enough.set()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_kill_during_sign_ups_loses_no_acknowledged_user(
    tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    database_url = request.getfixturevalue("postgresql_url") if kind == "postgresql" else None
    acknowledged: list[str] = []
    enough = threading.Event()
    with idp_serve(tmp_path, database_url) as server:
        keys = {name: value for name, value in server.environ.items() if name.startswith("AWS_")}
        pool_id, client_id = a_pool(client_of(server))
        arguments = (server, client_id, acknowledged, enough)
        threads = [threading.Thread(target=sign_up_until_the_server_dies, args=arguments) for _ in range(4)]
        for thread in threads:
            thread.start()
        assert enough.wait(60)
        server.kill()
        for thread in threads:
            thread.join()
    with idp_serve(tmp_path, database_url) as again:
        idp = client_of(RunningServer(again.url, {**again.environ, **keys}, again.process, again.log))
        found = {
            user["Username"]
            for page in idp.get_paginator("list_users").paginate(UserPoolId=pool_id)
            for user in page["Users"]
        }
    assert set(acknowledged) <= found
