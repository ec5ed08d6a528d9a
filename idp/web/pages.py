"""HTML pages: rendered from templates that escape everything, sent with the security headers of `headers.py`."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from flask import Flask, Response
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from idp.web.headers import SAFE_ANYWHERE, secure_page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

ASSETS = {"pages.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}


class Pages:
    """The templates of one face, and those that all faces share."""

    def __init__(self, package: str) -> None:
        """Take the package whose folder `templates` holds the face's own templates."""
        loaders = [PackageLoader(package), PackageLoader("idp.web")]
        self._environment = Environment(
            loader=ChoiceLoader(loaders),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["asset"] = asset_path

    def page(self, template: str, *, status: int = 200, form_targets: str = "'self'", **values: object) -> Response:
        """Return a page.

        Args:
            form_targets: see `secure_page`.
            values: what the template shows; always text, never markup.
        """
        html = self._environment.get_template(template).render(**values)
        response = Response(html, status, content_type="text/html; charset=utf-8")
        secure_page(response, form_targets=form_targets)
        return response


def mount(app: Flask) -> None:
    """Serve the style sheet and the icon, under names that change with what is in them."""

    @app.get("/_assets/<version>/<name>")
    def asset(version: str, name: str) -> ResponseReturnValue:
        if name not in ASSETS or version != _version(name):
            return Response(status=404)
        response = Response(_asset(name), content_type=ASSETS[name])
        response.headers.extend(SAFE_ANYWHERE)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def asset_path(name: str) -> str:
    """Return where an asset is served."""
    return f"/_assets/{_version(name)}/{name}"


@cache
def _asset(name: str) -> bytes:
    return (resources.files("idp.web") / "static" / name).read_bytes()


@cache
def _version(name: str) -> str:
    return hashlib.sha256(_asset(name)).hexdigest()[:12]
