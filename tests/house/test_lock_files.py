"""The lock files pin everything the project file asks for, with hashes."""

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house import project

LOCKS = ["requirements.lock", "requirements-dev.lock"]


def names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(requirement).name) for requirement in requirements}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_is_one_version_with_the_hashes_of_its_files(lock: str) -> None:
    entries = project.lock_entries(lock)
    loose = [entry for entry in entries if "==" not in entry.split()[0] or "--hash=sha256:" not in entry]
    assert len(entries) == len(project.pins(lock)) > 20
    assert loose == []


@pytest.mark.parametrize("lock", LOCKS)
def test_what_the_program_needs_is_in_both_locks(lock: str) -> None:
    assert names(project.pyproject()["project"]["dependencies"]) - project.pins(lock).keys() == set()


def test_what_the_tests_need_is_in_the_development_lock() -> None:
    needed = names(project.pyproject()["project"]["optional-dependencies"]["dev"])
    assert needed - project.pins("requirements-dev.lock").keys() == set()


@pytest.mark.parametrize("lock", LOCKS)
def test_the_program_can_be_installed_without_asking_for_a_build_tool(lock: str) -> None:
    assert names(project.pyproject()["build-system"]["requires"]) - project.pins(lock).keys() == set()


def test_tests_run_on_the_very_versions_that_serve() -> None:
    assert project.pins("requirements.lock").items() <= project.pins("requirements-dev.lock").items()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_is_one_that_the_project_file_allows(lock: str) -> None:
    pinned = project.pins(lock)
    requirements = [Requirement(text) for text in project.pyproject()["project"]["dependencies"]]
    refused = [str(each) for each in requirements if pinned[canonicalize_name(each.name)] not in each.specifier]
    assert refused == []
