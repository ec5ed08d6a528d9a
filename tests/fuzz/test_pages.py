"""Whatever pages, OAuth endpoints, the operators' API and the gateway are sent, none of them fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings, strategies as st

from idp.admin.api import build
from idp.flows.apis import deploy_api
from idp.services import Services
from tests.fakes import ScriptedFunctions
from tests.fuzz.campaign import INPUTS, SEED
from tests.fuzz.choices import Choices
from tests.fuzz.door import AUTHORIZATION
from tests.fuzz.http_requests import SCRIPT, Asked, Known, Place, a_request, places
from tests.fuzz.world import World
from tests.gateway.documents import FUNCTION, TO_FUNCTION, cognito_scheme, operation, rest_api
from tests.hosted import GOODBYE, NAME, PASSWORD, VERIFIER, Form, HostedPool, Visitor, add_client, add_user
from tests.sdk import client_of

REQUESTS_OF_A_PLACE = INPUTS // 16
AT_ONCE = 12
BYTES = 32
DEV_DOORS = "/_dev/"
"""Doors that a tester opens: they move the clock and empty the database."""
OTHER_PARAMETERS = (
    "client_secret",
    "prompt",
    "login_hint",
    "lang",
    "identity_provider",
    "idp_identifier",
    "error",
    "error_description",
    "user_name",
    "confirmation_code",
    "value",
    "SAMLResponse",
    "RelayState",
)


@dataclass(frozen=True)
class Site:
    """The server with a pool whose pages are open, and an API at the gateway."""

    app: Flask
    world: World
    known: Known

    def fuzz(self, where: Sequence[Place], known: Known, *, under: str = "") -> None:
        """Send every place hostile requests; none may fail, write a header's line of the sender's, or show his script."""

        @seed(SEED)
        @settings(
            max_examples=REQUESTS_OF_A_PLACE * len(where) // AT_ONCE,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        @given(st.integers(0, len(where) - 1), st.binary(min_size=BYTES * AT_ONCE, max_size=BYTES * AT_ONCE))
        def send_some(number: int, drawn: bytes) -> None:
            self.world.put_back()
            for start in range(0, len(drawn), BYTES):
                choices = Choices(int.from_bytes(drawn[start : start + BYTES], "little"))
                self._send(a_request(where[number], known, choices, under=under))

        send_some()

    def _send(self, asked: Asked) -> None:
        status, headers, body = asked.send(self.app)
        assert status < 500, f"{asked} was answered {status} {body[:500]!r}"
        assert not any(sign in value for value in headers.values() for sign in "\r\n"), f"{asked} wrote {headers}"
        is_page = headers.get("Content-Type", "").startswith("text/html")
        assert not (is_page and SCRIPT.encode() in body), f"{asked} wrote a script"


@pytest.fixture(scope="session")
def site(
    fuzzed: Flask, fuzzed_services: Services, fuzzed_functions: ScriptedFunctions, remember: Callable[[], World]
) -> Site:
    """A pool with the domain `acme`, where ann has begun to sign in in one browser, and has signed in in another."""
    idp = client_of(fuzzed, "cognito-idp")
    pool_id = idp.create_user_pool(PoolName="Acme")["UserPool"]["Id"]
    idp.create_user_pool_domain(Domain="acme", UserPoolId=pool_id)
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    client_id = add_client(idp, pool_id, ExplicitAuthFlows=flows)["ClientId"]
    add_user(idp, pool_id, client_id)
    hosted = HostedPool(idp, pool_id, client_id)
    signed_in = {"USERNAME": NAME, "PASSWORD": PASSWORD}
    tokens = idp.initiate_auth(ClientId=client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=signed_in)
    known = {**_of_oauth(hosted, fuzzed), **_of_tokens(tokens["AuthenticationResult"]), "pool_id": [pool_id]}
    scheme = {"people": cognito_scheme(pool_id)}
    opened, guarded = operation(TO_FUNCTION), operation(TO_FUNCTION, "people")
    paths = {"/pets": {"get": opened}, "/pets/{name}": {"post": guarded}, "/{all+}": {"put": opened}}
    fuzzed_functions.on(FUNCTION, lambda event: {"statusCode": 200, "body": event["path"]})
    deploy_api(fuzzed_services, rest_api(paths, schemes=scheme), api_id="api", stage="prod")
    return Site(fuzzed, remember(), known)


def _of_oauth(hosted: HostedPool, app: Flask) -> Known:
    """Return parameters of the browser's flow, and what the sign-in page gave a browser."""
    asked = {name: [value] for name, value in hosted.asking().items()}
    page = Visitor(app).open("/login", hosted.asking())
    cookies = "; ".join(each.partition(";")[0] for each in page.headers.getlist("Set-Cookie"))
    code = Visitor(app).get_code(hosted.asking())
    return {
        **{name: [value] for name, value in Form(page.text).fields.items()},
        **asked,
        "domain": ["acme"],
        "code": [code],
        "code_verifier": [VERIFIER],
        "grant_type": ["authorization_code", "refresh_token", "client_credentials"],
        "logout_uri": [GOODBYE],
        "username": [NAME],
        "password": [PASSWORD],
        **{name: ["a"] for name in OTHER_PARAMETERS},
        "COOKIE": [cookies],
        "ORIGIN": ["http://localhost:9229"],
        "HOST": ["acme.auth.localhost:9229", "localhost:9229"],
    }


def _of_tokens(tokens: Mapping[str, str]) -> Known:
    return {
        "token": [tokens["RefreshToken"], tokens["AccessToken"]],
        "refresh_token": [tokens["RefreshToken"]],
        "id_token_hint": [tokens["IdToken"]],
        "AUTHORIZATION": [f"Bearer {tokens['AccessToken']}"],
    }


def test_no_page_or_endpoint_fails(site: Site) -> None:
    rules = [rule for rule in site.app.url_map.iter_rules() if not rule.rule.startswith(DEV_DOORS)]
    site.fuzz(places(rules), site.known)


def test_no_operators_request_fails(site: Site, fuzzed_services: Services) -> None:
    rules = build(fuzzed_services).url_map.iter_rules()
    named = {"userPoolId": site.known["pool_id"], "username": [NAME], "clientId": site.known["client_id"]}
    signed = {"AUTHORIZATION": [AUTHORIZATION.format("idp")]}
    site.fuzz(places(rules), {**named, **signed, "poolName": ["people"], "limit": ["10"]}, under="/admin/v1")


@pytest.mark.parametrize("path", ["/pets", "/pets/<name>", "/<path:all>", "/", ""])
def test_no_request_to_an_api_fails(site: Site, path: str) -> None:
    authorized = {"AUTHORIZATION": [site.known["id_token_hint"][0], "Bearer a.b.c"]}
    where = [Place(method, f"/_api/api/prod{path}") for method in ("GET", "POST", "PUT", "BREW")]
    site.fuzz(where, {"name": ["rex"], "all": ["a/b"], **authorized})
