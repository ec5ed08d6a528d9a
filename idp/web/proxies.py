"""Who really calls, when proxies stand in front: their X-Forwarded-For and -Proto, and nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from flask import Flask

    from idp.settings import Settings


def mount(app: Flask, settings: Settings) -> None:
    """Let every face see the client's address and scheme as the trusted proxies saw them.

    With none trusted the headers count for nothing, and the address is the connection's.
    """
    if settings.trusted_proxies:
        proxies = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
