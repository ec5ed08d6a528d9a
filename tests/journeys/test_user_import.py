"""A file of users goes to a real server with two workers, is imported, and lets its users in."""

from __future__ import annotations

import time
import urllib.request
from pathlib import Path
from typing import Any

import boto3
from passlib.hash import bcrypt

from tests.journeys.servers import RunningServer, idp_serve

PASSWORD = "Correct-horse-7"
WITHIN_S = 60
USERS = 500


def client_of(server: RunningServer) -> Any:
    return boto3.client(
        "cognito-idp",
        endpoint_url=server.url,
        region_name="us-east-1",
        aws_access_key_id=server.environ["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=server.environ["AWS_SECRET_ACCESS_KEY"],
    )


def finished(idp: Any, **job: str) -> Any:
    """Wait until a job is over."""
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        found = idp.describe_user_import_job(**job)["UserImportJob"]
        if found["Status"] not in {"Pending", "InProgress"}:
            return found
        time.sleep(0.1)
    raise AssertionError("the job did not end in time")


def send(method: str, url: str, body: bytes | None = None) -> str:
    request = urllib.request.Request(url, data=body, method=method, headers={"x-amz-server-side-encryption": "aws:kms"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        text: str = answer.read().decode()
    return text


def file_of(columns: list[str]) -> bytes:
    password_hash = bcrypt.using(rounds=4).hash(PASSWORD)
    common = {"email_verified": "true", "cognito:mfa_enabled": "false", "cognito:password_hash": password_hash}
    users = [{**common, "cognito:username": f"u{n}", "email": f"u{n}@example.com"} for n in range(USERS)]
    rows = [columns, *([user.get(column, "") for column in columns] for user in [*users, users[0]])]
    return "\n".join(",".join(row) for row in rows).encode()


def test_users_are_imported_and_sign_in(tmp_path: Path) -> None:
    with idp_serve(tmp_path) as server:
        idp = client_of(server)
        pool = idp.create_user_pool(PoolName="people", AutoVerifiedAttributes=["email"])["UserPool"]["Id"]
        client = idp.create_user_pool_client(
            UserPoolId=pool, ClientName="web", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
        )["UserPoolClient"]["ClientId"]
        columns = [*idp.get_csv_header(UserPoolId=pool)["CSVHeader"], "cognito:password_hash"]
        job = idp.create_user_import_job(
            JobName="from-crm",
            UserPoolId=pool,
            CloudWatchLogsRoleArn="arn:aws:iam::000000000000:role/import-logs",
            PasswordHashingAlgorithm="BCRYPT",
        )["UserImportJob"]
        send("PUT", job["PreSignedUrl"], file_of(columns))
        idp.start_user_import_job(UserPoolId=pool, JobId=job["JobId"])
        done = finished(idp, UserPoolId=pool, JobId=job["JobId"])
        tokens = idp.initiate_auth(
            ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters={"USERNAME": "u7", "PASSWORD": PASSWORD}
        )

        assert (done["Status"], done["ImportedUsers"], done["SkippedUsers"]) == ("Succeeded", USERS, 1)
        assert send("GET", done["PreSignedUrl"]) == f"[SKIPPED] Line Number {USERS + 2} - The user already exists.\n"
        assert tokens["AuthenticationResult"]["IdToken"]
