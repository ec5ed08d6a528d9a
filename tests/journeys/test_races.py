"""Two server processes on one database: what may happen once happens once."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests
from botocore.exceptions import ClientError

from tests.journeys.servers import RunningServer, idp_serve, signed_get
from tests.journeys.test_no_lost_users import client_of

AT_ONCE = 6
CALLBACK = "http://localhost:3000/callback"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def two_servers(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[list[RunningServer]]:
    """Two `idp serve`, a worker each, with the same data, keys and database; every test makes a pool of its own there."""
    folder = tmp_path_factory.mktemp("races")
    is_postgresql = request.param == "postgresql"
    database_url = request.getfixturevalue("new_postgresql_database")() if is_postgresql else None
    with idp_serve(folder, database_url, workers=1) as first, idp_serve(folder, database_url, workers=1) as second:
        keys = {name: value for name, value in first.environ.items() if name.startswith("AWS_")}
        yield [first, RunningServer(second.url, {**second.environ, **keys}, second.process, second.log)]


def count_successes(calls: list[Any]) -> int:
    def succeeds(call: Any) -> bool:
        try:
            call()
        except ClientError:
            return False
        return True

    with ThreadPoolExecutor(len(calls)) as pool:
        return sum(pool.map(succeeds, calls))


def test_a_username_signs_up_once(two_servers: list[RunningServer]) -> None:
    clients = [client_of(server) for server in two_servers]
    pool_id = clients[0].create_user_pool(PoolName="people")["UserPool"]["Id"]
    client_id = clients[0].create_user_pool_client(UserPoolId=pool_id, ClientName="web")["UserPoolClient"]["ClientId"]
    ann = {"ClientId": client_id, "Username": "ann", "Password": "Correct-horse-7"}
    calls = [lambda idp=clients[number % 2]: idp.sign_up(**ann) for number in range(AT_ONCE)]
    assert count_successes(calls) == 1


def test_a_rotated_refresh_token_is_spent_once(two_servers: list[RunningServer]) -> None:
    clients = [client_of(server) for server in two_servers]
    pool_id = clients[0].create_user_pool(PoolName="people")["UserPool"]["Id"]
    client_id = clients[0].create_user_pool_client(
        UserPoolId=pool_id,
        ClientName="web",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
        RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 0},
    )["UserPoolClient"]["ClientId"]
    clients[0].admin_create_user(UserPoolId=pool_id, Username="ann", MessageAction="SUPPRESS")
    clients[0].admin_set_user_password(UserPoolId=pool_id, Username="ann", Password="Correct-horse-7", Permanent=True)
    signed_in = clients[0].initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ann", "PASSWORD": "Correct-horse-7"},
    )
    token = {"ClientId": client_id, "RefreshToken": signed_in["AuthenticationResult"]["RefreshToken"]}
    calls = [lambda idp=clients[number % 2]: idp.get_tokens_from_refresh_token(**token) for number in range(AT_ONCE)]
    assert count_successes(calls) == 1


def test_a_confirmation_code_is_spent_once(two_servers: list[RunningServer]) -> None:
    clients = [client_of(server) for server in two_servers]
    pool_id = clients[0].create_user_pool(PoolName="people", AutoVerifiedAttributes=["email"])["UserPool"]["Id"]
    client_id = clients[0].create_user_pool_client(UserPoolId=pool_id, ClientName="web")["UserPoolClient"]["ClientId"]
    who = {"ClientId": client_id, "Username": "ann"}
    attributes = [{"Name": "email", "Value": "ann@example.com"}]
    clients[0].sign_up(**who, Password="Correct-horse-7", UserAttributes=attributes)
    code = signed_get(two_servers[0], "/admin/v1/outbox?to=ann")["items"][0]["code"]
    calls = [
        lambda idp=clients[number % 2]: idp.confirm_sign_up(**who, ConfirmationCode=code) for number in range(AT_ONCE)
    ]
    assert count_successes(calls) == 1


def test_an_address_is_verified_for_one_user(two_servers: list[RunningServer]) -> None:
    clients = [client_of(server) for server in two_servers]
    pool = {"PoolName": "people", "AliasAttributes": ["email"], "AutoVerifiedAttributes": ["email"]}
    pool_id = clients[0].create_user_pool(**pool)["UserPool"]["Id"]
    client_id = clients[0].create_user_pool_client(UserPoolId=pool_id, ClientName="web")["UserPoolClient"]["ClientId"]
    email = [{"Name": "email", "Value": "shared@example.com"}]
    calls = []
    for number in range(AT_ONCE):
        who = {"ClientId": client_id, "Username": f"user{number}"}
        clients[0].sign_up(**who, Password="Correct-horse-7", UserAttributes=email)
        code = signed_get(two_servers[0], f"/admin/v1/outbox?to=user{number}")["items"][0]["code"]
        idp = clients[number % 2]
        calls.append(lambda idp=idp, who=who, code=code: idp.confirm_sign_up(**who, ConfirmationCode=code))
    assert count_successes(calls) == 1


def test_a_sign_in_session_is_spent_once(two_servers: list[RunningServer]) -> None:
    clients = [client_of(server) for server in two_servers]
    pool_id = clients[0].create_user_pool(PoolName="people")["UserPool"]["Id"]
    flows = ["ALLOW_USER_PASSWORD_AUTH"]
    client = clients[0].create_user_pool_client(UserPoolId=pool_id, ClientName="web", ExplicitAuthFlows=flows)
    client_id = client["UserPoolClient"]["ClientId"]
    temporary = {"TemporaryPassword": "Temporary-horse-7", "MessageAction": "SUPPRESS"}
    clients[0].admin_create_user(UserPoolId=pool_id, Username="ann", **temporary)
    parameters = {"USERNAME": "ann", "PASSWORD": "Temporary-horse-7"}
    asked = clients[0].initiate_auth(
        ClientId=client_id, AuthFlow=flows[0].removeprefix("ALLOW_"), AuthParameters=parameters
    )
    answer = {
        "ClientId": client_id,
        "ChallengeName": "NEW_PASSWORD_REQUIRED",
        "Session": asked["Session"],
        "ChallengeResponses": {"USERNAME": "ann", "NEW_PASSWORD": "Correct-horse-7"},
    }
    calls = [lambda idp=clients[number % 2]: idp.respond_to_auth_challenge(**answer) for number in range(AT_ONCE)]
    assert count_successes(calls) == 1


def test_an_authorization_code_is_never_spent_twice(two_servers: list[RunningServer]) -> None:
    clients = [client_of(server) for server in two_servers]
    page = a_sign_in_page(clients[0])
    code = sign_in_on_page(two_servers[0], page)
    token = {"grant_type": "authorization_code", "client_id": page.client_id, "redirect_uri": CALLBACK, "code": code}

    def exchange(number: int) -> int:
        url = f"{two_servers[number % 2].url}/_domain/{page.domain}/oauth2/token"
        return requests.post(url, data=token, timeout=20).status_code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        statuses = list(pool.map(exchange, range(AT_ONCE)))
    # A code that comes back takes the tokens of its first use with it (RFC 6749 section 4.1.2), so all may be refused.
    assert statuses.count(200) <= 1
    assert set(statuses) <= {200, 400}
    token["code"] = sign_in_on_page(two_servers[1], page)
    assert [exchange(0), exchange(1)] == [200, 400]


@dataclass(frozen=True)
class SignInPage:
    """A client's page, and the domain it is on."""

    client_id: str
    domain: str


