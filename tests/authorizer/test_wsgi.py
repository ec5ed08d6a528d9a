"""Somebody else's WSGI application, behind a token and behind a signature."""

from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask, request
from werkzeug.test import Client, TestResponse

from idp.authorizer import RequireSignature, RequireToken, TokenVerifier, WireRequest, parse_signature
from tests.authorizer.requests_signed import ACCESS_KEY_ID, SECRET_KEY, signed
from tests.authorizer.tokens_signed import CLIENT_ID, ISSUER, NOW, PublishedKeys, access_token, id_token

VERIFIER = TokenVerifier(PublishedKeys(), {ISSUER}, "access", audiences={CLIENT_ID}, clock=lambda: NOW)


def greeting() -> Flask:
    app = Flask(__name__)

    @app.get("/")
    def hello() -> str:
        return f"Hello, {request.environ['idp.claims']['sub']}!"

    return app


def get(authorization: str | None = None, *, scopes: set[str] | None = None) -> TestResponse:
    headers = {"Authorization": authorization} if authorization is not None else {}
    return Client(RequireToken(greeting(), VERIFIER, scopes=scopes or set())).get("/", headers=headers)


def test_a_good_token_comes_through_with_its_claims() -> None:
    answer = get(f"Bearer {access_token()}", scopes={"pets/read"})

    assert (answer.status_code, answer.text) == (200, "Hello, ann!")


@pytest.mark.parametrize("authorization", [None, "", "Basic YTpi"])
def test_without_a_token_only_the_scheme_is_told(authorization: str | None) -> None:
    answer = get(authorization)

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json == {"error": "unauthorized", "error_description": "A bearer token is required."}


@pytest.mark.parametrize(
    ("unverified_token", "description"),
    [
        ("nonsense", "A token has three parts of ASCII."),
        ("", "A token has three parts of ASCII."),
        (access_token(exp=1), "The token has expired."),
        (id_token(), "The token is not an access token."),
        (access_token() + ", Bearer " + access_token(), "A token has three parts of ASCII."),
    ],
    ids=["nonsense", "empty", "expired", "id token", "two"],
)
def test_a_bad_token_is_an_invalid_token(unverified_token: str, description: str) -> None:
    answer = get(f"Bearer {unverified_token}")

    assert answer.status_code == 401
    assert answer.json == {"error": "invalid_token", "error_description": description}
    assert answer.headers["WWW-Authenticate"] == f'Bearer error="invalid_token", error_description="{description}"'


def test_a_token_without_the_scope_is_forbidden() -> None:
    answer = get(f"Bearer {access_token()}", scopes={"pets/write", "pets/admin"})

    assert answer.status_code == 403
    assert answer.headers["WWW-Authenticate"] == (
        'Bearer error="insufficient_scope", error_description="The token lacks the scope.", '
        'scope="pets/admin pets/write"'
    )


def echo() -> Flask:
    app = Flask(__name__)

    @app.route("/", defaults={"path": ""}, methods=["GET", "POST"])
    @app.route("/<path:path>", methods=["GET", "POST"])
    def body(path: str) -> tuple[bytes, dict[str, str]]:
        return request.get_data(), {"X-Caller": request.environ["idp.access_key_id"]}

    return app


def send(
    wire: WireRequest, *, secrets: dict[str, str] | None = None, environ: dict[str, Any] | None = None
) -> TestResponse:
    """Hand a wire request to the middleware as a WSGI server does."""
    known = {ACCESS_KEY_ID: SECRET_KEY} if secrets is None else secrets
    app = RequireSignature(echo(), known.get, clock=lambda: parse_signature(wire).requested_at, max_body_bytes=1000)
    uri = f"{wire.raw_path}?{wire.raw_query}"
    return Client(app).open(
        unquote(wire.raw_path),
        query_string=wire.raw_query,
        method=wire.method,
        headers=list(wire.headers),
        data=wire.body,
        environ_overrides={"RAW_URI": uri, "REQUEST_URI": uri, **(environ or {})},
    )


@pytest.mark.parametrize(
    "wire",
    [signed(), signed(method="GET", body=b""), signed("https://h/a%2Fb%20c?x=%2f&y=a+b"), signed("https://h:444/")],
    ids=["post", "get", "escapes", "port"],
)
def test_a_signed_request_comes_through_with_its_body(wire: WireRequest) -> None:
    answer = send(wire)

    assert (answer.status_code, answer.data, answer.headers["X-Caller"]) == (200, wire.body, ACCESS_KEY_ID)


@pytest.mark.parametrize("uri", [{"RAW_URI": ""}, {"RAW_URI": "http://h/pets?a=1"}], ids=["no raw uri", "absolute"])
def test_a_request_verifies_however_the_server_names_its_target(uri: dict[str, str]) -> None:
    assert send(signed("http://h/pets?a=1"), environ={"REQUEST_URI": "", **uri}).status_code == 200


@pytest.mark.parametrize(
    ("wire", "secrets", "error_type"),
    [
        (replace(signed(), body=b"changed"), None, "InvalidSignatureException"),
        (signed(service="sts"), None, "InvalidSignatureException"),
        (signed(), {}, "UnrecognizedClientException"),
        (signed(session_token="x"), None, "UnrecognizedClientException"),
    ],
    ids=["body", "service", "unknown key", "session token"],
)
def test_a_request_that_is_not_authentic_is_forbidden(
    wire: WireRequest, secrets: dict[str, str] | None, error_type: str
) -> None:
    answer = send(wire, secrets=secrets)

    assert (answer.status_code, answer.headers["x-amzn-ErrorType"]) == (403, error_type)


def test_an_unsigned_request_is_forbidden() -> None:
    answer = Client(RequireSignature(echo(), lambda _: SECRET_KEY)).get("/")

    assert (answer.status_code, answer.json) == (403, {"message": "Missing Authentication Token"})


def test_a_body_too_large_is_refused_unread() -> None:
    assert send(signed(body=b"x" * 1001)).status_code == 413


def test_a_body_of_unknown_length_is_read_to_its_end() -> None:
    wire = signed(body=b"chunks")

    assert send(wire, environ={"CONTENT_LENGTH": "", "wsgi.input_terminated": True}).data == b"chunks"


def test_a_body_of_unknown_length_may_not_be_too_large_either() -> None:
    wire = signed(body=b"x" * 1001)

    assert send(wire, environ={"CONTENT_LENGTH": "", "wsgi.input_terminated": True}).status_code == 413


def test_a_body_nobody_can_delimit_is_not_let_through() -> None:
    wire = signed(body=b"")

    answer = send(replace(wire, body=b"smuggled"), environ={"CONTENT_LENGTH": ""})

    assert (answer.status_code, answer.data) == (200, b"")
