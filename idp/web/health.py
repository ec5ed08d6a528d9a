"""`/healthz` says that the process lives, `/readyz` that it can serve: database, migrations, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, Response, jsonify

from idp.outbound.sealer import SealBroken

if TYPE_CHECKING:
    from idp.services import Services


def mount(app: Flask, services: Services) -> None:
    """Serve the two doors; anybody may ask, and learns no more than a word."""

    @app.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok")

    @app.get("/readyz")
    def readyz() -> tuple[Response, int]:
        failed = failing(services)
        return jsonify(status="not ready" if failed else "ready", failed=failed), 503 if failed else 200


def failing(services: Services) -> list[str]:
    """Return which of `database`, `migrations` and `keys` are not ready."""
    database = services.database.state()
    if database != "current":
        return ["database" if database == "unreachable" else "migrations"]
    try:
        services.sealer.open("ready", services.sealer.seal("ready", b"?"))
    except SealBroken:
        return ["keys"]
    return []
