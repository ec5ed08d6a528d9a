"""The cookie `csrf-state`: it ties a round trip to an upstream provider to the browser that makes it.

Several tabs may be on their way at once, so a browser keeps its value, and it is renewed for as long as the newest round
trip may take. The value alone is worth nothing: each state is good once.  Source: spec USER_POOLS sections 9.8 and 10.5;
RFC 9700 section 4.7.1.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from flask import request

from idp.domain.upstream import ROUND_TRIP
from idp.web.cookies import set_cookie

if TYPE_CHECKING:
    from flask import Response

    from idp.services import Services
    from idp.web.site import Site

COOKIE = "csrf-state"
_COOKIE_BYTES = 32
_WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def present_browser() -> str | None:
    """Return the value by which the browser that asks is known; None when it has none of ours."""
    value = request.cookies.get(COOKIE, "")
    return value if _WELL_FORMED.fullmatch(value) else None


def new_or_present_browser(services: Services) -> str:
    """Return the value by which the browser that asks is or will be known."""
    return present_browser() or base64.urlsafe_b64encode(services.random.bytes(_COOKIE_BYTES)).rstrip(b"=").decode()


def set_browser(services: Services, site: Site, response: Response, browser: str) -> None:
    """Let the browser be known by the value until the round trip that begins must have ended."""
    set_cookie(services, site, response, COOKIE, browser, lifetime=ROUND_TRIP)
