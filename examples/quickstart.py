"""The whole story against a running server, with the clients people use: boto3, requests, PyJWT, pycognito.

    idp dev --port 9229 &
    python examples/quickstart.py http://localhost:9229

A person signs up, confirms, signs in by password and by SRP, and gets tokens that verify; an identity pool changes the ID
token for credentials of an IAM role; an API lets them through by each of the three kinds of authorizer to a Lambda function
that keeps notes in DynamoDB, and refuses others as AWS does; and the same person signs in on a web page.

Against `idp serve` the steps of an administrator are signed by AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and the code
that would come by e-mail is read from the outbox with them. The API is deployed by `idp deploy`, which reads the same
settings as the server (IDP_DATA, IDP_DATABASE_URL ...).
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import html
import io
import json
import os
import re
import secrets
import string
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urljoin, urlsplit

import boto3
import jwt
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from pycognito.aws_srp import AWSSRP

REGION = "us-east-1"
NOTES = Path(__file__).parent / "notes"
CALLBACK = "http://localhost:3000/callback"
RUN = secrets.token_hex(4)
ANN = {"name": f"ann-{RUN}", "email": f"ann-{RUN}@example.com", "password": "Correct-horse-7"}
WORD = secrets.token_urlsafe(12)


@dataclass(frozen=True)
class Pool:
    """What the first steps made."""

    id: str
    arn: str
    client_id: str
    domain: str


def main() -> None:
    """Walk through the story; any surprise ends it with an exception."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("url", nargs="?", default="http://localhost:9229")
    url = options.parse_args().url.rstrip("/")
    cloud = Cloud(url)

    pool = make_user_pool(cloud)
    sign_up(cloud, pool)
    tokens = sign_in(cloud, pool)
    verify(pool, tokens)
    identity_pool = make_identity_pool(cloud, pool)
    credentials = exchange(cloud, pool, identity_pool, tokens["IdToken"])
    api = make_api(cloud, pool)
    call_signed(api, credentials)
    call_as_friend(api)
    call_as_person(api, tokens)
    sign_in_on_the_page(cloud, pool)
    print("\nThat is the whole story.")


