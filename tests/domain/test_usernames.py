"""What has the form of an address, decided in linear time."""

from __future__ import annotations

import time

import pytest

from idp.domain.usernames import is_email, is_phone_number


@pytest.mark.parametrize(
    "text", ["a@b.cd", "ann.lee+tag@mail.example.com", "josé@exämple.com", "o'neil@example.com", "x" * 64 + "@b.cd"]
)
def test_this_is_an_email_address(text: str) -> None:
    assert is_email(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ann",
        "ann@",
        "@example.com",
        "ann@example",
        "ann@.com",
        "ann@example.",
        "ann@example..com",
        "ann@b@c.de",
        "ann lee@example.com",
        "ann@exam ple.com",
        "ann@example.com\n",
        "ann@example.com\r\nBcc: bob@example.com",
        "Ann <ann@example.com>",
        "ann@example.com,bob@example.com",
        "x" * 65 + "@b.cd",
        "a@" + "b." * 160 + "cd",
    ],
)
def test_this_is_no_email_address(text: str) -> None:
    assert not is_email(text)


@pytest.mark.parametrize("text", ["+1", "+15555550100", "+123456789012345"])
def test_this_is_a_phone_number(text: str) -> None:
    assert is_phone_number(text)


@pytest.mark.parametrize("text", ["", "+", "15555550100", "+1 555", "+1-555", "+1234567890123456", "+١٢٣", "+1\n"])
def test_this_is_no_phone_number(text: str) -> None:
    assert not is_phone_number(text)


@pytest.mark.parametrize("text", ["a@" + "a." * 100_000, "@" * 200_000, "a" * 200_000, "a@" + "a" * 200_000])
def test_hostile_text_is_judged_quickly(text: str) -> None:
    begun = time.perf_counter()

    assert not is_email(text)

    assert time.perf_counter() - begun < 0.1
