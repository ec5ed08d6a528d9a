"""The whole server as one WSGI application: bootstrap, then mount every face on one Flask."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from flask import Flask

from idp import admin, aws, dev, federation, gateway, login, oauth
from idp.aws import import_uploads, registry, view
from idp.bootstrap import build
from idp.settings import Settings
from idp.web import health, pages, proxies

if TYPE_CHECKING:
    from idp.services import Services


def create_app(settings: Settings) -> Flask:
    """Return the application of a process.  Source of every door: the faces' own `mount`."""
    return mount_faces(build(settings))


def mount_faces(services: Services) -> Flask:
    """Return a Flask that serves every face on the services given."""
    app = Flask("idp", static_folder=None)
    app.extensions["idp"] = services
    health.mount(app, services)
    view.mount(app, services, registry.collect([aws]))
    import_uploads.mount(app, services)
    pages.mount(app)
    oauth.mount(app, services)
    login.mount(app, services)
    federation.mount(app, services)
    admin.mount(app, services)
    gateway.mount(app, services)
    proxies.mount(app, services.settings)
    if services.settings.dev_doors:
        dev.mount(app, services)
    return app


def configure_logging() -> None:
    """Log to standard error, a line an event."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
