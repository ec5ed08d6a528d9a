"""The measured API: one MOCK route behind each kind of authorizer."""

from __future__ import annotations

import base64
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.credentials import Credentials

from bench.wire import REGION, Connection, signed

ACCOUNT = "000000000000"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:keeper"
ANSWER = {"statusCode": 200, "responseTemplates": {"application/json": '{"ok": true}'}}
MOCK = {
    "type": "mock",
    "requestTemplates": {"application/json": '{"statusCode": 200}'},
    "responses": {"default": ANSWER},
}
KEEPER = """
def handler(event, context):
    statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}
    return {"principalId": "somebody", "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
"""


def document(pool_id: str) -> dict[str, Any]:
    """Return the OpenAPI document."""
    integrate = {"x-amazon-apigateway-integration": MOCK, "responses": {"200": {"description": "ok"}}}
    routes: dict[str, list[dict[str, list[str]]]] = {
        "/open": [],
        "/jwt": [{"people": []}],
        "/signed": [{"signature": []}],
        "/kept": [{"keeper": []}],
    }
    return {
        "openapi": "3.0.1",
        "info": {"title": "bench", "version": "1"},
        "paths": {path: {"get": {**integrate, "security": security}} for path, security in routes.items()},
        "components": {"securitySchemes": {name: _scheme(**kind) for name, kind in _kinds(pool_id).items()}},
    }


def deploy(folder: Path, url: str, key: Credentials, pool_id: str, environ: Mapping[str, str]) -> str:
    """Make the authorizer's function and deploy the API; return its path."""
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("keeper.py", KEEPER)
    function = {
        "FunctionName": "keeper",
        "Runtime": "python3.11",
        "Handler": "keeper.handler",
        "Role": f"arn:aws:iam::{ACCOUNT}:role/none",
        "Code": {"ZipFile": _base64(code.getvalue())},
    }
    connection = Connection(url)
    body = json.dumps(function).encode()
    headers = {"Content-Type": "application/json"}
    request = signed(url, "/2015-03-31/functions", "lambda", key, method="POST", headers=headers, body=body)
    connection.send(request, expected=201)
    connection.close()
    path = folder / "api.json"
    path.write_text(json.dumps(document(pool_id)))
    command = [sys.executable, "-m", "idp", "deploy", str(path), "--api-id", "bench", "--stage", "prod"]
    subprocess.run(command, env={**os.environ, **environ}, check=True, stdout=subprocess.DEVNULL)
    return "/_api/bench/prod"


def _kinds(pool_id: str) -> dict[str, dict[str, Any]]:
    uri = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
    pool = f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{pool_id}"
    return {
        "signature": {"kind": "awsSigv4"},
        "people": {
            "kind": "cognito_user_pools",
            "authorizer": {"type": "cognito_user_pools", "providerARNs": [pool]},
        },
        "keeper": {
            "kind": "custom",
            "authorizer": {"type": "token", "authorizerUri": uri, "authorizerResultTtlInSeconds": 3600},
        },
    }


def _scheme(kind: str, authorizer: Mapping[str, Any] | None = None) -> dict[str, Any]:
    scheme = {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": kind}
    return scheme if authorizer is None else {**scheme, "x-amazon-apigateway-authorizer": authorizer}


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
