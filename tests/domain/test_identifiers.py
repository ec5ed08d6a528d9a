"""Ids have Cognito's forms.  Source: spec USER_POOLS section 0.5."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from idp.domain.identifiers import new_client_id, new_client_secret


@dataclass
class Dealt:
    """Randomness that is always the same byte."""

    byte: int

    def bytes(self, count: int) -> bytes:
        return bytes([self.byte]) * count

    def digits(self, count: int) -> str:
        raise NotImplementedError

    def below(self, limit: int) -> int:
        raise NotImplementedError

    def uuid(self) -> str:
        raise NotImplementedError


@pytest.mark.parametrize(("byte", "expected"), [(0x00, "0" * 26), (0xFF, "7" + "v" * 25)])
def test_a_client_id_is_128_bits_in_base_32(byte: int, expected: str) -> None:
    assert new_client_id(Dealt(byte)) == expected


@pytest.mark.parametrize(("byte", "expected"), [(0x00, "0" * 52), (0xFF, "1" + "v" * 51)])
def test_a_client_secret_is_256_bits_in_base_32(byte: int, expected: str) -> None:
    assert new_client_secret(Dealt(byte)) == expected
