"""Codes of authenticator apps, against RFC 6238's own values."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from idp.domain.totp import STEP_SECONDS, encode_secret, matching_steps

SECRET = base64.b32encode(b"12345678901234567890").decode()
"""The SHA-1 key of RFC 6238 appendix B."""


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037"), (20000000000, "353130")],
    ids=lambda value: f"RFC6238-{value}",
)
def test_the_codes_are_those_of_the_rfc(seconds: int, code: str) -> None:
    """The RFC's codes have eight digits; the last six are the six-digit code."""
    assert matching_steps(SECRET, code, at(seconds)) == [seconds // STEP_SECONDS]


@pytest.mark.parametrize("late", [-STEP_SECONDS, STEP_SECONDS], ids=["the app is ahead", "the app is behind"])
def test_a_clock_may_be_one_step_off(late: int) -> None:
    assert matching_steps(SECRET, "081804", at(1111111109 + late)) == [1111111109 // STEP_SECONDS]


@pytest.mark.parametrize("late", [-2 * STEP_SECONDS, 2 * STEP_SECONDS])
def test_a_clock_may_not_be_two_steps_off(late: int) -> None:
    assert matching_steps(SECRET, "081804", at(1111111109 + late)) == []


@pytest.mark.parametrize("code", ["", "81804", "0081804", "٠٨١٨٠٤", "081805"])
def test_another_text_is_no_code(code: str) -> None:
    assert matching_steps(SECRET, code, at(1111111109)) == []


def test_a_secret_has_52_characters_that_apps_take() -> None:
    encoded = encode_secret(bytes(range(32)))

    assert len(encoded) == 52
    assert base64.b32decode(encoded + "====") == bytes(range(32))
