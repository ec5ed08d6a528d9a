"""Which tokens are believed, and why the others are not."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA384, SHA512, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, strategies as st

from idp.authorizer.jwt import SignedClaims, TokenRefused, TokenVerifier, granted_scopes, verify_token
from tests.authorizer.tokens_signed import (
    ACCESS_CLAIMS,
    CLIENT_ID,
    ID_CLAIMS,
    ISSUER,
    KEY,
    KID,
    NOW,
    OTHER_ISSUER,
    OTHER_KEY,
    PublishedKeys,
    access_token,
    base64url,
    id_token,
    segment,
    token,
    token_with_mac,
)

KEYS = PublishedKeys()
SECOND = timedelta(seconds=1)
ACCESS = TokenVerifier(KEYS, {ISSUER}, "access", audiences={CLIENT_ID}, clock=lambda: NOW)
ID = replace(ACCESS, token_use="id")
ANY = replace(ACCESS, token_use=None)
PEM = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
DER = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def reason(unverified_token: str, verifier: TokenVerifier = ACCESS) -> str:
    with pytest.raises(TokenRefused) as refused:
        verifier.verify(unverified_token)
    return refused.value.reason


def test_an_access_token_yields_its_claims() -> None:
    assert ACCESS.verify(access_token()) == ACCESS_CLAIMS


def test_an_id_token_yields_its_claims() -> None:
    assert ID.verify(id_token()) == ID_CLAIMS


def test_a_token_is_verified_over_the_bytes_it_came_in() -> None:
    payload = '{ "iss": "' + ISSUER.replace("/", r"\/") + '", "exp": 9999999999 }'

    claims = replace(ANY, audiences=None).verify(token(payload))

    assert claims == {"iss": ISSUER, "exp": 9999999999}


@pytest.mark.parametrize(
    ("unverified_token", "verifier", "expected"),
    [
        (id_token(), ACCESS, "wrong_use"),
        (access_token(), ID, "wrong_use"),
        (access_token(iss=OTHER_ISSUER), ACCESS, "wrong_issuer"),
        (access_token(iss=None), ACCESS, "wrong_issuer"),
        (access_token(iss=[ISSUER]), ACCESS, "wrong_issuer"),
        (access_token(iss=ISSUER + "/"), ACCESS, "wrong_issuer"),
        (access_token(client_id="other"), ACCESS, "wrong_audience"),
        (access_token(client_id=None, aud=CLIENT_ID), ACCESS, "wrong_audience"),
        (id_token(aud="other", client_id=CLIENT_ID), ID, "wrong_audience"),
        (id_token(aud="other", client_id=CLIENT_ID), ANY, "wrong_audience"),
        (id_token(aud=[{"a": CLIENT_ID}]), ID, "wrong_audience"),
        (access_token(), replace(ACCESS, scopes={"pets/write"}), "missing_scope"),
        (access_token(scope=None), replace(ACCESS, scopes={"pets/read"}), "missing_scope"),
        (access_token(scope="pets/readx xpets/read"), replace(ACCESS, scopes={"pets/read"}), "missing_scope"),
    ],
)
def test_a_token_for_something_else_is_refused(unverified_token: str, verifier: TokenVerifier, expected: str) -> None:
    assert reason(unverified_token, verifier) == expected


@pytest.mark.parametrize(
    ("unverified_token", "verifier"),
    [
        (access_token(), ANY),
        (id_token(), ANY),
        (id_token(aud=["other", CLIENT_ID]), ID),
        (access_token(aud="https://pets.example.com"), ACCESS),
        (access_token(), replace(ACCESS, scopes={"pets/read", "pets/write"})),
        (access_token(scope=None), replace(ACCESS, audiences=None)),
    ],
)
def test_a_token_for_this_purpose_is_accepted(unverified_token: str, verifier: TokenVerifier) -> None:
    assert verifier.verify(unverified_token)["sub"] == "ann"


def test_the_key_source_chooses_the_issuers_when_none_are_given() -> None:
    claims = verify_token(
        token({**ACCESS_CLAIMS, "iss": OTHER_ISSUER}, key=OTHER_KEY), KEYS, now=NOW, issuers=None, token_use="access"
    )

    assert claims["iss"] == OTHER_ISSUER


@pytest.mark.parametrize(
    ("age", "leeway"), [(timedelta(seconds=3599), timedelta(0)), (timedelta(seconds=3604), 5 * SECOND)]
)
def test_a_token_is_good_until_it_expires(age: timedelta, leeway: timedelta) -> None:
    assert replace(ACCESS, clock=lambda: NOW + age, leeway=leeway).verify(access_token())


@pytest.mark.parametrize("age", [timedelta(seconds=3600), timedelta(days=1)])
def test_an_expired_token_is_refused(age: timedelta) -> None:
    assert reason(access_token(), replace(ACCESS, clock=lambda: NOW + age)) == "expired"


@pytest.mark.parametrize("claim", ["iat", "nbf"])
def test_a_token_from_the_future_is_refused(claim: str) -> None:
    assert reason(access_token(**{claim: int(NOW.timestamp()) + 1})) == "not_yet_valid"


@pytest.mark.parametrize("value", [None, True, 9999999999.5, "9999999999", [], {}, 10**400])
@pytest.mark.parametrize("claim", ["exp", "iat", "nbf"])
def test_a_time_that_is_no_whole_number_is_refused(claim: str, value: object) -> None:
    assert reason(access_token(**{claim: value})) == "malformed"


def test_a_token_that_never_expires_is_refused() -> None:
    assert reason(token({"iss": ISSUER, "token_use": "access", "client_id": CLIENT_ID})) == "malformed"


@pytest.mark.parametrize(
    "algorithm", ["none", "None", "NONE", "nOnE", "", None, 0, [], "RS384", "PS256", "ES256", "rs256"]
)
def test_an_algorithm_that_is_not_allowed_is_refused(algorithm: object) -> None:
    assert reason(token(ACCESS_CLAIMS, header={"kid": KID, "alg": algorithm})) == "algorithm"


@pytest.mark.parametrize("signature", ["", base64url(b"\0" * 256)])
def test_an_unsigned_token_is_refused(signature: str) -> None:
    unsigned = f"{segment({'kid': KID, 'alg': 'none'})}.{segment(ACCESS_CLAIMS)}.{signature}"

    assert reason(unsigned) == "algorithm"


@pytest.mark.parametrize("algorithm", ["HS256", "RS256"])
@pytest.mark.parametrize("secret", [PEM, PEM.strip(), DER, b""], ids=["pem", "pem stripped", "der", "empty"])
def test_a_mac_keyed_with_the_public_key_is_refused(secret: bytes, algorithm: str) -> None:
    forged = token_with_mac(ACCESS_CLAIMS, header={"kid": KID, "alg": algorithm}, secret=secret)

    assert reason(forged, replace(ACCESS, algorithms=frozenset({"RS256", "HS256"}))) in {"algorithm", "bad_signature"}


@pytest.mark.parametrize(("algorithm", "hash_"), [("RS384", SHA384()), ("RS512", SHA512())])
def test_other_rsa_algorithms_are_accepted_on_demand(algorithm: str, hash_: HashAlgorithm) -> None:
    strong = token(ACCESS_CLAIMS, header={"kid": KID, "alg": algorithm}, hash_=hash_)

    assert replace(ACCESS, algorithms=frozenset({algorithm})).verify(strong) == ACCESS_CLAIMS


@pytest.mark.parametrize(
    "kid",
    [None, "", "other", 7, [KID], {"kid": KID}, f"{KID} ", f"../{KID}", "../../dev/null", "https://evil.example/jwks"],
)
def test_an_unknown_key_id_is_refused(kid: object) -> None:
    assert reason(token(ACCESS_CLAIMS, header={"kid": kid, "alg": "RS256"})) == "unknown_key"


def test_a_key_brought_along_in_the_header_is_ignored() -> None:
    header = {"kid": KID, "alg": "RS256", "jku": "https://evil.example", "jwk": {"kty": "RSA"}, "x5u": "https://e"}

    assert reason(token(ACCESS_CLAIMS, header=header, key=OTHER_KEY)) == "bad_signature"


def test_a_critical_header_parameter_is_refused() -> None:
    assert reason(token(ACCESS_CLAIMS, header={"kid": KID, "alg": "RS256", "crit": ["exp"]})) == "malformed"


def test_the_key_of_another_issuer_does_not_sign_for_this_one() -> None:
    both = replace(ACCESS, issuers={ISSUER, OTHER_ISSUER})

    assert reason(token(ACCESS_CLAIMS, key=OTHER_KEY), both) == "bad_signature"


def test_an_expired_token_with_a_bad_signature_is_a_bad_signature() -> None:
    assert reason(token({**ACCESS_CLAIMS, "exp": 1}, key=OTHER_KEY)) == "bad_signature"


def test_changed_claims_are_refused() -> None:
    header, _, signature = access_token().split(".")

    assert reason(f"{header}.{segment({**ACCESS_CLAIMS, 'sub': 'bob'})}.{signature}") == "bad_signature"


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "{",
        "[]",
        "null",
        '"text"',
        '{"iss": "' + ISSUER + '", "exp": NaN}',
        '{"iss": "' + ISSUER + '", "exp": 9999999999, "sub": "ann", "sub": "bob"}',
        '{"iss": "' + ISSUER + '", "exp": 9999999999, "deep": {"a": 1, "a": 2}}',
        '{"iss": "' + ISSUER + '", "exp": 9999999999, "deep": ' + "[" * 900 + "]" * 900 + "}",
        '{"iss": "' + ISSUER + '", "exp": 9999999999, "deep": ' + "[" * 5000 + "]" * 5000 + "}",
        '{"iss": "' + ISSUER + '", "exp": 9999999999, "long": ' + "9" * 5000 + "}",
        '{"iss": "' + ISSUER + '", "exp": 9999999999, "long": "' + "9" * 50000 + '"}',
        '{"iss": "\\ud800"}',
    ],
)
def test_claims_that_are_no_plain_object_are_refused(payload: str) -> None:
    assert reason(token(payload), replace(ANY, audiences=None)) == "malformed"


def test_a_header_that_names_a_member_twice_is_refused() -> None:
    header = '{"kid": "' + KID + '", "alg": "none", "alg": "RS256"}'

    assert reason(token(ACCESS_CLAIMS, header=header)) == "malformed"


@pytest.mark.parametrize(
    "unverified_token",
    [
        "",
        ".",
        "..",
        "a.b",
        "a.b.c.d",
        "é.é.é",
        " " + access_token(),
        access_token() + "=",
        access_token() + "\n",
        access_token() + ".",
        access_token().replace(".", "..", 1),
        "A" * 10_000_000,
        "A" * 3_000 + "." + access_token().split(".", 1)[1],
    ],
)
def test_text_that_is_no_token_is_refused(unverified_token: str) -> None:
    assert reason(unverified_token) == "malformed"


@pytest.mark.parametrize("last", ["B", "C", "h", "x", "-", "_", "+", "/"])
def test_no_other_spelling_of_a_signature_is_accepted(last: str) -> None:
    genuine = f"{segment({'kid': KID, 'alg': 'RS256'})}.{segment(ACCESS_CLAIMS)}.{'A' * 341}"

    assert reason(genuine + last) == "malformed"


@given(st.text() | st.lists(st.text("abAB09-_=+/.{}"), min_size=3, max_size=3).map(".".join))
def test_any_text_is_refused_and_nothing_else(text: str) -> None:
    assert reason(text) == "malformed"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec="utf-8")),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    )
)
def test_any_json_in_header_or_claims_is_refused_and_nothing_else(value: object) -> None:
    wild: Mapping[str, Any] = dict.fromkeys(("iss", "exp", "token_use", "client_id", "alg", "kid", "crit"), value)

    assert reason(f"{segment(wild)}.{segment(ACCESS_CLAIMS)}.")
    assert reason(token({**ACCESS_CLAIMS, "exp": value, "iss": value}))


@pytest.mark.parametrize(
    ("claims", "scopes"),
    [
        ({"scope": "a b"}, {"a", "b"}),
        ({"scope": ""}, set()),
        ({"scp": ["a", "b", 7]}, {"a", "b"}),
        ({"scp": "a"}, {"a"}),
        ({"scope": {"a": 1}}, set()),
        ({}, set()),
    ],
)
def test_scopes_are_read_from_scope_or_scp(claims: dict[str, Any], scopes: set[str]) -> None:
    assert granted_scopes(SignedClaims(claims)) == scopes
