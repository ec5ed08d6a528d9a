"""Answers are kept whole, for one caller of one stage, no longer than they may be."""

from datetime import datetime, timedelta

import pytest

from idp.authorizer import AnswerCache, IdentitySourceMissing, SimpleAnswer, answer_key
from tests.authorizer.tokens_signed import NOW

YES, NO = SimpleAnswer(is_authorized=True, context={}), SimpleAnswer(is_authorized=False, context={})
ANN = answer_key("auth1", "prod", ["ann's token"])
FIVE_MINUTES = timedelta(minutes=5)


class Clock:
    """Stands still until told otherwise."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cache(clock: Clock) -> AnswerCache:
    cache = AnswerCache(clock=clock, max_entries=2)
    cache.keep(ANN, YES, lifetime=FIVE_MINUTES)
    return cache


def test_an_answer_is_found_while_it_lives(cache: AnswerCache, clock: Clock) -> None:
    clock.now += FIVE_MINUTES - timedelta(seconds=1)

    assert cache.find(ANN) is YES


def test_an_answer_expires(cache: AnswerCache, clock: Clock) -> None:
    clock.now += FIVE_MINUTES

    assert cache.find(ANN) is None


def test_the_newest_answer_counts(cache: AnswerCache) -> None:
    cache.keep(ANN, NO, lifetime=FIVE_MINUTES)

    assert cache.find(ANN) is NO


@pytest.mark.parametrize(
    "key",
    [
        answer_key("auth1", "prod", ["bob's token"]),
        answer_key("auth1", "prod", ["ann's token", "x"]),
        answer_key("auth1", "dev", ["ann's token"]),
        answer_key("auth2", "prod", ["ann's token"]),
    ],
    ids=["caller", "sources", "stage", "authorizer"],
)
def test_nobody_else_gets_the_answer(cache: AnswerCache, key: object) -> None:
    assert key != ANN
    assert cache.find(key) is None  # type: ignore[arg-type]  # parametrized as object


def test_values_do_not_run_together() -> None:
    assert answer_key("a", "s", ["ab", "c"]) != answer_key("a", "s", ["a", "bc"])


@pytest.mark.parametrize("values", [[], [None], [""], ["x", None], ["x", ""]])
def test_a_missing_identity_source_is_unauthorized(values: list[str | None]) -> None:
    with pytest.raises(IdentitySourceMissing):
        answer_key("auth1", "prod", values)


def test_no_token_is_kept_in_a_key() -> None:
    assert "ann" not in repr(ANN)
    assert b"ann" not in ANN.identity


def test_a_lifetime_of_zero_keeps_nothing(cache: AnswerCache) -> None:
    bob = answer_key("auth1", "prod", ["bob's token"])

    cache.keep(bob, YES, lifetime=timedelta(0))

    assert cache.find(bob) is None


@pytest.mark.parametrize("seconds", [-1, 3601])
def test_a_lifetime_beyond_an_hour_is_refused(cache: AnswerCache, seconds: int) -> None:
    with pytest.raises(ValueError, match="at most 3600 seconds"):
        cache.keep(ANN, YES, lifetime=timedelta(seconds=seconds))


def test_the_least_recently_used_answer_gives_way(cache: AnswerCache) -> None:
    bob, eve = (answer_key("auth1", "prod", [name]) for name in ("bob", "eve"))
    cache.keep(bob, NO, lifetime=FIVE_MINUTES)
    cache.find(ANN)

    cache.keep(eve, NO, lifetime=FIVE_MINUTES)

    assert (cache.find(ANN), cache.find(bob), cache.find(eve)) == (YES, None, NO)


def test_a_flush_forgets_one_stage(cache: AnswerCache) -> None:
    dev = answer_key("auth1", "dev", ["ann's token"])
    cache.keep(dev, NO, lifetime=FIVE_MINUTES)

    cache.flush({"auth1"}, "prod")

    assert (cache.find(ANN), cache.find(dev)) == (None, NO)
