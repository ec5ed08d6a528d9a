"""Whose signature is accepted, and in which words every other one is refused."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from idp.authorizer.sigv4 import (
    MISMATCH,
    SignatureRefused,
    SigningKeyCache,
    WireRequest,
    check_scope,
    check_signature,
    parse_signature,
    verify_signature,
)
from tests.authorizer.requests_signed import ACCESS_KEY_ID, SECRET_KEY, presigned, signed, signed_once_encoded

T = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
CREDENTIAL = "AKIDEXAMPLE/20150830/us-east-1/execute-api/aws4_request"
HEADER = f"AWS4-HMAC-SHA256 Credential={CREDENTIAL}, SignedHeaders=host;x-amz-date, Signature=abc"
HASH = "(hashed with SHA-256 and encoded with Base64)"

both_forms = pytest.mark.parametrize("sign", [signed, presigned], ids=["header", "query"])
Sign = Callable[..., WireRequest]


def verify(request: WireRequest, *, secret_key: str = SECRET_KEY, service: str = "execute-api") -> None:
    signature = parse_signature(request)
    verify_signature(request, signature, secret_key, service=service, now=signature.requested_at)


def with_header(request: WireRequest, name: str, value: str) -> WireRequest:
    kept = tuple(held for held in request.headers if held[0].lower() != name.lower())
    return replace(request, headers=(*kept, (name, value)))


def unsigned(*headers: tuple[str, str], query: str = "") -> WireRequest:
    return WireRequest("GET", "/", query, headers, b"")


def refusal(request: WireRequest, *, now: datetime = T) -> tuple[str, str]:
    with pytest.raises(SignatureRefused) as refused:
        verify_signature(request, parse_signature(request), SECRET_KEY, service="execute-api", now=now)
    return refused.value.code, refused.value.message


@both_forms
def test_a_request_signed_by_botocore_is_accepted(sign: Sign) -> None:
    verify(sign())


@both_forms
@pytest.mark.parametrize(
    "path",
    ["", "/", "/prod//x//y/../z/", "/prod/a%20b", "/prod/%2F", "/a:b", "/%E1%88%B4", "/a/./b", "/~x_y-z.0"],
)
@pytest.mark.parametrize("query", ["", "?flag", "?A=9&a=0&a=1&b=2&e=", "?p=a+b", "?x=%2f", "?x=%2F&y=%20", "?a=b=c"])
def test_paths_and_queries_are_accepted_as_botocore_signs_them(sign: Sign, path: str, query: str) -> None:
    verify(sign(f"https://localhost:4566{path}{query}"))


def test_a_cognito_call_in_json_is_accepted() -> None:
    headers = {
        "X-Amz-Target": "AWSCognitoIdentityProviderService.ListUsers",
        "Content-Type": "application/x-amz-json-1.1",
    }

    verify(signed("http://localhost:9229/", service="cognito-idp", headers=headers), service="cognito-idp")


@both_forms
def test_the_session_token_is_read_and_protected_by_the_signature(sign: Sign) -> None:
    request = sign(session_token="a token")

    verify(request)
    assert parse_signature(request).session_token == "a token"


def test_a_session_token_added_to_a_url_after_signing_is_accepted() -> None:
    request = presigned()
    request = replace(request, raw_query=request.raw_query + "&X-Amz-Security-Token=late")

    verify(request)
    assert parse_signature(request).session_token == "late"


def test_a_date_header_stands_in_for_x_amz_date() -> None:
    request = unsigned(("Host", "h"), ("Date", "Sun, 30 Aug 2015 12:36:00 GMT"), ("Authorization", HEADER))

    assert parse_signature(request).amz_date == "20150830T123600Z"


def test_neither_signature_nor_session_token_shows_in_a_representation() -> None:
    signature = parse_signature(signed(session_token="hush-hush"))

    assert "hush-hush" not in repr(signature)
    assert signature.signature not in repr(signature)


@both_forms
@pytest.mark.parametrize(
    "tamper",
    [
        lambda request: replace(request, body=request.body + b" "),
        lambda request: replace(request, raw_path=request.raw_path + "x"),
        lambda request: replace(request, raw_path="/prod/pets/../../admin"),
        lambda request: replace(request, raw_query=request.raw_query + "&admin=true"),
        lambda request: replace(request, raw_query=request.raw_query.replace("axolotl", "axolotls")),
        lambda request: replace(request, method="DELETE"),
        lambda request: with_header(request, "Host", "evil.example.com"),
        lambda request: replace(request, headers=tuple(h for h in request.headers if h[0] != "Host")),
    ],
    ids=["body", "path", "dots", "more query", "other query", "method", "host", "no host"],
)
def test_a_changed_request_is_refused(sign: Sign, tamper: Callable[[WireRequest], WireRequest]) -> None:
    with pytest.raises(SignatureRefused) as refused:
        verify(tamper(sign()))

    assert (refused.value.code, refused.value.message) == ("InvalidSignatureException", MISMATCH)


def test_a_changed_signed_header_is_refused() -> None:
    request = signed(headers={"X-Amz-Target": "Service.ListUsers"})

    with pytest.raises(SignatureRefused, match="does not match"):
        verify(with_header(request, "X-Amz-Target", "Service.AdminDeleteUser"))


@both_forms
def test_another_secret_is_refused(sign: Sign) -> None:
    with pytest.raises(SignatureRefused, match="does not match"):
        verify(sign(), secret_key="another")


@both_forms
def test_a_signature_for_another_service_is_refused(sign: Sign) -> None:
    with pytest.raises(SignatureRefused, match="scoped to correct service: 'execute-api'"):
        verify(sign(service="cognito-idp"))


def test_a_longer_or_shorter_life_of_a_presigned_url_is_refused() -> None:
    request = presigned(expires_s=60)

    with pytest.raises(SignatureRefused, match="does not match"):
        verify(replace(request, raw_query=request.raw_query.replace("X-Amz-Expires=60", "X-Amz-Expires=604800")))


def test_a_declared_body_hash_must_be_the_bodys() -> None:
    request = signed(headers={"x-amz-content-sha256": "0" * 64})

    with pytest.raises(SignatureRefused, match="does not match"):
        verify(request)


def test_a_declared_body_hash_must_be_the_bodys_even_when_nobody_signed_it() -> None:
    with pytest.raises(SignatureRefused, match="does not match"):
        verify(with_header(signed(), "x-amz-content-sha256", "0" * 64))


def test_a_path_signed_as_it_stands_is_accepted_and_noted(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        verify(signed_once_encoded("https://localhost/a%20b//c"))

    assert f"signature of {ACCESS_KEY_ID} matched fall-back canonical form 2" in caplog.text


def test_a_service_like_s3_takes_the_path_as_it_stands_only() -> None:
    as_it_stands = signed_once_encoded("https://localhost/a%20b//c")
    encoded_again = signed("https://localhost/a%20b//c")

    check_signature(as_it_stands, parse_signature(as_it_stands), SECRET_KEY, double_encode=False)
    with pytest.raises(SignatureRefused, match="does not match"):
        check_signature(encoded_again, parse_signature(encoded_again), SECRET_KEY, double_encode=False)


def test_an_unsigned_payload_is_refused_unless_allowed() -> None:
    request = signed(headers={"X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"})
    signature = parse_signature(request)

    check_signature(request, signature, SECRET_KEY, allow_unsigned_payload=True)
    with pytest.raises(SignatureRefused, match="does not match"):
        check_signature(request, signature, SECRET_KEY)


def test_the_expected_texts_are_explained_on_demand() -> None:
    request = signed(method="GET", body=b"")

    with pytest.raises(SignatureRefused, match="The Canonical String for this request should have been\n'GET\n/prod/"):
        check_signature(request, parse_signature(request), "another", explain=True)


@pytest.mark.parametrize("age_s", [300, -300])
def test_a_request_is_current_for_five_minutes_each_way(age_s: int) -> None:
    signature = parse_signature(signed())

    check_scope(signature, service="execute-api", now=signature.requested_at + timedelta(seconds=age_s))


@pytest.mark.parametrize(("age_s", "message"), [(301, "Signature expired"), (-301, "Signature not yet current")])
def test_a_request_from_outside_its_window_is_refused(age_s: int, message: str) -> None:
    signature = parse_signature(signed())

    with pytest.raises(SignatureRefused, match=message):
        check_scope(signature, service="execute-api", now=signature.requested_at + timedelta(seconds=age_s))


def test_a_presigned_url_lives_as_long_as_it_says() -> None:
    signature = parse_signature(presigned(expires_s=3600))

    check_scope(signature, service="execute-api", now=signature.requested_at + timedelta(seconds=3600))
    with pytest.raises(SignatureRefused, match=r"Signature expired: .* - 60 min\.\)"):
        check_scope(signature, service="execute-api", now=signature.requested_at + timedelta(seconds=3601))


def test_only_the_given_region_is_accepted() -> None:
    signature = parse_signature(signed())

    with pytest.raises(SignatureRefused, match="scoped to a valid region, not 'eu-west-1'"):
        check_scope(signature, service="execute-api", region="us-east-1", now=signature.requested_at)


@pytest.mark.parametrize(
    ("request_", "code", "message"),
    [
        (
            unsigned(("Authorization", HEADER), query="X-Amz-Algorithm=AWS4-HMAC-SHA256"),
            "InvalidSignatureException",
            "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
        ),
        (unsigned(), "MissingAuthenticationTokenException", "Missing Authentication Token"),
        (
            unsigned(("Authorization", "Bearer x")),
            "MissingAuthenticationTokenException",
            "Missing Authentication Token",
        ),
        (
            unsigned(("Authorization", "AWS4-HMAC-SHA256 Credential")),
            "IncompleteSignatureException",
            (f"Invalid key=value pair (missing equal-sign) in Authorization header {HASH}: "
            "'KfSoC26UaBDGXxo5AUFS45c1cmAbyLKDOxOTKcZYWt4='."),
        ),
        (
            unsigned(("Authorization", "AWS4-HMAC-SHA256")),
            "IncompleteSignatureException",
            ("Authorization header requires 'Credential' parameter. "
            "Authorization header requires 'Signature' parameter. "
            "Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of "
            "either a 'X-Amz-Date' or a 'Date' header. (Hashed with SHA-256 and encoded with Base64) Authorization="
            "YI2YWea8FSxnksZL2ETHbs5elHm9HQufxTLK0W0ffV0="),
        ),
        (
            unsigned(query="X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20150830T123600Z"),
            "IncompleteSignatureException",
            ("AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters must include "
            "'X-Amz-Signature'. AWS query-string parameters must include 'X-Amz-SignedHeaders'. "
            "Re-examine the query-string parameters."),
        ),
        (
            unsigned(("Authorization", HEADER), ("X-Amz-Date", "20151330T123600Z")),
            "IncompleteSignatureException",
            ("Date must be in ISO-8601 'basic format'. Got '20151330T123600Z'. "
            "See http://en.wikipedia.org/wiki/ISO_8601"),
        ),
        (
            unsigned(("Authorization", HEADER), ("X-Amz-Date", "20150830T123059Z")),
            "InvalidSignatureException",
            "Signature expired: 20150830T123059Z is now earlier than 20150830T123100Z (20150830T123600Z - 5 min.)",
        ),
        (
            unsigned(("Authorization", HEADER), ("X-Amz-Date", "20150830T124101Z")),
            "InvalidSignatureException",
            ("Signature not yet current: 20150830T124101Z is still later than 20150830T124100Z "
            "(20150830T123600Z + 5 min.)"),
        ),
        (
            unsigned(("Authorization", HEADER.replace("host;", "")), ("X-Amz-Date", "20150830T123600Z")),
            "InvalidSignatureException",
            "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
        ),
        (
            unsigned(("Authorization", HEADER.replace("SHA256", "SHA1")), ("X-Amz-Date", "20150830T123600Z")),
            "IncompleteSignatureException",
            "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1' (only AWS4-HMAC-SHA256 for now). ",
        ),
        (
            unsigned(("Authorization", HEADER.replace("/aws4_request", "")), ("X-Amz-Date", "20150830T123600Z")),
            "IncompleteSignatureException",
            ("Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, "
            "got 'AKIDEXAMPLE/20150830/us-east-1/execute-api'"),
        ),
        (
            unsigned(
                ("Authorization", HEADER.replace("20150830/us-east-1/execute-api/aws4_request", "20150829//sts/aws5")),
                ("X-Amz-Date", "20150830T123600Z"),
            ),
            "InvalidSignatureException",
            ("Credential should be scoped to a valid region, not ''. "
            "Credential should be scoped to correct service: 'execute-api'. "
            "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5'. "
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            "'20150829' != '20150830', from '20150830T123600Z'."),
        ),
        (
            unsigned(("Authorization", HEADER), ("X-Amz-Date", "20150830T123600Z"), ("Host", "h")),
            "InvalidSignatureException",
            MISMATCH,
        ),
    ],
    ids=[
        "both", "neither", "bearer", "no equal sign", "header parts", "query parts", "date", "expired", "early",
        "host", "algorithm", "credential", "scope", "signature",
    ],
)  # fmt: skip
def test_each_fault_is_refused_in_awss_words(request_: WireRequest, code: str, message: str) -> None:
    assert refusal(request_) == (code, message)


@pytest.mark.parametrize("expires", ["0", "-1", "604801", "soon", "1e3", "٣"])
def test_an_impossible_life_of_a_presigned_url_is_refused(expires: str) -> None:
    request = presigned()

    with pytest.raises(SignatureRefused, match=r"X-Amz-Expires (should|must) be"):
        parse_signature(replace(request, raw_query=request.raw_query.replace("=3600", f"={expires}")))


def test_the_words_for_an_unsigned_request_are_the_callers() -> None:
    with pytest.raises(SignatureRefused, match="Request is missing Authentication Token"):
        parse_signature(unsigned(), unsigned_message="Request is missing Authentication Token")


def test_a_kept_key_serves_the_same_secret_only() -> None:
    keys = SigningKeyCache()
    request = signed()
    signature = parse_signature(request)
    check_signature(request, signature, SECRET_KEY, keys=keys)

    check_signature(request, signature, SECRET_KEY, keys=keys)
    with pytest.raises(SignatureRefused, match="does not match"):
        check_signature(request, signature, "replaced", keys=keys)


def test_kept_keys_are_bounded_and_never_shown() -> None:
    keys = SigningKeyCache(max_entries=1)
    first, second = parse_signature(signed()), parse_signature(signed(service="sts"))

    keys.signing_key(SECRET_KEY, first)
    keys.signing_key(SECRET_KEY, second)

    assert repr(keys) == "SigningKeyCache(entries=1)"


@given(
    authorization=st.text() | st.text().map(lambda text: f"AWS4-HMAC-SHA256 {text}"),
    date=st.text() | st.datetimes().map(lambda moment: f"{moment:%Y%m%dT%H%M%SZ}"),
    path=st.text(),
    query=st.text() | st.text().map(lambda text: f"X-Amz-Algorithm=AWS4-HMAC-SHA256&{text}"),
)
def test_hostile_input_is_refused_and_nothing_else(authorization: str, date: str, path: str, query: str) -> None:
    headers = (("Authorization", authorization), ("X-Amz-Date", date), ("Date", date))

    with pytest.raises(SignatureRefused):
        verify(WireRequest("GET", path, query, headers, b""))


@given(path=st.text(), query=st.text(), value=st.text(st.characters()), signature=st.text(), names=st.lists(st.text()))
def test_no_text_of_a_well_formed_request_breaks_the_check(
    path: str, query: str, value: str, signature: str, names: list[str]
) -> None:
    genuine = presigned()
    claimed = replace(parse_signature(genuine), signature=signature, signed_headers=("host", *names))
    request = WireRequest("GET", path, query, (("Host", value), *((name, value) for name in names)), b"")

    with pytest.raises(SignatureRefused):
        check_signature(request, claimed, SECRET_KEY)


def test_the_access_key_is_known_before_the_secret_is() -> None:
    signature = parse_signature(signed())

    check_scope(signature, service={"sts", "execute-api"}, now=signature.requested_at)

    assert signature.access_key_id == ACCESS_KEY_ID
