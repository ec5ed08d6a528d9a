"""The paths that mapping templates use."""

from __future__ import annotations

from typing import Any

import pytest

from idp.domain.json_path import MalformedPath, find

DOCUMENT = {"a": {"b": [1, {"c": "d"}], "e f": 2}, "list": [{"n": 1}, {"n": 2}], "null": None}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$", DOCUMENT),
        ("$.a.b[0]", 1),
        ("$.a.b[-1].c", "d"),
        ("$['a']['e f']", 2),
        ('$["a"].b[1]["c"]', "d"),
        ("a.b[0]", 1),
        ("$.list[*].n", [1, 2]),
        ("$.a.b.*", [1, {"c": "d"}]),
        ("$.a.b[7]", None),
        ("$.x.y.z", None),
        ("$.null", None),
        ("$.a.b.c", None),
        ("$.nobody[*]", []),
    ],
)
def test_a_path_leads_to_a_part(path: str, found: Any) -> None:
    assert find(DOCUMENT, path) == found


@pytest.mark.parametrize("path", ["$.", "$..a", "$[", "$[x]", "$.a[?(@.b)]", "$ a", "$['a", "$.a b"])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(MalformedPath):
        find(DOCUMENT, path)
