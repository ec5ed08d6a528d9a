"""The measured API: a route to a web server behind each kind of authorizer, and routes that a MOCK answers."""

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

from bench.processes import Served
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


def document(pool_id: str, upstream: str) -> dict[str, Any]:
    """Return the OpenAPI document.

    Args:
        upstream: the URL of the web server behind the API.
    """
    proxied = {"type": "http_proxy", "httpMethod": "GET", "uri": upstream}
    routes: dict[str, list[dict[str, list[str]]]] = {
        "/open": [],
        "/jwt": [{"people": []}],
        "/signed": [{"signature": []}],
        "/kept": [{"keeper": []}],
    }
    paths = {path: _route(proxied, security) for path, security in routes.items()}
    paths |= {f"/mock{path}": _route(MOCK, routes[path]) for path in ("/open", "/signed")}
    return {
        "openapi": "3.0.1",
        "info": {"title": "bench", "version": "1"},
        "paths": paths,
        "components": {"securitySchemes": {name: _scheme(**kind) for name, kind in _kinds(pool_id).items()}},
    }


def deploy(folder: Path, served: Served, pool_id: str, upstream: str) -> str:
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
    connection = Connection(served.url)
    body = json.dumps(function).encode()
    headers = {"Content-Type": "application/json"}
    request = signed(
        served.url, "/2015-03-31/functions", "lambda", served.key, method="POST", headers=headers, body=body
    )
    connection.send(request, expected=201)
    connection.close()
    path = folder / "api.json"
    path.write_text(json.dumps(document(pool_id, upstream)))
    command = [sys.executable, "-m", "idp", "deploy", str(path), "--api-id", "bench", "--stage", "prod"]
    subprocess.run(command, env={**os.environ, **served.settings}, check=True, stdout=subprocess.DEVNULL)
    return "/_api/bench/prod"


def _route(integration: Mapping[str, Any], security: list[dict[str, list[str]]]) -> dict[str, Any]:
    responses = {"200": {"description": "ok"}}
    return {"get": {"x-amazon-apigateway-integration": integration, "responses": responses, "security": security}}


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
