"""The hosted pages: signing in, a new password, the page behind a confirmation link, and the error page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.login import challenges, confirmation_link, errors, feedback_link, logo, sign_in
from idp.web.pages import Pages

if TYPE_CHECKING:
    from flask import Flask

    from idp.services import Services


def mount(app: Flask, services: Services) -> None:
    """Serve every page, by host name and below `/_domain/<domain>`."""
    pages = Pages("idp.login")
    for page in (sign_in, challenges, confirmation_link, errors, feedback_link, logo):
        page.mount(app, services, pages)
