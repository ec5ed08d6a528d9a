"""The generated request and answer types are current."""

from __future__ import annotations

import pytest

from idp.aws.types_generator import FOLDER, generate


@pytest.mark.parametrize("name", sorted(generate()))
def test_the_types_are_what_the_generator_writes(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == generate()[name]


def test_the_folder_holds_nothing_else() -> None:
    assert {path.name for path in FOLDER.glob("*.py")} == {*generate(), "__init__.py"}
