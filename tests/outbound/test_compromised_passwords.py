"""Passwords that attackers know: the bundled list, and the operator's file in either form."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from idp.outbound.compromised_passwords import CompromisedPasswords

OWN = "of-the-operators-own-list"


@pytest.mark.parametrize("password", ["123456", "password", "Passw0rd!", "Summer2024!", "P@ssw0rd1"])
def test_common_passwords_are_known(password: str) -> None:
    assert CompromisedPasswords().contains(password)


@pytest.mark.parametrize("password", ["", "passw0rD!", OWN])
def test_others_are_not(password: str) -> None:
    assert not CompromisedPasswords().contains(password)


@pytest.mark.parametrize(
    "line",
    [OWN, hashlib.sha1(OWN.encode()).hexdigest(), f"{hashlib.sha1(OWN.encode()).hexdigest().upper()}:42"],
    ids=["plain", "SHA-1", "SHA-1 with a count"],
)
def test_the_operators_file_adds_to_them(tmp_path: Path, line: str) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(f"first\r\n{line}\r\n\xff\n".encode("latin-1"))
    known = CompromisedPasswords(path)

    assert known.contains(OWN)
    assert known.contains("123456")
    assert not known.contains("")
