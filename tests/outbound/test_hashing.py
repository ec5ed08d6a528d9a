"""Passwords are hashed slowly, a few at a time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from idp.domain.errors import TooManyRequests
from idp.outbound import hashing
from idp.outbound.hashing import Argon2Hasher


def a_hasher(memory_kib: int = 8) -> Argon2Hasher:
    return Argon2Hasher(memory_kib=memory_kib, passes=1, lanes=1, slots=1)


def test_the_right_password_verifies_and_another_does_not() -> None:
    hasher = a_hasher()
    password_hash = hasher.hash("Correct-horse-7")
    assert hasher.verify("Correct-horse-7", password_hash)
    assert not hasher.verify("correct-horse-7", password_hash)


@pytest.mark.parametrize("password", ["a" * 4_097, "a" * 1_000_000, "Correct-horse-7\0"])
def test_a_password_that_nobody_could_have_set_matches_no_hash(password: str) -> None:
    hasher = a_hasher()
    assert not hasher.verify(password, hasher.hash("Correct-horse-7"))
    hasher.verify_decoy(password)


def test_a_hash_is_argon2id() -> None:
    assert a_hasher().hash("Correct-horse-7").startswith("$argon2id$")


def test_a_hash_of_other_parameters_is_outdated_and_still_verifies() -> None:
    older = a_hasher().hash("Correct-horse-7")
    newer = a_hasher(memory_kib=16)
    assert newer.is_outdated(older)
    assert newer.verify("Correct-horse-7", older)


def test_a_hash_of_the_same_parameters_is_current() -> None:
    hasher = a_hasher()
    assert not hasher.is_outdated(hasher.hash("Correct-horse-7"))


def test_who_finds_the_queue_full_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "WAITERS_PER_SLOT", 1)
    hasher = a_hasher(memory_kib=64 * 1024)
    together = threading.Barrier(4)

    def is_refused(password: str) -> bool:
        together.wait()
        try:
            hasher.hash(password)
        except TooManyRequests:
            return True
        return False

    with ThreadPoolExecutor(4) as pool:
        refused = list(pool.map(is_refused, ["one", "two", "three", "four"]))
    assert 1 <= sum(refused) < 4
