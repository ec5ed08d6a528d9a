"""Page tokens are good for one hour and for the very same request."""

from __future__ import annotations

from datetime import timedelta

import pytest

from idp.domain.errors import InvalidParameter
from idp.flows.paging import open_page_token, seal_page_token
from idp.services import Services
from tests.fakes import FakeClock

REQUEST = ("ListUsers", "000000000000", "us-east-1_a", 'email = "a"', None)


def test_a_token_gives_back_its_position(services: Services) -> None:
    token = seal_page_token(services, ["ann", 7], bound_to=REQUEST)

    assert open_page_token(services, token, bound_to=REQUEST) == ["ann", 7]


def test_without_a_token_the_first_page_is_meant(services: Services) -> None:
    assert open_page_token(services, None, bound_to=REQUEST) is None


def test_a_token_does_not_show_its_position(services: Services) -> None:
    assert "ann" not in seal_page_token(services, ["ann"], bound_to=REQUEST)


@pytest.mark.parametrize(
    "other",
    [
        ("ListGroups", *REQUEST[1:]),
        ("ListUsers", "111111111111", *REQUEST[2:]),
        ("ListUsers", "000000000000", "us-east-1_b", *REQUEST[3:]),
        (*REQUEST[:3], 'email = "b"', None),
        (*REQUEST[:4], "x"),
    ],
)
def test_a_token_is_refused_by_another_request(services: Services, other: tuple[str | None, ...]) -> None:
    token = seal_page_token(services, ["ann"], bound_to=REQUEST)

    with pytest.raises(InvalidParameter):
        open_page_token(services, token, bound_to=other)


@pytest.mark.parametrize("forged", ["", "x", "é", "AAAA" * 20])
def test_a_forged_token_is_refused(services: Services, forged: str) -> None:
    with pytest.raises(InvalidParameter):
        open_page_token(services, forged, bound_to=REQUEST)


@pytest.mark.parametrize(("age", "good"), [(timedelta(minutes=59, seconds=59), True), (timedelta(hours=1), False)])
def test_a_token_is_good_for_an_hour(services: Services, clock: FakeClock, age: timedelta, good: bool) -> None:
    token = seal_page_token(services, ["ann"], bound_to=REQUEST)
    clock.advance(age)

    assert is_good(services, token) is good


def is_good(services: Services, token: str) -> bool:
    try:
        open_page_token(services, token, bound_to=REQUEST)
    except InvalidParameter:
        return False
    return True
