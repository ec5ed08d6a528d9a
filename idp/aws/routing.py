"""Which service a request is for, told by its head: target, path, or the signature's scope."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from idp.aws.directory import BY_TARGET_PREFIX, BY_VERSION, JSON_1_1, REST_SERVICES, STS, Service
from idp.aws.errors import Malformed
from idp.aws.protocols.forms import has_form, read_form

if TYPE_CHECKING:
    from idp.aws.http import HttpRequest

SCOPE_SERVICE = re.compile(r"Credential=(?:[^/,%\s]{0,128}(?:/|%2F)){3}([^/,%\s]{1,64})")

UNKNOWN = Service("unknown", "json", JSON_1_1, "unknown")
"""Answers requests that name no service we know, in the commonest protocol."""


def find_service(request: HttpRequest) -> Service:
    """Return the service a request is for, or `UNKNOWN`."""
    target = request.header("x-amz-target")
    if target is not None:
        return BY_TARGET_PREFIX.get(target.partition(".")[0], UNKNOWN)
    if request.raw_path != "/":
        return _by_scope(REST_SERVICES, request) or REST_SERVICES[0]
    return _query_service(request)


def _query_service(request: HttpRequest) -> Service:
    """Return the query service, by the API version in the form, else by the signature's scope."""
    if not has_form(request):
        return UNKNOWN
    return _by_version(request) or _by_scope(tuple(BY_VERSION.values()), request) or STS


def _by_version(request: HttpRequest) -> Service | None:
    try:
        return BY_VERSION.get(read_form(request).get("Version", ""))
    except Malformed:
        # The service that the scope names says so, when it reads its parameters.
        return None


def _by_scope(services: tuple[Service, ...], request: HttpRequest) -> Service | None:
    """Return the service that the unverified signature names (a hint only: the scope is checked later)."""
    found = SCOPE_SERVICE.search(request.header("authorization") or request.raw_query)
    return next((each for each in services if found and each.signing_name == found[1]), None)
