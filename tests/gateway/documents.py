"""OpenAPI documents for the gateway's tests, of as few words as a test needs."""

from __future__ import annotations

from typing import Any, Final

ACCOUNT: Final = "000000000000"
FUNCTION: Final = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:backend"
GATEKEEPER: Final = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:gatekeeper"
ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/integration"
MOCK: Final[dict[str, Any]] = {
    "type": "mock",
    "requestTemplates": {"application/json": '{"statusCode": 200}'},
    "responses": {"default": {"statusCode": 200, "responseTemplates": {"application/json": '{"ok": true}'}}},
}
TO_FUNCTION: Final[dict[str, Any]] = {
    "type": "aws_proxy",
    "httpMethod": "POST",
    "uri": f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations",
}
TO_FUNCTION_V2: Final = {**TO_FUNCTION, "payloadFormatVersion": "2.0"}
SIGNATURE: Final = {
    "type": "apiKey",
    "name": "Authorization",
    "in": "header",
    "x-amazon-apigateway-authtype": "awsSigv4",
}


def operation(integration: dict[str, Any] = MOCK, guard: str | None = None, *scopes: str) -> dict[str, Any]:
    """Return an operation, guarded by a security scheme."""
    security = {} if guard is None else {"security": [{guard: list(scopes)}]}
    return {"x-amazon-apigateway-integration": integration, "responses": {}, **security}


def rest_api(paths: dict[str, Any], *, schemes: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    """Return the document of a REST API; the scheme `signature` (AWS_IAM) is always there."""
    return {
        "openapi": "3.0.1",
        "x-idp-api-type": "REST",
        "info": {"title": "test", "version": "1"},
        "components": {"securitySchemes": {"signature": SIGNATURE, **(schemes or {})}},
        "paths": paths,
        **{name.replace("_", "-"): value for name, value in members.items()},
    }


def http_api(paths: dict[str, Any], *, schemes: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    """Return the document of an HTTP API."""
    return {**rest_api(paths, schemes=schemes, **members), "x-idp-api-type": "HTTP"}


def lambda_scheme(kind: str = "token", **settings: Any) -> dict[str, Any]:
    """Return the security scheme of a Lambda authorizer."""
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{GATEKEEPER}/invocations"
    return {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authorizer": {"type": kind, "authorizerUri": uri, **settings},
    }


def cognito_scheme(*pool_ids: str, **settings: Any) -> dict[str, Any]:
    """Return the security scheme of a Cognito authorizer."""
    arns = [f"arn:aws:cognito-idp:us-east-1:{ACCOUNT}:userpool/{pool_id}" for pool_id in pool_ids]
    return {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": arns, **settings},
    }


def jwt_scheme(issuer: str, *audiences: str, **settings: Any) -> dict[str, Any]:
    """Return the security scheme of a JWT authorizer."""
    return {
        "type": "oauth2",
        "x-amazon-apigateway-authorizer": {
            "type": "jwt",
            "jwtConfiguration": {"issuer": issuer, "audience": list(audiences)},
            **settings,
        },
    }


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    """Return a policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(resource: str, effect: str = "Allow", **members: Any) -> dict[str, Any]:
    """Return a statement about calling an API."""
    return {"Effect": effect, "Action": "execute-api:Invoke", "Resource": resource, **members}
