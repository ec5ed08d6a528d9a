"""The example protects its app with the keys an issuer publishes."""

import json
import runpy
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from werkzeug.test import Client

from tests.authorizer.tokens_signed import CLIENT_ID, access_token, jwk

EXAMPLE = Path(__file__).parents[2] / "examples" / "protect_flask.py"


class PublishedKeysPage(BaseHTTPRequestHandler):
    """Answers with the keys of the one issuer."""

    def do_GET(self) -> None:
        body = json.dumps({"keys": [jwk()]}).encode()
        self.send_response(200 if self.path == "/pool/.well-known/jwks.json" else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def issuer() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), PublishedKeysPage) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/pool"
        server.shutdown()
        thread.join()


@pytest.fixture
def pet_shop(issuer: str) -> Client:
    example = runpy.run_path(str(EXAMPLE))
    return Client(example["protected"](example["pet_shop"](), issuer=issuer, client_id=CLIENT_ID, scopes=set()))


def test_the_example_greets_who_brings_a_token(pet_shop: Client, issuer: str) -> None:
    now = int(time.time())
    token = access_token(iss=issuer, iat=now, exp=now + 60, username="ann")

    answer = pet_shop.get("/", headers={"Authorization": f"Bearer {token}"})

    assert answer.json == {"hello": "ann", "groups": []}


def test_the_example_refuses_who_does_not(pet_shop: Client) -> None:
    answer = pet_shop.get("/")

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
