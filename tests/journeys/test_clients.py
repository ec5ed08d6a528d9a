"""The clients that people have, unchanged: pycognito, amazon-cognito-identity-js and aws-amplify."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pyotp
import pytest
import requests
from pycognito import Cognito
from pycognito.exceptions import SoftwareTokenMFAChallengeException

from tests.journeys.servers import RunningServer, idp_dev

NODE = Path(__file__).parent / "node"
PASSWORD = "Correct-horse-7"


@dataclass(frozen=True)
class Shop:
    """A pool whose people have one-time passwords and devices, and its client."""

    server: RunningServer
    idp: Any
    pool_id: str
    client_id: str


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with idp_dev(tmp_path_factory.mktemp("clients")) as server:
        session: Any = boto3.Session(aws_access_key_id="any", aws_secret_access_key="any", region_name="us-east-1")
        idp = session.client("cognito-idp", endpoint_url=server.url)
        pool_id = idp.create_user_pool(
            PoolName="shop",
            AutoVerifiedAttributes=["email"],
            DeviceConfiguration={"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True},
        )["UserPool"]["Id"]
        idp.set_user_pool_mfa_config(
            UserPoolId=pool_id, MfaConfiguration="OPTIONAL", SoftwareTokenMfaConfiguration={"Enabled": True}
        )
        client = idp.create_user_pool_client(UserPoolId=pool_id, ClientName="web")["UserPoolClient"]
        yield Shop(server, idp, pool_id, client["ClientId"])


def run_script(shop: Shop, script: str, name: str) -> list[str]:
    """Run a script of the node folder; return the steps it says are done."""
    command = ["node", str(NODE / script), shop.server.url, shop.pool_id, shop.client_id, name]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stdout + ran.stderr + shop.server.log.read_text()[-4000:]
    return [line.removeprefix("done: ") for line in ran.stdout.splitlines() if line.startswith("done: ")]


node_clients = pytest.mark.skipif(
    shutil.which("node") is None or not (NODE / "node_modules").exists(),
    reason="the JavaScript clients are not installed: install Node.js with npm, then run: make test",
)


@node_clients
def test_amazon_cognito_identity_js_tells_its_whole_story(shop: Shop) -> None:
    assert run_script(shop, "identity.mjs", "ida") == [
        "sign up",
        "confirm",
        "sign in by SRP",
        "set up one-time passwords",
        "remember the device",
        "sign in on the remembered device",
        "sign in elsewhere by one-time password",
        "refresh",
        "read attributes",
        "sign out everywhere",
    ]


@node_clients
def test_aws_amplify_tells_its_whole_story(shop: Shop) -> None:
    assert run_script(shop, "amplify.mjs", "amy") == [
        "sign up",
        "confirm",
        "sign in by SRP",
        "set up one-time passwords",
        "remember the device",
        "refresh",
        "read attributes",
        "sign in on the remembered device",
        "sign out everywhere",
    ]


def test_pycognito_tells_its_whole_story(shop: Shop) -> None:
    person = a_pycognito(shop, "pia")
    person.set_base_attributes(email="pia@example.com")
    person.register("pia", PASSWORD)
    person.confirm_sign_up(sent_code(shop, "pia@example.com"), username="pia")
    person.authenticate(password=PASSWORD)
    assert person.get_user().email == "pia@example.com"
    secret = person.associate_software_token()
    assert person.verify_software_token(pyotp.TOTP(secret).now(), "phone")
    person.set_user_mfa_preference(sms_mfa=False, software_token_mfa=True, preferred="SOFTWARE_TOKEN")
    before = person.access_token
    person.renew_access_token()
    assert person.access_token != before
    person.logout()
    with pytest.raises(SoftwareTokenMFAChallengeException):
        a_pycognito(shop, "pia").authenticate(password=PASSWORD)


def a_pycognito(shop: Shop, name: str) -> Cognito:
    """Return pycognito's client of the pool."""
    keys = {"access_key": "any", "secret_key": "any", "user_pool_region": "us-east-1"}
    config = {"endpoint_url": shop.server.url}
    return Cognito(shop.pool_id, shop.client_id, username=name, boto3_client_kwargs=config, **keys)


def sent_code(shop: Shop, to: str) -> str:
    """Return the newest code to an address."""
    messages = requests.get(f"{shop.server.url}/_dev/outbox", params={"to": to}, timeout=10).json()["messages"]
    code: str = messages[0]["code"]
    return code
