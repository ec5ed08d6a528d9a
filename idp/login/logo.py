"""`/_logo/…`: the image of classic pages, where ImageUrl points to.

Source: AWS API_UICustomizationType; spec USER_POOLS section 11.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, abort

from idp.domain.images import is_image
from idp.flows.ui_customization import find_logo
from idp.web.headers import SAFE_ANYWHERE

if TYPE_CHECKING:
    from flask import Flask

    from idp.services import Services
    from idp.web.pages import Pages

MAX_AGE_S = 3600


def mount(app: Flask, services: Services, _pages: Pages) -> None:
    """Serve the image; the version in its address lets browsers keep it, and is not looked at."""

    @app.get("/_logo/<pool_id>/<client_id>/<version>")
    def logo(pool_id: str, client_id: str, version: str) -> Response:  # noqa: ARG001
        image = None if "\x00" in pool_id + client_id else find_logo(services, pool_id, client_id)
        if image is None:
            abort(404)
        answer = Response(image, content_type="image/png" if is_image(image, "PNG") else "image/jpeg")
        answer.headers.extend(SAFE_ANYWHERE)
        answer.headers["Cache-Control"] = f"public, max-age={MAX_AGE_S}"
        answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return answer
