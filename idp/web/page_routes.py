"""Serving a page of a site: finds the site, bounds the form, and lets no failure out but as an error page."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from flask import Response, request
from werkzeug.exceptions import HTTPException

from idp.web.error_pages import UNKNOWN, error_page
from idp.web.readable import require_readable
from idp.web.site import Site, find_site, route

if TYPE_CHECKING:
    from flask import Flask

    from idp.services import Services
    from idp.web.pages import Pages

MAX_FORM_BYTES = 32_768
_ERROR_OF_STATUS = {400: "invalid_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}

log = logging.getLogger(__name__)


def page_route(
    app: Flask,
    services: Services,
    pages: Pages,
    rule: str,
    answer: Callable[[Site], Response],
    *,
    methods: Sequence[str],
    max_form_bytes: int = MAX_FORM_BYTES,
) -> None:
    """Serve a page in both forms of the site's address."""

    def serve(domain: str | None) -> Response:
        request.max_content_length = max_form_bytes
        try:
            require_readable()
            site = find_site(services, domain)
            return error_page(pages, "not_found", status=404) if site is None else answer(site)
        except HTTPException as refusal:
            status = refusal.code or 400
            return error_page(pages, _ERROR_OF_STATUS.get(status, UNKNOWN), status=status)
        except Exception:
            request_id = services.random.uuid()
            log.exception("page %s failed, request %s", rule, request_id)
            return error_page(pages, "server_error", status=500, detail=f"Request {request_id}")

    route(app, rule, serve, methods=methods, endpoint=f"page {rule}")


def parameters() -> dict[str, list[str]]:
    """Return every value of every parameter in the address."""
    return request.args.to_dict(flat=False)


def redirect(location: str, status: int = 302) -> Response:
    """Return a redirect that is not stored anywhere."""
    response = Response(status=status)
    response.headers["Location"] = location
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
