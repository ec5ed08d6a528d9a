"""Cookies of a site: HttpOnly, SameSite=Lax, kept to the site's path, Secure wherever HTTPS is spoken."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import request

if TYPE_CHECKING:
    from flask import Response

    from idp.services import Services
    from idp.web.site import Site


def set_cookie(
    services: Services, site: Site, response: Response, name: str, value: str, *, lifetime: timedelta
) -> None:
    """Give the browser a cookie."""
    response.set_cookie(
        name,
        value,
        max_age=lifetime,
        path=site.cookie_path,
        secure=_is_https(services),
        httponly=True,
        samesite="Lax",
    )


def drop_cookie(services: Services, site: Site, response: Response, name: str) -> None:
    """Take a cookie from the browser."""
    response.delete_cookie(name, path=site.cookie_path, secure=_is_https(services), httponly=True, samesite="Lax")


def _is_https(services: Services) -> bool:
    return request.is_secure or services.settings.base_url.startswith("https://")