class Cloud:
    """boto3 clients of the server, signed by the administrator."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session: Any = boto3.Session(
            aws_access_key_id=os.environ.get("AWS_ACCESS_KEY_ID", "any"),
            aws_secret_access_key=os.environ.get("AWS_SECRET_ACCESS_KEY", "any"),
            region_name=REGION,
        )

    def client(self, service: str) -> Any:
        """Return a client of a service."""
        return self.session.client(service, endpoint_url=self.url)

    def code_sent_to(self, address: str) -> str:
        """Return the newest code in the outbox, which an administrator may read."""
        url = f"{self.url}/admin/v1/outbox?to={quote(address)}"
        answer = signed("GET", url, self.session.get_credentials(), service="idp")
        code: str = answer.json()["items"][0]["code"]
        return code


def step(text: str) -> None:
    """Print what happens next."""
    print(f"\n* {text}")


def show(name: str, value: object) -> None:
    """Print one finding."""
    print(f"    {name:<16} {value}")


def make_user_pool(cloud: Cloud) -> Pool:
    """Make a user pool whose people confirm by e-mail, a public client, and a domain for the sign-in page."""
    step("A user pool, a public client, and a domain")
    idp = cloud.client("cognito-idp")
    made = idp.create_user_pool(PoolName="quickstart", AutoVerifiedAttributes=["email"])["UserPool"]
    client = idp.create_user_pool_client(
        UserPoolId=made["Id"],
        ClientName="web",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid", "email"],
        CallbackURLs=[CALLBACK],
        SupportedIdentityProviders=["COGNITO"],
    )["UserPoolClient"]
    domain = f"quickstart-{RUN}"
    idp.create_user_pool_domain(Domain=domain, UserPoolId=made["Id"])
    show("user pool", made["Id"])
    show("client", client["ClientId"])
    return Pool(made["Id"], made["Arn"], client["ClientId"], domain)


def sign_up(cloud: Cloud, pool: Pool) -> None:
    """Sign Ann up; the code comes by e-mail."""
    step("Ann signs up and confirms with the code she was sent")
    idp = cloud.client("cognito-idp")
    attributes = [{"Name": "email", "Value": ANN["email"]}]
    answer = idp.sign_up(
        ClientId=pool.client_id, Username=ANN["name"], Password=ANN["password"], UserAttributes=attributes
    )
    show("sent to", answer["CodeDeliveryDetails"]["Destination"])
    code = cloud.code_sent_to(ANN["email"])
    idp.confirm_sign_up(ClientId=pool.client_id, Username=ANN["name"], ConfirmationCode=code)
    show("confirmed with", code)


def sign_in(cloud: Cloud, pool: Pool) -> dict[str, Any]:
    """Sign in by password and by SRP, where the password never leaves the client."""
    step("She signs in: by password, and by SRP")
    idp = cloud.client("cognito-idp")
    by_password = idp.initiate_auth(
        ClientId=pool.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": ANN["name"], "PASSWORD": ANN["password"]},
    )
    show("by password", f"expires in {by_password['AuthenticationResult']['ExpiresIn']} s")
    srp = AWSSRP(username=ANN["name"], password=ANN["password"], pool_id=pool.id, client_id=pool.client_id, client=idp)
    tokens: dict[str, Any] = srp.authenticate_user()["AuthenticationResult"]
    show("by SRP", tokens["AccessToken"][:40] + "…")
    return tokens


def verify(pool: Pool, tokens: dict[str, Any]) -> None:
    """Verify the ID token by what the issuer publishes."""
    step("The ID token verifies against the pool's published keys")
    issuer = jwt.decode(tokens["IdToken"], options={"verify_signature": False})["iss"]
    configuration = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=10).json()
    key = jwt.PyJWKClient(configuration["jwks_uri"]).get_signing_key_from_jwt(tokens["IdToken"])
    claims = jwt.decode(tokens["IdToken"], key.key, algorithms=["RS256"], audience=pool.client_id, issuer=issuer)
    show("issuer", claims["iss"])
    show("email", claims["email"])


def make_identity_pool(cloud: Cloud, pool: Pool) -> str:
    """Make an identity pool that trusts the user pool, and the role its people get."""
    step("An identity pool, and the IAM role its people get")
    identity = cloud.client("cognito-identity")
    iam = cloud.client("iam")
    provider = f"cognito-idp.{REGION}.amazonaws.com/{pool.id}"
    identity_pool: str = identity.create_identity_pool(
        IdentityPoolName="quickstart",
        AllowUnauthenticatedIdentities=False,
        CognitoIdentityProviders=[{"ProviderName": provider, "ClientId": pool.client_id}],
    )["IdentityPoolId"]
    role = iam.create_role(RoleName=f"people-{RUN}", AssumeRolePolicyDocument=trust_of(identity_pool))["Role"]
    iam.put_role_policy(
        RoleName=role["RoleName"],
        PolicyName="read-only-api",
        PolicyDocument=policy("Allow", "execute-api:Invoke", "arn:aws:execute-api:*:*:*/*/GET/*"),
    )
    identity.set_identity_pool_roles(IdentityPoolId=identity_pool, Roles={"authenticated": role["Arn"]})
    show("identity pool", identity_pool)
    show("role", role["Arn"])
    return identity_pool


def exchange(cloud: Cloud, pool: Pool, identity_pool: str, id_token: str) -> Credentials:
    """Change the ID token for temporary credentials."""
    step("Her ID token becomes temporary credentials")
    identity = cloud.client("cognito-identity")
    logins = {f"cognito-idp.{REGION}.amazonaws.com/{pool.id}": id_token}
    identity_id = identity.get_id(IdentityPoolId=identity_pool, Logins=logins)["IdentityId"]
    given = identity.get_credentials_for_identity(IdentityId=identity_id, Logins=logins)["Credentials"]
    show("identity", identity_id)
    show("access key", f"{given['AccessKeyId']} until {given['Expiration']:%H:%M:%S}")
    sts = boto3.client(
        "sts",
        endpoint_url=cloud.url,
        region_name=REGION,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretKey"],
        aws_session_token=given["SessionToken"],
    )
    show("who am I", sts.get_caller_identity()["Arn"])
    return Credentials(given["AccessKeyId"], given["SecretKey"], given["SessionToken"])


def make_api(cloud: Cloud, pool: Pool) -> str:
    """Make the table, the two functions and the API; return the API's address."""
    step("A DynamoDB table, two Lambda functions, and an API in front of them")
    table = f"notes-{RUN}"
    cloud.client("dynamodb").create_table(
        TableName=table,
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("owner", "note")],
        KeySchema=[{"AttributeName": "owner", "KeyType": "HASH"}, {"AttributeName": "note", "KeyType": "RANGE"}],
        BillingMode="PAY_PER_REQUEST",
    )
    role = make_function_role(cloud, table)
    values = {
        "USER_POOL_ARN": pool.arn,
        "NOTES_ARN": make_function(cloud, "notes", role, {"TABLE": table}),
        "GATEKEEPER_ARN": make_function(cloud, "gatekeeper", role, {"WORD": WORD}),
    }
    api_id = f"notes{RUN}"
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / "api.yaml"
        document.write_text(string.Template((NOTES / "api.yaml").read_text()).substitute(values))
        command = [sys.executable, "-m", "idp", "deploy", str(document), "--api-id", api_id, "--stage", "prod"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    address = f"{cloud.url}/_api/{api_id}/prod"
    show("API", address)
    return address


def make_function_role(cloud: Cloud, table: str) -> str:
    """Make the role that the functions run as: it may use the one table."""
    iam = cloud.client("iam")
    trust = policy("Allow", "sts:AssumeRole", None, Principal={"Service": "lambda.amazonaws.com"})
    role = iam.create_role(RoleName=f"functions-{RUN}", AssumeRolePolicyDocument=trust)["Role"]
    allowed = policy("Allow", ["dynamodb:PutItem", "dynamodb:Query"], f"arn:aws:dynamodb:*:*:table/{table}")
    iam.put_role_policy(RoleName=role["RoleName"], PolicyName="notes", PolicyDocument=allowed)
    arn: str = role["Arn"]
    return arn


def make_function(cloud: Cloud, name: str, role: str, environment: dict[str, str]) -> str:
    """Make a Lambda function of a file beside this one; return its ARN."""
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.write(NOTES / f"{name}.py", f"{name}.py")
    made = cloud.client("lambda").create_function(
        FunctionName=f"{name}-{RUN}",
        Runtime="python3.11",
        Role=role,
        Handler=f"{name}.handler",
        Code={"ZipFile": code.getvalue()},
        Environment={"Variables": environment},
        Timeout=10,
    )
    show("function", made["FunctionArn"])
    arn: str = made["FunctionArn"]
    return arn


def call_signed(api: str, credentials: Credentials) -> None:
    """Call the route that IAM guards (AWS_IAM)."""
    step("IAM guards /signed: her credentials may read; a stranger and a write are refused")
    expect(200, signed("GET", f"{api}/signed", credentials))
    expect(403, requests.get(f"{api}/signed", timeout=10))
    expect(403, signed("POST", f"{api}/signed", credentials, b'{"note": "no"}'))


def call_as_friend(api: str) -> None:
    """Call the route that a Lambda authorizer guards (CUSTOM)."""
    step("A Lambda authorizer guards /friends: who knows the word may write and read; others are refused")
    friend = {"Authorization": f"Bearer {WORD}"}
    expect(201, requests.post(f"{api}/friends", json={"note": "hello"}, headers=friend, timeout=10))
    expect(403, requests.get(f"{api}/friends", headers={"Authorization": "Bearer guess"}, timeout=10))
    expect(401, requests.get(f"{api}/friends", timeout=10))


def call_as_person(api: str, tokens: dict[str, Any]) -> None:
    """Call the route that the user pool guards (COGNITO_USER_POOLS)."""
    step("The user pool guards /people: her ID token opens; none, or an access token, does not")
    expect(201, requests.post(f"{api}/people", json={"note": "mine"}, headers=bearer(tokens["IdToken"]), timeout=10))
    expect(200, requests.get(f"{api}/people", headers=bearer(tokens["IdToken"]), timeout=10))
    expect(401, requests.get(f"{api}/people", timeout=10))
    expect(401, requests.get(f"{api}/people", headers=bearer(tokens["AccessToken"]), timeout=10))


def sign_in_on_the_page(cloud: Cloud, pool: Pool) -> None:
    """Sign in through the hosted page: OpenID Connect's code flow with PKCE (RFC 7636)."""
    step("She signs in on the hosted page, and the app gets tokens for the code")
    browser = requests.Session()
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    domain = f"{cloud.url}/_domain/{pool.domain}"
    asked = {
        "response_type": "code",
        "client_id": pool.client_id,
        "redirect_uri": CALLBACK,
        "scope": "openid email",
        "state": secrets.token_urlsafe(16),
        "nonce": secrets.token_urlsafe(16),
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    page = browser.get(f"{domain}/oauth2/authorize", params=asked, timeout=10)
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    form = {name: html.unescape(value) for name, value in hidden.items()}
    form |= {"username": ANN["name"], "password": ANN["password"]}
    answer = browser.post(page.url, data=form, allow_redirects=False, timeout=10)
    while not answer.headers["Location"].startswith(CALLBACK):
        answer = browser.get(urljoin(answer.url, answer.headers["Location"]), allow_redirects=False, timeout=10)
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert back["state"] == [asked["state"]]
    tokens = requests.post(
        f"{domain}/oauth2/token",
        data={
            "grant_type": "authorization_code",
            "client_id": pool.client_id,
            "redirect_uri": CALLBACK,
            "code": back["code"][0],
            "code_verifier": verifier,
        },
        timeout=10,
    ).json()
    show("tokens", ", ".join(sorted(tokens)))
    told = requests.get(f"{domain}/oauth2/userInfo", headers=bearer(tokens["access_token"]), timeout=10).json()
    show("userInfo", told)


def expect(status: int, answer: requests.Response) -> None:
    """Print an answer; it is an error when it has another status."""
    path = urlsplit(str(answer.request.url)).path.rpartition("/")[2]
    show(f"{answer.request.method} /{path}", f"{answer.status_code} {answer.text}")
    assert answer.status_code == status, f"{status} was expected"


def bearer(token: str) -> dict[str, str]:
    """Return the header that carries a token (RFC 6750)."""
    return {"Authorization": f"Bearer {token}"}


def signed(
    method: str, url: str, credentials: Credentials, body: bytes = b"", *, service: str = "execute-api"
) -> requests.Response:
    """Send a request signed by Signature Version 4."""
    request = AWSRequest(method, url, data=body)
    SigV4Auth(credentials, service, REGION).add_auth(request)
    return requests.request(method, url, headers=dict(request.headers), data=body, timeout=10)


def policy(effect: str, action: str | list[str], resource: str | None, **more: object) -> str:
    """Return a policy document of one statement."""
    statement = {"Effect": effect, "Action": action, **more}
    if resource is not None:
        statement["Resource"] = resource
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trust_of(identity_pool: str) -> str:
    """Return the trust policy that lets an identity pool's signed-in people have a role."""
    return policy(
        "Allow",
        "sts:AssumeRoleWithWebIdentity",
        None,
        Principal={"Federated": "cognito-identity.amazonaws.com"},
        Condition={
            "StringEquals": {"cognito-identity.amazonaws.com:aud": identity_pool},
            "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"},
        },
    )


if __name__ == "__main__":
    main()
