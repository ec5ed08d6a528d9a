"""Reading the values of identity sources."""

from __future__ import annotations

from typing import Final

import regex

from idp.domain.rest_api import IdentitySource
from idp.domain.velocity.values import printed
from idp.gateway.context import context_of
from idp.gateway.visit import NOBODY, Visit

BEARER: Final = "bearer "
REGEX_TIMEOUT_S: Final = 0.25


def value_of(source: IdentitySource, visit: Visit) -> str | None:
    """Return the value of a source; None when the request has none."""
    match source.place:
        case "header":
            return visit.request.by_name.get(source.name)
        case "querystring":
            return visit.request.query_by_name.get(source.name)
        case "stageVariables":
            return visit.stage_variables.get(source.name)
        case "context":
            found: object = context_of(visit, NOBODY)
            for step in source.name.split("."):
                found = found.get(step) if isinstance(found, dict) else None
            return printed(found) or None


def bearer_token(value: str) -> str:
    """Return a token without the word Bearer before it."""
    return value[len(BEARER) :].strip() if value[: len(BEARER)].lower() == BEARER else value.strip()


def is_match(pattern: str, value: str) -> bool:
    """Say whether a pattern matches the whole value; one that takes too long does not."""
    try:
        return regex.fullmatch(pattern, value, timeout=REGEX_TIMEOUT_S) is not None
    except TimeoutError:
        return False
