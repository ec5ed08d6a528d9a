"""Which API and stage a request is for: by host, or by path.  Source: spec API_GATEWAY section 12."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

PATH_PREFIX: Final = "/_api/"
LOCAL_SUFFIX: Final = ".execute-api.localhost"
_HOST = re.compile(r"([a-z0-9-]{1,63})\.execute-api\.[a-z0-9.-]{1,255}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """An API, and what of the path comes after it.

    Attributes:
        path: begins with a slash, percent-encoded; the stage is still in it.
        domain_name: the API's own host, also for a request that named it by path.
    """

    api_id: str
    path: str
    domain_name: str


def find_address(host: str, raw_path: str) -> Address | None:
    """Return the API that a request is for; None when it is for no API.

    Args:
        host: the Host header; a port may follow.
        raw_path: as on the request line.
    """
    if raw_path.startswith(PATH_PREFIX):
        api_id, slash, path = raw_path[len(PATH_PREFIX) :].partition("/")
        return Address(api_id.lower(), slash + path, api_id.lower() + LOCAL_SUFFIX)
    if ".execute-api." not in host:
        return None
    name = host.partition(":")[0].lower()
    found = _HOST.fullmatch(name)
    return None if found is None else Address(found.group(1), raw_path, name)


def after_stage(path: str, stage: str) -> str | None:
    """Return what of a path comes after its stage, beginning with a slash; None when it is at another stage.

    Slashes before the stage may be doubled.  Source: observed, test_lambda_aws_proxy_integration.
    """
    found, slash, rest = path.lstrip("/").partition("/")
    if found != stage:
        return None
    return slash + rest if slash else "/"
