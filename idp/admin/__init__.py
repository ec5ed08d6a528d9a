"""The face of operators: a REST API with its OpenAPI document, signed as AWS requests are.  Source: docs/admin-api.md."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from flask import Flask

    from idp.services import Services

PREFIX = "/admin/v1"


def mount(app: Flask, services: Services) -> None:
    """Serve everything below `/admin/v1` by an application of its own, so that all its refusals have one form.

    It is made when somebody first asks for it: a server without operators starts faster by a quarter of a second.
    """
    inner: WSGIApplication = app.wsgi_app

    @cache
    def below() -> WSGIApplication:
        from idp.admin.api import build  # noqa: PLC0415 - pydantic takes a while, and most processes never need it

        return DispatcherMiddleware(NotFound(), {PREFIX: build(services)})

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        is_ours = path.startswith(PREFIX) and path[len(PREFIX) :][:1] in {"", "/"}
        return (below() if is_ours else inner)(environ, start_response)

    app.wsgi_app = serve  # type: ignore[method-assign]  # Flask's own way to put middleware in front
