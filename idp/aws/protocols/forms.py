"""Form parameters of the query protocol, from the body or the query string."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from idp.aws.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from idp.aws.http import HttpRequest

FORM = "application/x-www-form-urlencoded"


def form_parameters(request: HttpRequest) -> Mapping[str, str]:
    """Return the form's parameters; what is not UTF-8 is read with replacement characters (`read_form` refuses it)."""
    encoded = request.body.decode("latin-1") if request.media_type == FORM and request.body else request.raw_query
    return dict(parse_qsl(encoded, keep_blank_values=True, errors="replace"))


def read_form(request: HttpRequest) -> Mapping[str, str]:
    """Return the form's parameters.

    Raises:
        Malformed: the body is not ASCII, or its escapes are not UTF-8.
    """
    try:
        encoded = request.body.decode("ascii") if request.media_type == FORM and request.body else request.raw_query
        return dict(parse_qsl(encoded, keep_blank_values=True, errors="strict"))
    except ValueError as error:
        raise Malformed("The form is not valid UTF-8") from error
