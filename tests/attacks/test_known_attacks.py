"""Attacks known from servers like this one, at the doors whose own tests do not have them."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
import requests
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from cryptography.hazmat.primitives import serialization
from flask import Flask
from flask.testing import FlaskClient
from jwt.utils import base64url_encode

from idp.outbound.keyring import SigningKey, generate_key, public_jwk
from idp.services import Services
from tests.aws.cognito_idp.people import Pool, a_pool, claims_of, with_ann
from tests.fakes import FakeClock
from tests.hosted import CALLBACK, SITE, VERIFIER, HostedPool, Visitor
from tests.sdk import ENDPOINT, client_of, refused

UNVERIFIED = "Invalid login token. Couldn't verify signed token."
REVOKED = "Access token is expired, disabled, or deleted, or the user has globally signed out."

Forge = Callable[[Services, str, dict[str, Any], str], str]


def kid_of(services: Services, pool_id: str, use: str) -> str:
    return services.keyring.signer(pool_id, use).kid


def unsigned(header: Mapping[str, str], claims: Mapping[str, Any]) -> bytes:
    return b".".join(base64url_encode(orjson.dumps(part)) for part in (header, claims))


def without_signature(services: Services, pool_id: str, claims: dict[str, Any], use: str) -> str:
    return unsigned({"kid": kid_of(services, pool_id, use), "alg": "none"}, claims).decode() + "."


def by_the_public_key(services: Services, pool_id: str, claims: dict[str, Any], use: str) -> str:
    """Return an HS256 token whose secret is the text of the pool's public key."""
    kid = kid_of(services, pool_id, use)
    public_key = services.keyring.find_public(pool_id, kid)
    assert public_key is not None
    secret = public_key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    signed = unsigned({"kid": kid, "alg": "HS256"}, claims)
    return (signed + b"." + base64url_encode(hmac.digest(secret, signed, hashlib.sha256))).decode()


def by_a_key_of_ones_own(services: Services, pool_id: str, claims: dict[str, Any], use: str) -> str:
    kid, key = kid_of(services, pool_id, use), generate_key()
    return SigningKey(kid, key, public_jwk(kid, key.public_key())).sign(claims)


def by_another_pool(services: Services, pool_id: str, claims: dict[str, Any], use: str) -> str:
    """Return a token that says it is of this pool, by the key of another."""
    return services.keyring.signer("us-east-1_another00", use).sign(claims)


FORGERIES = pytest.mark.parametrize(
    "forge",
    [without_signature, by_the_public_key, by_a_key_of_ones_own, by_another_pool],
    ids=["alg none", "HS256 by the public key", "another key", "another pool's key"],
)


@pytest.fixture
def pool(idp: Any) -> Pool:
    """A pool with a client that may use every flow, and Ann."""
    return with_ann(a_pool(idp))


@FORGERIES
def test_a_forged_token_is_no_login_at_an_identity_pool(aws: Any, pool: Pool, services: Services, forge: Forge) -> None:
    provider = f"cognito-idp.us-east-1.amazonaws.com/{pool.pool_id}"
    identity_pool = aws("cognito-identity").create_identity_pool(
        IdentityPoolName="app",
        AllowUnauthenticatedIdentities=False,
        CognitoIdentityProviders=[{"ProviderName": provider, "ClientId": pool.client_id}],
    )["IdentityPoolId"]
    genuine = pool.tokens()["IdToken"]
    anybody = aws("cognito-identity", unsigned=True)
    forged = forge(services, pool.pool_id, claims_of(genuine), "id")

    assert anybody.get_id(IdentityPoolId=identity_pool, Logins={provider: genuine})
    with refused("NotAuthorizedException", UNVERIFIED):
        anybody.get_id(IdentityPoolId=identity_pool, Logins={provider: forged})


@FORGERIES
def test_a_forged_token_tells_nothing_of_a_user(
    acme: HostedPool, visitor: Visitor, web: FlaskClient, services: Services, forge: Forge
) -> None:
    form = {
        "grant_type": "authorization_code",
        "client_id": acme.client_id,
        "code": visitor.get_code(acme.asking()),
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    genuine = web.post(f"{SITE}/oauth2/token", data=form).get_json()["access_token"]
    forged = forge(services, acme.pool_id, claims_of(genuine), "access")

    asked = [
        web.get(f"{SITE}/oauth2/userInfo", headers={"Authorization": f"Bearer {token}"}) for token in (genuine, forged)
    ]
    assert [answer.status_code for answer in asked] == [200, 401]
    assert asked[1].get_json() == {"error": "invalid_token", "error_description": REVOKED}


def test_a_disabled_user_with_the_right_password_does_not_sign_in_by_srp(pool: Pool, clock: FakeClock) -> None:
    clock.set(datetime.now(UTC))
    exchange = pool.srp()
    pool.idp.admin_disable_user(UserPoolId=pool.pool_id, Username="ann")

    with refused("NotAuthorizedException", "User is disabled."):
        exchange.answer()


@pytest.mark.parametrize(("secret", "status"), [("the right one", 200), ("a wrong one", 403)])
def test_a_url_signed_by_a_wrong_secret_is_refused(
    app: Flask, web: FlaskClient, clock: FakeClock, secret: str, status: int
) -> None:
    clock.set(datetime.now(UTC))
    iam = client_of(app, "iam")
    iam.create_user(UserName="ann")
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    secrets = {"the right one": key["SecretAccessKey"], "a wrong one": "x" * 40}
    request = AWSRequest("GET", f"{ENDPOINT}/", params={"Action": "GetCallerIdentity", "Version": "2011-06-15"})
    SigV4QueryAuth(Credentials(key["AccessKeyId"], secrets[secret]), "sts", "us-east-1", expires=60).add_auth(request)
    url = requests.Request("GET", request.url, params=request.params).prepare().url

    assert url is not None
    answer = web.get(url.removeprefix(ENDPOINT), base_url=ENDPOINT)
    assert answer.status_code == status
    assert ("SignatureDoesNotMatch" in answer.text) == (status == 403)
