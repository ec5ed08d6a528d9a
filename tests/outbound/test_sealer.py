"""What is sealed opens for its purpose and context only."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from idp.outbound.sealer import SealBroken, Sealer

SEALER = Sealer(bytes(32))


@given(st.binary(max_size=200), st.binary(max_size=40))
def test_what_was_sealed_comes_back(plaintext: bytes, context: bytes) -> None:
    assert SEALER.open("purpose", SEALER.seal("purpose", plaintext, context=context), context=context) == plaintext


def test_a_sealed_text_shows_nothing_of_what_is_in_it() -> None:
    assert "secret" not in SEALER.seal("purpose", b"secret")


def test_the_same_plaintext_is_sealed_differently_each_time() -> None:
    assert SEALER.seal("purpose", b"secret") != SEALER.seal("purpose", b"secret")


@pytest.mark.parametrize(
    ("opener", "purpose", "context"),
    [
        (SEALER, "another purpose", b"row 1"),
        (SEALER, "purpose", b"row 2"),
        (Sealer(b"\x01" * 32), "purpose", b"row 1"),
    ],
    ids=["another purpose", "another row", "another master key"],
)
def test_a_sealed_text_does_not_open_elsewhere(opener: Sealer, purpose: str, context: bytes) -> None:
    sealed = SEALER.seal("purpose", b"secret", context=b"row 1")
    with pytest.raises(SealBroken):
        opener.open(purpose, sealed, context=context)


@pytest.mark.parametrize("position", [0, 5, 20, -1])
def test_a_changed_text_does_not_open(position: int) -> None:
    sealed = list(SEALER.seal("purpose", b"secret"))
    sealed[position] = "A" if sealed[position] != "A" else "B"
    with pytest.raises(SealBroken):
        SEALER.open("purpose", "".join(sealed))


def test_the_same_bytes_written_otherwise_do_not_open() -> None:
    sealed = SEALER.seal("purpose", b"secret")  # 35 bytes: the last character has two bits to spare
    unused_bits_set = chr(ord(sealed[-1]) + 1)
    with pytest.raises(SealBroken):
        SEALER.open("purpose", sealed[:-1] + unused_bits_set)


@given(st.text(max_size=100))
def test_a_text_that_was_never_sealed_does_not_open(text: str) -> None:
    with pytest.raises(SealBroken):
        SEALER.open("purpose", text)


def test_a_keyed_digest_differs_by_purpose() -> None:
    assert SEALER.mac("one", b"message") != SEALER.mac("two", b"message")
