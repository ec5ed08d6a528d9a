"""docs/operations.md says what the code serves, and README counts the same."""

from __future__ import annotations

import re
from pathlib import Path

from idp.cli.ops import all_homes, operations_document

ROOT = Path(__file__).parents[2]


def test_the_operations_page_is_current() -> None:
    written = (ROOT / "docs" / "operations.md").read_text()
    assert written == operations_document(list(all_homes())), "run: idp ops --document > docs/operations.md"


def test_a_flow_file_is_named_once_for_an_operation() -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    assert re.findall(r"\b(\w+\.py), \1\b", page) == []


def test_the_readme_counts_the_operations_that_are_served() -> None:
    served: dict[str, list[bool]] = {}
    for home in all_homes():
        served.setdefault(home.service, []).append(home.declined is None)
    rows = {f"| {service} | {sum(each)} of {len(each)} |" for service, each in served.items()}
    readme = (ROOT / "README.md").read_text()
    assert [row for row in rows if row not in readme] == []
