"""Requests hold no null character: no database text may, so whoever sends one means mischief."""

from __future__ import annotations

from collections.abc import Iterable

from flask import request
from werkzeug.exceptions import BadRequest

_NULL = "\x00"


def require_readable() -> None:
    """Refuse the request under way when its address or its form holds a null character.

    Raises:
        BadRequest; RequestEntityTooLarge for a form beyond the limit that the view has set.
    """
    if any(_NULL in text for text in _texts()):
        raise BadRequest


def _texts() -> Iterable[str]:
    yield request.path
    for values in (request.args, request.form):
        for name, value in values.items(multi=True):
            yield name
            yield value
