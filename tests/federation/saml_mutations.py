"""Ways to change a document at random: its bytes, or its tree."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

from hypothesis import strategies as st
from lxml import etree

Mutation = Callable[[bytes], bytes]

_PLACES = st.integers(min_value=0, max_value=10_000)
_SNIPPETS = st.sampled_from(
    [b"<!---->", b"<![CDATA[x]]>", b"<?x?>", b"&#0;", b"&lt;", b"<", b"</", b"/>", b"\"", b"\xff", b"\x00", b" ", b"mallory"]
)  # fmt: skip
_ATTRIBUTES = st.sampled_from(["ID", "Id", "Version", "URI", "Algorithm", "InResponseTo", "Destination", "Name"])
_VALUES = st.sampled_from(["", "_assertion1", "_response1", "#_assertion1", "#_response1", "2.0", "mallory"])


def _byte_changes(place: int, length: int, snippet: bytes) -> Mutation:
    def change(document: bytes) -> bytes:
        start = place % len(document)
        return document[:start] + snippet + document[start + length :]

    return change


def _tree_changes(change: Callable[[list[etree._Element]], None]) -> Mutation:
    """Return a change of the tree; a document that is none any more stays as it is."""

    def changed(document: bytes) -> bytes:
        try:
            root = etree.fromstring(document)
        except etree.XMLSyntaxError:
            return document
        change(list(root.iter("*")))
        return etree.tostring(root)

    return changed


def _moving(what: int, where: int, *, is_copied: bool, as_first: bool) -> Mutation:
    def change(elements: list[etree._Element]) -> None:
        moved, parent = elements[what % len(elements)], elements[where % len(elements)]
        if not is_copied and moved in {parent, *parent.iterancestors()}:
            return
        parent.insert(0 if as_first else len(parent), deepcopy(moved) if is_copied else moved)

    return _tree_changes(change)


def _dropping(what: int) -> Mutation:
    def change(elements: list[etree._Element]) -> None:
        parent = elements[what % len(elements)].getparent()
        if parent is not None:
            parent.remove(elements[what % len(elements)])

    return _tree_changes(change)


def _setting(what: int, name: str, value: str) -> Mutation:
    return _tree_changes(lambda elements: elements[what % len(elements)].set(name, value))


def _telling(what: int, text: str) -> Mutation:
    def change(elements: list[etree._Element]) -> None:
        elements[what % len(elements)].text = text

    return _tree_changes(change)


MUTATIONS = st.lists(
    st.one_of(
        st.builds(_byte_changes, _PLACES, st.integers(min_value=0, max_value=20), _SNIPPETS),
        st.builds(_moving, _PLACES, _PLACES, is_copied=st.booleans(), as_first=st.booleans()),
        st.builds(_dropping, _PLACES),
        st.builds(_setting, _PLACES, _ATTRIBUTES, _VALUES),
        st.builds(_telling, _PLACES, _VALUES),
    ),
    min_size=1,
    max_size=4,
)
"""One to four changes."""
