"""No file names a package registry's host or a path of the machine it was written on."""

import re

import pytest

from tests.house import project

REGISTRY_HOST = re.compile(
    r"pythonhosted\.org|pypi\.org|pypi\.python\.org|npmjs\.(org|com)|yarnpkg\.com|crates\.io|proxy\.golang\.org"
    r"|repo1?\.maven|deb\.debian\.org|archive\.ubuntu\.com|registry-1\.docker|ghcr\.io|quay\.io",
    re.IGNORECASE,
)
MACHINE_PATH = re.compile(r"(?<![\w.$})-])/(root|home|Users|work)/[\w.]")
OWN_INDEX = re.compile(r"^\s*(-i|-f|--(extra-)?index-url|--find-links|--trusted-host)\b", re.MULTILINE)


@pytest.mark.parametrize("foreign", [REGISTRY_HOST, MACHINE_PATH], ids=["registry host", "machine path"])
def test_no_file_names_what_only_its_author_has(foreign: re.Pattern[str]) -> None:
    found = {name: match[0] for name in project.files() if (match := foreign.search(project.read(name)))}
    assert found == {}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_file_leaves_the_choice_of_registry_to_the_machine(lock: str) -> None:
    assert OWN_INDEX.search(project.read(lock)) is None
