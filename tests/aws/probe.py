"""A small server of made-up operations under real models, to test the face's machinery without any flow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Flask

from idp.aws.context import Context
from idp.aws.registry import Registry, operation
from idp.aws.view import mount
from idp.domain.errors import UserNotFound
from idp.domain.principal import root_of
from idp.services import Services

CREATED = datetime(2019, 1, 21, 22, 8, 29, 537_400, tzinfo=UTC)


def user_pool_arn(context: Context, request: Mapping[str, Any]) -> str:
    return f"arn:aws:cognito-idp:{context.region}:{context.account}:userpool/{request['UserPoolId']}"


@operation("cognito-idp")
def list_user_pools(context: Context, request: Mapping[str, Any]) -> Mapping[str, Any]:
    pool = {"Id": context.region, "Name": context.account, "CreationDate": CREATED, "Status": None, "Colour": "red"}
    return {"UserPools": [pool], "NextToken": request.get("NextToken")}


@operation("cognito-idp", resource=user_pool_arn)
def admin_get_user(context: Context, request: Mapping[str, Any]) -> Mapping[str, Any]:
    raise UserNotFound


@operation("cognito-idp")
def sign_up(context: Context, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Answer with what arrived, to show what the checks let through."""
    return {"UserConfirmed": True, "UserSub": repr(sorted(request)), "Session": context.source_ip}


@operation("cognito-idp")
def admin_delete_user(context: Context, request: Mapping[str, Any]) -> None:
    return None


@operation("cognito-idp")
def get_user(context: Context, request: Mapping[str, Any]) -> Mapping[str, Any]:
    raise RuntimeError(f"a bug met {request['AccessToken']}")


@operation("cognito-idp", resource=user_pool_arn)
def list_user_pool_client_secrets(context: Context, request: Mapping[str, Any]) -> Mapping[str, Any]:
    raise RuntimeError("a bug")


@operation("cognito-identity")
def get_id(context: Context, request: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"IdentityId": request["IdentityPoolId"]}


@operation("cognito-identity")
def delete_identity_pool(context: Context, request: Mapping[str, Any]) -> None:
    return None


@operation("sts")
def get_caller_identity(context: Context, request: Mapping[str, Any]) -> Mapping[str, Any]:
    principal = context.principal or root_of("none")
    return {"Account": context.account, "Arn": principal.arn, "UserId": context.region}


@operation("sts")
def assume_role(context: Context, request: Mapping[str, Any]) -> Mapping[str, Any]:
    tags = ",".join(f"{tag['Key']}={tag['Value']}" for tag in request.get("Tags", []))
    credentials = {"AccessKeyId": "ASIA", "SecretAccessKey": tags, "SessionToken": "t", "Expiration": CREATED}
    return {"Credentials": credentials, "PackedPolicySize": request.get("DurationSeconds")}


@operation("iam")
def list_roles(context: Context, request: Mapping[str, Any]) -> Mapping[str, Any]:
    role = {
        "Path": "/",
        "RoleName": "a<b>&\x01",
        "RoleId": "AROA",
        "Arn": "arn",
        "CreateDate": CREATED,
        "Tags": [{"Key": "k", "Value": "v"}, {"Key": "l", "Value": "w"}],
    }
    return {"Roles": [role], "IsTruncated": False}


@operation("lambda")
def invoke(context: Context, request: Mapping[str, Any]) -> Mapping[str, Any]:
    told = f"{request['FunctionName']}/{request.get('Qualifier')}/{request.get('InvocationType')}"
    return {"StatusCode": 202, "Payload": request.get("Payload", b""), "ExecutedVersion": told}


@operation("lambda")
def create_function(context: Context, request: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"FunctionName": request["FunctionName"], "CodeSize": len(request["Code"]["ZipFile"]), "Timeout": None}


@operation("lambda")
def delete_alias(context: Context, request: Mapping[str, Any]) -> None:
    return None


PROBES = (
    list_user_pools,
    admin_get_user,
    sign_up,
    admin_delete_user,
    get_user,
    list_user_pool_client_secrets,
    get_id,
    delete_identity_pool,
    get_caller_identity,
    assume_role,
    list_roles,
    invoke,
    create_function,
    delete_alias,
)


def probe_app(services: Services) -> Flask:
    """Return a Flask that serves the probes on `services`."""
    app = Flask("probe")
    app.extensions["idp"] = services
    mount(app, services, Registry(PROBES))
    return app