def a_sign_in_page(idp: Any) -> SignInPage:
    pool_id = idp.create_user_pool(PoolName="people")["UserPool"]["Id"]
    client = idp.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName="web",
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid"],
        CallbackURLs=[CALLBACK],
        SupportedIdentityProviders=["COGNITO"],
    )["UserPoolClient"]
    domain = f"race-{pool_id.rpartition('_')[2].lower()}"
    idp.create_user_pool_domain(Domain=domain, UserPoolId=pool_id)
    idp.admin_create_user(UserPoolId=pool_id, Username="ann", MessageAction="SUPPRESS")
    idp.admin_set_user_password(UserPoolId=pool_id, Username="ann", Password="Correct-horse-7", Permanent=True)
    return SignInPage(client["ClientId"], domain)


def sign_in_on_page(server: RunningServer, page: SignInPage) -> str:
    """Sign in as a browser does; return the authorization code."""
    browser = requests.Session()
    asked = {"response_type": "code", "client_id": page.client_id, "redirect_uri": CALLBACK, "scope": "openid"}
    form = browser.get(f"{server.url}/_domain/{page.domain}/oauth2/authorize", params=asked, timeout=20)
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.text))
    sent = {
        **{name: html.unescape(value) for name, value in fields.items()},
        "username": "ann",
        "password": "Correct-horse-7",
    }
    answer = browser.post(form.url, data=sent, allow_redirects=False, timeout=20)
    while not answer.headers["Location"].startswith(CALLBACK):
        answer = browser.get(urljoin(answer.url, answer.headers["Location"]), allow_redirects=False, timeout=20)
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
