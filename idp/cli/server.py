"""Serving the application: granian's WSGI workers, forked from a parent that only supervises."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings

if TYPE_CHECKING:
    from flask import Flask

    from idp.settings import Settings

KILL_AFTER_S = 10


def serve(settings: Settings, load: Callable[[], Flask]) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished first.

    Args:
        load: makes the application in each worker, after the fork.
    """
    server = Granian(
        target="idp.app:create_app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=settings.threads,
        http1_settings=HTTP1Settings(keep_alive=True),
        respawn_failed_workers=settings.mode == "serve",
        workers_kill_timeout=KILL_AFTER_S,
        log_enabled=False,
        websockets=False,
    )
    server.serve(target_loader=_loader(load), wrap_loader=False)


def _loader(load: Callable[[], Flask]) -> Callable[..., Any]:
    def loader(*_: Any, **__: Any) -> Any:
        return load()

    return loader
