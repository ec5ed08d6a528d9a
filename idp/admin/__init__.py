"""The face of operators: a REST API with its OpenAPI document, signed as AWS requests are.  Source: docs/admin-api.md."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from flask import Flask, request
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from idp.services import Services

PREFIX = "/admin/v1"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def mount(app: Flask, services: Services) -> None:
    """Serve everything below `/admin/v1` by an application of its own, so that all its refusals have one form.

    It is made when somebody first asks for it: a server without operators starts faster by a quarter of a second.
    """

    @cache
    def below() -> WSGIApplication:
        from idp.admin.api import build  # noqa: PLC0415 - pydantic takes a while, and most processes never need it

        return DispatcherMiddleware(NotFound(), {PREFIX: build(services)})

    def serve(**_: Any) -> Response:
        return Response.from_app(below(), request.environ)

    for rule in (PREFIX, f"{PREFIX}/", f"{PREFIX}/<path:rest>"):
        app.add_url_rule(rule, f"admin {rule}", serve, methods=METHODS, provide_automatic_options=False)
