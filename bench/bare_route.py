"""A Flask application of one route, on the very server that idp uses."""

from __future__ import annotations

import os

from flask import Flask

from idp.cli.server import serve
from idp.settings import Settings


def application() -> Flask:
    """Return the application."""
    app = Flask("bare")
    app.add_url_rule("/", "hello", lambda: "hello")
    return app


if __name__ == "__main__":
    serve(Settings(port=int(os.environ["IDP_PORT"])), application)
