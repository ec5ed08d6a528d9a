"""Form parameters of the query protocol, from the body or the query string."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from idp.aws.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from idp.aws.http import HttpRequest

FORM = "application/x-www-form-urlencoded"
MAX_PARAMETERS = 10_000


def read_form(request: HttpRequest) -> Mapping[str, str]:
    """Return the form's parameters; of one that is repeated the last.

    Raises:
        Malformed: the body is not ASCII, its escapes are not UTF-8, or there are more than `MAX_PARAMETERS`.
    """
    try:
        encoded = request.body.decode("ascii") if request.media_type == FORM and request.body else request.raw_query
        return dict(parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS))
    except ValueError as error:
        raise Malformed("The form is too long, or not UTF-8") from error


def has_form(request: HttpRequest) -> bool:
    """Say whether the request speaks the query protocol: its body is a form, or its query string names an action."""
    return request.media_type == FORM or "Action=" in request.raw_query
