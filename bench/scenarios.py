"""The measured requests.  Each scenario prepares what it needs and gives one iteration to repeat."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import boto3
import gmpy2
from botocore.credentials import Credentials

from bench.wire import REGION, Connection, aws, plain, signed
from idp.domain import srp

PASSWORD = "Correct-horse-7"
Iteration = Callable[[Connection], object]


@dataclass
class World:
    """A server with a pool, a client, a user, an identity pool and an API, ready to be asked."""

    url: str
    key: Credentials
    pool_id: str = ""
    client_id: str = ""
    tokens: dict[str, Any] = field(default_factory=dict, repr=False)
    identity_pool_id: str = ""
    api: str = ""

    def administer(self, connection: Connection, service: str, operation: str, **parameters: Any) -> Any:
        """Call an operation as the administrator."""
        return connection.call(aws(self.url, service, operation, parameters, self.key))


def build(url: str, key: Credentials) -> World:
    """Make what the scenarios ask for."""
    world, connection = World(url, key), Connection(url)
    pool = world.administer(connection, "cognito-idp", "CreateUserPool", PoolName="bench")["UserPool"]
    world.pool_id = pool["Id"]
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    client = world.administer(
        connection,
        "cognito-idp",
        "CreateUserPoolClient",
        UserPoolId=world.pool_id,
        ClientName="bench",
        ExplicitAuthFlows=flows,
    )
    world.client_id = client["UserPoolClient"]["ClientId"]
    who = {"UserPoolId": world.pool_id, "Username": "ann"}
    email = [{"Name": "email", "Value": "ann@example.com"}, {"Name": "email_verified", "Value": "true"}]
    world.administer(
        connection, "cognito-idp", "AdminCreateUser", **who, MessageAction="SUPPRESS", UserAttributes=email
    )
    world.administer(connection, "cognito-idp", "AdminSetUserPassword", **who, Password=PASSWORD, Permanent=True)
    world.tokens = connection.call(password_request(world))["AuthenticationResult"]
    provider = f"cognito-idp.{REGION}.amazonaws.com/{world.pool_id}"
    identity_pool = world.administer(
        connection,
        "cognito-identity",
        "CreateIdentityPool",
        IdentityPoolName="bench",
        AllowUnauthenticatedIdentities=False,
        CognitoIdentityProviders=[{"ProviderName": provider, "ClientId": world.client_id}],
    )
    world.identity_pool_id = identity_pool["IdentityPoolId"]
    roles = {"authenticated": make_role(world)}
    set_roles = {"IdentityPoolId": world.identity_pool_id, "Roles": roles}
    connection.send(aws(url, "cognito-identity", "SetIdentityPoolRoles", set_roles, key))
    connection.close()
    return world


def make_role(world: World) -> str:
    """Make the role that the identity pool's people get; return its ARN."""
    iam = boto3.client(
        "iam",
        endpoint_url=world.url,
        region_name=REGION,
        aws_access_key_id=world.key.access_key,
        aws_secret_access_key=world.key.secret_key,
    )
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {"cognito-identity.amazonaws.com:aud": world.identity_pool_id}},
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": statement})
    arn: str = iam.create_role(RoleName="people", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    return arn


def password_request(world: World) -> bytes:
    """Return a password sign-in."""
    parameters = {"USERNAME": "ann", "PASSWORD": PASSWORD}
    body = {"ClientId": world.client_id, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters}
    return aws(world.url, "cognito-idp", "InitiateAuth", body)


def password_sign_in(world: World) -> Iteration:
    """Sign in by password: argon2id, two signatures, two rows."""
    request = password_request(world)
    return lambda connection: connection.send(request)


def refresh(world: World) -> Iteration:
    """Refresh: two signatures, one joined select."""
    parameters = {"REFRESH_TOKEN": world.tokens["RefreshToken"]}
    body = {"ClientId": world.client_id, "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": parameters}
    request = aws(world.url, "cognito-idp", "InitiateAuth", body)
    return lambda connection: connection.send(request)


def get_user(world: World) -> Iteration:
    """Read one's own attributes by access token."""
    request = aws(world.url, "cognito-idp", "GetUser", {"AccessToken": world.tokens["AccessToken"]})
    return lambda connection: connection.send(request)


def jwks(world: World) -> Iteration:
    """Fetch a pool's key set."""
    request = plain(world.url, f"/{world.pool_id}/.well-known/jwks.json")
    return lambda connection: connection.send(request)


def sign_up(world: World) -> Iteration:
    """Sign up: argon2id, SRP verifier, one row."""
    numbers = itertools.count()
    prefix = os.urandom(4).hex()

    def iterate(connection: Connection) -> object:
        body = {"ClientId": world.client_id, "Username": f"{prefix}-{next(numbers)}", "Password": PASSWORD}
        return connection.send(aws(world.url, "cognito-idp", "SignUp", body))

    return iterate


def credentials(world: World) -> Iteration:
    """GetId and GetCredentialsForIdentity."""
    logins = {f"cognito-idp.{REGION}.amazonaws.com/{world.pool_id}": world.tokens["IdToken"]}
    body = {"IdentityPoolId": world.identity_pool_id, "Logins": logins}
    get_id = aws(world.url, "cognito-identity", "GetId", body)
    connection = Connection(world.url)
    body = {"IdentityId": connection.call(get_id)["IdentityId"], "Logins": logins}
    connection.close()
    get_credentials = aws(world.url, "cognito-identity", "GetCredentialsForIdentity", body)

    def iterate(connection: Connection) -> object:
        connection.send(get_id)
        return connection.send(get_credentials)

    return iterate


def srp_sign_in(world: World) -> Iteration:
    """Sign in by SRP: the client's arithmetic is done with the server's own module, and is not the server's cost."""
    secret = int.from_bytes(os.urandom(32))
    public = f"{int(gmpy2.powmod(srp.G, secret, srp.N)):x}"
    parameters = {"USERNAME": "ann", "SRP_A": public}
    body = {"ClientId": world.client_id, "AuthFlow": "USER_SRP_AUTH", "AuthParameters": parameters}
    start = aws(world.url, "cognito-idp", "InitiateAuth", body)

    def iterate(connection: Connection) -> object:
        asked = connection.call(start)["ChallengeParameters"]
        responses = srp_responses(world.pool_id, asked, secret, public)
        answer = {"ClientId": world.client_id, "ChallengeName": "PASSWORD_VERIFIER", "ChallengeResponses": responses}
        return connection.send(aws(world.url, "cognito-idp", "RespondToAuthChallenge", answer))

    return iterate


def srp_responses(pool_id: str, asked: dict[str, str], secret: int, public: str) -> dict[str, str]:
    """Return a client's answer to PASSWORD_VERIFIER.  Source: spec USER_POOLS section 1.4, the client's side."""
    name, user_id = pool_id.partition("_")[2], asked["USER_ID_FOR_SRP"]
    server_public, client_public = int(asked["SRP_B"], 16), int(public, 16)
    inner = hashlib.sha256(f"{name}{user_id}:{PASSWORD}".encode()).digest()
    x = _digest_number(srp.minimal_bytes(int(asked["SALT"], 16)) + inner)
    u = _digest_number(srp.minimal_bytes(client_public) + srp.minimal_bytes(server_public))
    k = _digest_number(srp.minimal_bytes(srp.N) + srp.minimal_bytes(srp.G))
    base = (server_public - k * int(gmpy2.powmod(srp.G, x, srp.N))) % srp.N
    shared = int(gmpy2.powmod(base, secret + u * x, srp.N))
    prk = hmac.digest(srp.minimal_bytes(u), srp.minimal_bytes(shared), "sha256")
    key = hmac.digest(prk, b"Caldera Derived Key\x01", "sha256")[:16]
    moment = timestamp(datetime.now(UTC))
    block = base64.b64decode(asked["SECRET_BLOCK"])
    signature = hmac.digest(key, name.encode() + user_id.encode() + block + moment.encode(), "sha256")
    return {
        "USERNAME": user_id,
        "PASSWORD_CLAIM_SECRET_BLOCK": asked["SECRET_BLOCK"],
        "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(signature).decode(),
        "TIMESTAMP": moment,
    }


def list_users_by_filter(world: World) -> Iteration:
    """Find one user by e-mail address."""
    body = {"UserPoolId": world.pool_id, "Filter": 'email = "user500@example.com"'}
    request = aws(world.url, "cognito-idp", "ListUsers", body, world.key)
    return lambda connection: connection.send(request)


def user_by_alias(world: World) -> Iteration:
    """Find one user by an alias."""
    body = {"UserPoolId": world.pool_id, "Username": "user500@example.com"}
    request = aws(world.url, "cognito-idp", "AdminGetUser", body, world.key)
    return lambda connection: connection.send(request)


def through_gateway(world: World, path: str, *, token: str | None = None, sign: bool = False) -> Iteration:
    """Ask a route behind one kind of authorizer."""
    headers = {} if token is None else {"Authorization": token}
    request = signed(world.url, world.api + path, "execute-api", world.key if sign else None, headers=headers)
    return lambda connection: connection.send(request)


def timestamp(moment: datetime) -> str:
    """Return a moment as TIMESTAMP wants it: `Wed Mar 5 09:08:07 UTC 2025`, the day without a leading zero."""
    return f"{moment:%a %b} {moment.day} {moment:%H:%M:%S} UTC {moment.year}"


def _digest_number(data: bytes) -> int:
    return int.from_bytes(hashlib.sha256(data).digest())
