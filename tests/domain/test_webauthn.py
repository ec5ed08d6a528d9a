"""What browsers answer is checked whatever bytes it holds: it is taken, or it is refused."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import assume, given, settings, strategies as st

from idp.domain.errors import WebAuthnRefused
from idp.domain.passkey import Passkey
from idp.domain.relying_party import RelyingParty
from idp.domain.webauthn import challenge_of, verify_assertion, verify_registration
from tests.authenticator import Authenticator, decode, encode
from tests.fakes import START

PARTY = RelyingParty("example.com", "preferred")
CHALLENGE = encode(b"a challenge of the tests")
SUB = "sub-of-ann"
CREATION = {"rp": {"id": "example.com"}, "user": {"id": encode(SUB.encode())}, "challenge": CHALLENGE}
REQUEST = json.dumps({"rpId": "example.com", "challenge": CHALLENGE})

AUTHENTICATOR = Authenticator("https://example.com", sign_count=None)
CREATED = AUTHENTICATOR.create(CREATION)
SIGNED = json.loads(AUTHENTICATOR.sign(REQUEST))
ATTESTED = verify_registration(PARTY, CREATED, challenge=CHALLENGE)
PASSKEY = Passkey(
    "pool", 1, ATTESTED.id, PARTY.id, ATTESTED.public_key, 0, "Device passkey", None, ATTESTED.transports, START
)

DAMAGE = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=4)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


def damaged(credential: Any, member: str, changes: list[tuple[int, int]]) -> Any:
    raw = bytearray(decode(credential["response"][member]))
    for place, value in changes:
        raw[place % len(raw)] = value
    return {**credential, "response": {**credential["response"], member: encode(bytes(raw))}}


@given(st.sampled_from(["clientDataJSON", "attestationObject"]), DAMAGE)
@settings(max_examples=300, deadline=None)
def test_a_damaged_registration_is_refused_or_taken(member: str, changes: list[tuple[int, int]]) -> None:
    with suppress(WebAuthnRefused):
        verify_registration(PARTY, damaged(CREATED, member, changes), challenge=CHALLENGE)


@given(st.sampled_from(["clientDataJSON", "authenticatorData", "signature", "userHandle"]), DAMAGE)
@settings(max_examples=300, deadline=None)
def test_a_damaged_signature_is_refused_unless_the_damage_is_none(member: str, changes: list[tuple[int, int]]) -> None:
    credential = damaged(SIGNED, member, changes)
    assume(credential != SIGNED)
    with pytest.raises(WebAuthnRefused):
        verify_assertion(PARTY, [PASSKEY], json.dumps(credential), challenge=CHALLENGE, sub=SUB)


@given(JSON)
@settings(max_examples=200, deadline=None)
def test_any_document_is_refused(document: Any) -> None:
    with pytest.raises(WebAuthnRefused):
        challenge_of(document)
    with pytest.raises(WebAuthnRefused):
        verify_assertion(PARTY, [PASSKEY], json.dumps(document), challenge=CHALLENGE, sub=SUB)


def test_a_signature_of_the_passkey_is_taken() -> None:
    assert verify_assertion(PARTY, [PASSKEY], json.dumps(SIGNED), challenge=CHALLENGE, sub=SUB) == (PASSKEY, 0)
