"""Parameter mappings: where an integration gets parts of its request, and a client parts of its answer.

Source: API Gateway Developer Guide, "x-amazon-apigateway-integration.requestParameters object" and "Transform API requests
and responses for HTTP APIs"; spec API_GATEWAY section 7.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, cast

from idp.domain.json_path import MalformedPath, find
from idp.domain.openapi import members
from idp.domain.openapi.members import MalformedApi
from idp.domain.rest_api import ChangeAction, ChangePlace, ParameterChange

MIN_STATUS: Final = 200
MAX_STATUS: Final = 599
_NAME: Final = r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}"
_FIELD: Final = r"[^{}]{1,200}"
_COMMON: Final = r"context\.[A-Za-z0-9_.]{1,200}|stageVariables\.[A-Za-z0-9_]{1,64}"
_BODY: Final = r"body(?:\.(?P<path>[^{}]{1,500}))?"
_REQUEST_TARGET = re.compile(
    rf"integration\.request\.(?:header\.{_NAME}|querystring\..{{1,200}}|path\.[A-Za-z0-9._-]{{1,128}})"
)
_RESPONSE_TARGET = re.compile(rf"method\.response\.header\.{_NAME}")
_REQUEST_SOURCE = re.compile(
    rf"method\.request\.(?:(?:multivalue)?header\.{_NAME}|(?:multivalue)?querystring\..{{1,200}}|path\..{{1,128}}|{_BODY})"
    rf"|{_COMMON}|'.*'",
    re.DOTALL,
)
_RESPONSE_SOURCE = re.compile(
    rf"integration\.response\.(?:(?:multivalue)?header\.{_NAME}|{_BODY})|{_COMMON}|'.*'", re.DOTALL
)
_REQUEST_CHANGE = re.compile(
    rf"(append|overwrite|remove):(header)\.({_NAME})|(append|overwrite|remove):(querystring)\.(.{{1,200}})"
    r"|(overwrite):(path)()"
)
_RESPONSE_CHANGE = re.compile(rf"(append|overwrite|remove):(header)\.({_NAME})|(overwrite):(statuscode)()")
_CHANGE_SOURCE: Final = rf"(?:request|response)\.header\.{_NAME}|request\.(?:querystring\.{_FIELD}|path(?:\.{_FIELD})?)"
_VARIABLE = re.compile(rf"(?:{_CHANGE_SOURCE}|(?:request|response)\.{_BODY}|{_COMMON})")
_BRACED = re.compile(r"\$\{([^}]*)\}")
_RESERVED = re.compile(
    r"(access-control-|apigw-|x-amz-|x-amzn-).*|authorization|connection|content-encoding|content-length|content-location"
    r"|forwarded|host|keep-alive|origin|proxy-authenticate|proxy-authorization|te|trailers|transfer-encoding|upgrade"
    r"|x-forwarded-(for|host|proto)|via"
)


def parse_request_parameters(value: Any, where: str) -> Mapping[str, str]:
    """Return `integration.request.header.X` and so on, each to its source.

    Raises:
        MalformedApi: a target or a source is none.
    """
    return _mappings(value, where, _REQUEST_TARGET, _REQUEST_SOURCE)


def parse_response_parameters(value: Any, where: str) -> Mapping[str, str]:
    """Return `method.response.header.X`, each to its source.

    Raises:
        MalformedApi: a target or a source is none.
    """
    return _mappings(value, where, _RESPONSE_TARGET, _RESPONSE_SOURCE)


def _mappings(value: Any, where: str, targets: re.Pattern[str], sources: re.Pattern[str]) -> Mapping[str, str]:
    parameters = members.texts(value, where)
    for target, source in parameters.items():
        if not targets.fullmatch(target):
            raise MalformedApi(f"{where}.{target}", "this is nothing that a mapping can set.")
        found = sources.fullmatch(source)
        if found is None:
            raise MalformedApi(f"{where}.{target}", f"{source} is nothing that a mapping can read.")
        _require_path(found.group("path"), f"{where}.{target}")
    return parameters


def parse_request_changes(value: Any, where: str) -> tuple[ParameterChange, ...]:
    """Return what an HTTP API changes of a request: `append:header.x`, `overwrite:path` and so on.

    Raises:
        MalformedApi: a key or a value is none, or a header is reserved.
    """
    return _changes(value, where, _REQUEST_CHANGE, "request")


def parse_response_changes(value: Any, where: str) -> Mapping[int, tuple[ParameterChange, ...]]:
    """Return what an HTTP API changes of an answer, by the backend's status.

    Raises:
        MalformedApi: a status, a key or a value is none, or a header is reserved.
    """
    return {
        members.whole_number(status, f"{where}.{status}", at_least=MIN_STATUS, at_most=MAX_STATUS): _changes(
            changes, f"{where}.{status}", _RESPONSE_CHANGE, "response"
        )
        for status, changes in members.mapping(value, where).items()
    }


def _changes(value: Any, where: str, keys: re.Pattern[str], side: str) -> tuple[ParameterChange, ...]:
    return tuple(_change(key, text, f"{where}.{key}", keys, side) for key, text in members.texts(value, where).items())


def _change(key: str, value: str, where: str, keys: re.Pattern[str], side: str) -> ParameterChange:
    found = keys.fullmatch(key)
    if found is None:
        raise MalformedApi(where, f"this changes nothing of a {side}.")
    action, place, name = (part for part in found.groups() if part is not None)
    if place == "header" and _RESERVED.fullmatch(name.lower()):
        raise MalformedApi(where, f"the header {name} is reserved.")
    if place == "statuscode":
        members.whole_number(value, where, at_least=MIN_STATUS, at_most=MAX_STATUS)
    elif action != "remove":
        _require_variables(value, where, side)
    return ParameterChange(cast("ChangeAction", action), cast("ChangePlace", place), name, value)


def _require_variables(value: str, where: str, side: str) -> None:
    """Check `$request.header.x` alone, or each `${request.header.x}` within a text."""
    variables = [value[1:]] if value.startswith("$") and not value.startswith("${") else _BRACED.findall(value)
    for variable in variables:
        found = _VARIABLE.fullmatch(variable)
        if found is None or (side == "request" and variable.startswith("response.")):
            raise MalformedApi(where, f"{variable} is nothing that a mapping can read.")
        _require_path(found.group("path"), where)


def _require_path(path: str | None, where: str) -> None:
    """Check the path of a part of a JSON body."""
    if path is None:
        return
    try:
        find({}, f"$.{path.removeprefix('$.')}")
    except MalformedPath as error:
        raise MalformedApi(where, f"{path} is no path into a body.") from error
