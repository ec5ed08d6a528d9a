"""No form is taken that another site made a browser send.

Double submit: the form field `_csrf` equals the cookie `XSRF-TOKEN`; both are sealed for the site and end after five
minutes, the time a sign-in may take. Browsers that say where a request comes from (Sec-Fetch-Site) are believed first.
Source: OWASP CSRF Prevention Cheat Sheet; spec USER_POOLS section 9.8.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask import request

from idp.outbound.sealer import SealBroken
from idp.web.cookies import drop_cookie, set_cookie

if TYPE_CHECKING:
    from flask import Response

    from idp.services import Services
    from idp.web.site import Site

COOKIE = "XSRF-TOKEN"
FIELD = "_csrf"
LIFETIME = timedelta(minutes=5)
_PURPOSE = "csrf"
_OWN_PAGES = frozenset({"same-origin", "none"})


def issue_csrf_token(services: Services, site: Site) -> str:
    """Return a token for a form; its cookie must go out with the page (`set_csrf_cookie`)."""
    expires_at = services.clock.now() + LIFETIME
    return services.sealer.seal(_PURPOSE, expires_at.isoformat().encode(), context=site.domain.encode())


def set_csrf_cookie(services: Services, site: Site, response: Response, token: str) -> None:
    """Send the cookie that the form's field must equal."""
    set_cookie(services, site, response, COOKIE, token, lifetime=LIFETIME)


def drop_csrf_cookie(services: Services, site: Site, response: Response) -> None:
    """Take the cookie back: the form was taken, and the next page brings its own."""
    drop_cookie(services, site, response, COOKIE)


def is_own_form(services: Services, site: Site) -> bool:
    """Say whether the request under way comes from a form of this site, and in time."""
    if request.headers.get("Sec-Fetch-Site", "none") not in _OWN_PAGES:
        return False
    field, cookie = request.form.get(FIELD, ""), request.cookies.get(COOKIE, "")
    if not hmac.compare_digest(field.encode(), cookie.encode()):
        return False
    try:
        expires_at = services.sealer.open(_PURPOSE, field, context=site.domain.encode())
    except SealBroken:
        return False
    return datetime.fromisoformat(expires_at.decode()) > services.clock.now()
