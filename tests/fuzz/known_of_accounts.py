"""What inputs of the other services' operations may name: identity pools, roles, users and functions of an account."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from tests.aws.cognito_identity.conftest import trust_pool
from tests.aws.iam.policies import allow, trust
from tests.aws.lambda_.code import package
from tests.fuzz.door import Door
from tests.fuzz.form_door import FormDoor
from tests.fuzz.rest_door import RestDoor

Values = Mapping[str, Sequence[Any]]

ACCOUNT = "000000000000"
PASSWORD = "Correct-horse-7"
ANYBODY = trust({"AWS": "*"}, "sts:AssumeRole")
POLICIES = (
    allow(["iam:ListRoles"]),
    allow(["*"]),
    "{}",
    "[]",
    '{"Version": "2012-10-17", "Statement": [{}]}',
    "{" * 50,
)


def known_of_identity_pools(users: Door, identities: Door) -> Values:
    """Make an identity pool over a user pool, and an identity of a user's and of a guest's."""
    pool = users.ask("CreateUserPool", PoolName="people")["UserPool"]["Id"]
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    made = users.ask("CreateUserPoolClient", UserPoolId=pool, ClientName="app", ExplicitAuthFlows=flows)
    client = made["UserPoolClient"]["ClientId"]
    users.ask("AdminCreateUser", UserPoolId=pool, Username="ann", MessageAction="SUPPRESS")
    users.ask("AdminSetUserPassword", UserPoolId=pool, Username="ann", Password=PASSWORD, Permanent=True)
    named = {"USERNAME": "ann", "PASSWORD": PASSWORD}
    begun = users.ask("InitiateAuth", ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=named)
    name = f"cognito-idp.us-east-1.amazonaws.com/{pool}"
    settings = {
        "AllowUnauthenticatedIdentities": True,
        "AllowClassicFlow": True,
        "CognitoIdentityProviders": [{"ProviderName": name, "ClientId": client}],
    }
    identity_pool = identities.ask("CreateIdentityPool", IdentityPoolName="fuzz", **settings)["IdentityPoolId"]
    logins = {name: begun["AuthenticationResult"]["IdToken"]}
    roles = dict.fromkeys(("authenticated", "unauthenticated"), f"arn:aws:iam::{ACCOUNT}:role/member")
    identities.ask("SetIdentityPoolRoles", IdentityPoolId=identity_pool, Roles=roles)
    guest = identities.ask("GetId", IdentityPoolId=identity_pool)["IdentityId"]
    member = identities.ask("GetId", IdentityPoolId=identity_pool, Logins=logins)["IdentityId"]
    return {
        "IdentityPoolId": [identity_pool],
        "IdentityId": [guest, member],
        "Logins": [logins, {}, {name: "a.b.c"}, {"accounts.google.com": "a"}],
        "Roles": [roles, {"authenticated": roles["authenticated"]}],
        "ProviderName": [name],
        "ClientId": [client],
        "AccountId": [ACCOUNT],
        "CustomRoleArn": [roles["authenticated"]],
        "GetCredentialsForIdentity": [{"IdentityId": guest}, {"IdentityId": member, "Logins": logins}],
        "GetOpenIdToken": [{"IdentityId": member, "Logins": logins}],
    }


def known_of_account(iam: FormDoor, identity_pool: str, token: str) -> Values:
    """Make a role, which anybody may take, another of the identity pool, and a user with a key."""
    _taken(iam, "CreateRole", RoleName="anyone", AssumeRolePolicyDocument=ANYBODY)
    _taken(iam, "CreateRole", RoleName="member", AssumeRolePolicyDocument=trust_pool(identity_pool, "authenticated"))
    lambdas = trust({"Service": "lambda.amazonaws.com"}, "sts:AssumeRole")
    _taken(iam, "CreateRole", RoleName="functions", AssumeRolePolicyDocument=lambdas)
    _taken(iam, "PutRolePolicy", RoleName="anyone", PolicyName="p", PolicyDocument=POLICIES[0])
    _taken(iam, "CreateUser", UserName="ann")
    _taken(iam, "PutUserPolicy", UserName="ann", PolicyName="p", PolicyDocument=POLICIES[0])
    key = _taken(iam, "CreateAccessKey", UserName="ann")["AccessKey"]["AccessKeyId"]
    role = f"arn:aws:iam::{ACCOUNT}:role/anyone"
    by_token = {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/member", "RoleSessionName": "a", "WebIdentityToken": token}
    return {
        "RoleName": ["anyone", "member", "nobody"],
        "UserName": ["ann", "nobody"],
        "PolicyName": ["p", "q"],
        "AccessKeyId": [key],
        "PolicyDocument": POLICIES,
        "AssumeRolePolicyDocument": [ANYBODY, *POLICIES],
        "Policy": POLICIES,
        "RoleArn": [role, by_token["RoleArn"]],
        "WebIdentityToken": [token, "a.b.c"],
        "AssumeRole": [{"RoleArn": role, "RoleSessionName": "a"}],
        "AssumeRoleWithWebIdentity": [by_token],
        "CreateRole": [{"RoleName": "new", "AssumeRolePolicyDocument": ANYBODY}],
        "CreateUser": [{"UserName": "eve"}],
        "DeleteUser": [{"UserName": "ann"}],
        "PathPrefix": ["/"],
        "Path": ["/", "/a/b/"],
    }


def known_of_functions(functions: RestDoor) -> Values:
    """Make a function."""
    code = {"ZipFile": base64.b64encode(package()).decode()}
    settings = {"Runtime": "python3.11", "Role": f"arn:aws:iam::{ACCOUNT}:role/functions", "Handler": "app.handler"}
    made = {"FunctionName": "greeter", "Code": code, **settings}
    answer = functions.send("CreateFunction", made)
    assert answer.status == 200, answer
    return {
        "FunctionName": ["greeter", f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:greeter", "nobody"],
        "Code": [code, {"ZipFile": "AAAA"}],
        "ZipFile": [code["ZipFile"], "AAAA"],
        "Runtime": ["python3.11"],
        "Role": [settings["Role"]],
        "Handler": ["app.handler"],
        "Payload": ["{}", '{"a": 1}', "nothing"],
        "Qualifier": ["$LATEST"],
        "CreateFunction": [{**made, "FunctionName": "other"}],
        "Invoke": [{"FunctionName": "greeter", "Payload": "{}"}],
    }


def _taken(door: FormDoor, operation: str, **given: Any) -> Any:
    answer = door.send(operation, given)
    assert answer.status == 200, answer
    return answer.content
