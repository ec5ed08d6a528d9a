"""`/error`: where the browser goes when a request is refused and the client must not be told.

Source: spec USER_POOLS section 9.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from idp.web.error_pages import error_page
from idp.web.page_routes import page_route
from idp.web.site import ERROR

if TYPE_CHECKING:
    from flask import Flask

    from idp.services import Services
    from idp.web.pages import Pages


def mount(app: Flask, services: Services, pages: Pages) -> None:
    """Serve the page; it names only errors that it knows."""
    page_route(
        app, services, pages, ERROR, lambda _site: error_page(pages, request.args.get("error", "")), methods=["GET"]
    )
