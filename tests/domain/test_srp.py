"""SRP-6a against vectors that three client libraries agree on."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from idp.domain import srp

VECTORS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("srp_vectors.json").read_text())["vectors"]
EVERY_VECTOR = pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])


def verifier_of(vector: dict[str, Any]) -> int:
    return srp.make_verifier(vector["hash_prefix"], vector["identity"], vector["password"], salt_hex=vector["SALT"])


def key_of(vector: dict[str, Any]) -> bytes:
    client_share = srp.parse_share(vector["SRP_A"])
    return srp.derive_key(
        int(vector["verifier_hex"], 16),
        client_share=client_share,
        scrambler=srp.make_scrambler(client_share, int(vector["SRP_B"], 16)),
        secret=int(vector["b_hex"], 16),
    )


@EVERY_VECTOR
def test_the_verifier_is_that_of_the_vector(vector: dict[str, Any]) -> None:
    assert f"{verifier_of(vector):x}" == vector["verifier_hex"]


@EVERY_VECTOR
def test_the_server_share_is_that_of_the_vector(vector: dict[str, Any]) -> None:
    share = srp.make_server_share(int(vector["verifier_hex"], 16), int(vector["b_hex"], 16))

    assert f"{share.public:x}" == vector["SRP_B"]


@pytest.mark.parametrize("secret", [1, 16, 2**255 + 3, 2**256 - 1, 3**160, 0x0F1E2D3C4B5A69788796A5B4C3D2E1F0])
def test_the_server_share_holds_the_power_of_the_secret_whatever_its_digits(secret: int) -> None:
    share = srp.make_server_share(5, secret)

    assert share.public == (srp.MULTIPLIER * 5 + pow(srp.G, secret, srp.N)) % srp.N


@EVERY_VECTOR
def test_the_key_is_that_of_the_vector(vector: dict[str, Any]) -> None:
    assert key_of(vector).hex() == vector["hkdf_key_hex"]


@EVERY_VECTOR
def test_the_signature_is_that_of_the_vector(vector: dict[str, Any]) -> None:
    signature = srp.claim_signature(
        key_of(vector),
        vector["hash_prefix"],
        vector["identity"],
        secret_block=base64.b64decode(vector["SECRET_BLOCK"]),
        timestamp=vector["TIMESTAMP"],
    )

    assert srp.is_signature(signature, vector["PASSWORD_CLAIM_SIGNATURE"])


@EVERY_VECTOR
def test_the_powers_of_plain_python_are_the_same(vector: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(srp, "gmpy2", None)

    assert (f"{verifier_of(vector):x}", key_of(vector).hex()) == (vector["verifier_hex"], vector["hkdf_key_hex"])


@pytest.mark.parametrize("times", [0, 1, 2, 5], ids="A={}N".format)
def test_rfc5054_a_share_that_n_divides_is_refused(times: int) -> None:
    with pytest.raises(srp.SrpRefused):
        srp.parse_share(f"{srp.N * times:x}")


@pytest.mark.parametrize("text", ["", "0x10", "-1", "g", "1 2", "f" * 1025, "\u0661"])
def test_a_share_that_is_no_hexadecimal_number_is_refused(text: str) -> None:
    with pytest.raises(srp.SrpRefused):
        srp.parse_share(text)


def test_rfc5054_a_scrambler_of_zero_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(srp, "_hash_integer", lambda *_: 0)

    with pytest.raises(srp.SrpRefused):
        srp.make_scrambler(5, 7)


def test_a_client_share_that_n_divides_gives_no_key() -> None:
    with pytest.raises(srp.SrpRefused):
        srp.derive_key(5, client_share=srp.N, scrambler=1, secret=1)


@pytest.mark.parametrize("claimed", ["", "AAAA", "not base64!", "ä", "YW55=extra"])
def test_what_is_not_the_signature_is_not_taken_for_it(claimed: str) -> None:
    assert not srp.is_signature(b"\x01" * 32, claimed)


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "00"), (1, "01"), (0x7F, "7f"), (0x80, "0080"), (0xABC, "0abc"), (0xFFFF, "00ffff")]
)
def test_integers_are_hashed_in_minimal_twos_complement(number: int, expected: str) -> None:
    assert srp.minimal_bytes(number).hex() == expected


def test_a_timestamp_without_leading_zero_of_the_day_is_read() -> None:
    assert srp.parse_timestamp("Wed Mar 5 09:08:07 UTC 2025") == datetime(2025, 3, 5, 9, 8, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Wed Mar 05 09:08:07 UTC 2025",
        "Wed Mar 5 09:08:07 UTC 2025 ",
        "Mit Mär 5 09:08:07 UTC 2025",
        "Wed Feb 30 09:08:07 UTC 2025",
        "Wed Mar 5 24:08:07 UTC 2025",
        "Wed Mar 5 09:08:07 CET 2025",
        "2025-03-05T09:08:07Z",
        "",
    ],
)
def test_a_timestamp_of_another_form_is_not_read(text: str) -> None:
    assert srp.parse_timestamp(text) is None


@pytest.mark.parametrize(
    ("salt", "usable"), [(b"\x01" + bytes(15), True), (bytes(16), False), (b"\x01" * 15, False)], ids=str
)
def test_a_salt_has_sixteen_bytes_and_no_leading_zero(salt: bytes, *, usable: bool) -> None:
    assert srp.is_usable_salt(salt) is usable
