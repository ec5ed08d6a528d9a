"""Serving the application: gunicorn's threaded workers, forked from a parent that only supervises.

Measured on two cores with a bare Flask route, CPU of the worker for each request: granian's WSGI 0.09 ms, granian's ASGI
with a bridge to WSGI 0.21 ms, gunicorn's gthread 0.22 ms. The first hands the application no raw path (`%2F` arrives as
`/`), which signatures and path parameters need; of the other two gunicorn needs no code of ours.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click
from gunicorn.app.base import BaseApplication

if TYPE_CHECKING:
    from flask import Flask

    from idp.settings import Settings

GRACE_S = 20
KEEP_ALIVE_S = 65
MAX_HEADER_BYTES = 16_384


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, configured by our settings alone."""

    def __init__(self, settings: Settings, load: Callable[[], Flask]) -> None:
        self._settings = settings
        self._load_application = load
        super().__init__()

    def load_config(self) -> None:
        """Configure; gunicorn's own files and variables are not read."""
        values: dict[str, Any] = {
            "bind": f"{bracketed(self._settings.host)}:{self._settings.port}",
            "workers": self._settings.workers,
            "threads": self._settings.threads,
            "worker_class": "gthread",
            "keepalive": KEEP_ALIVE_S,
            "graceful_timeout": GRACE_S,
            "timeout": 0,
            "limit_request_field_size": MAX_HEADER_BYTES,
            "limit_request_line": 8190,
            "loglevel": "warning",
            "proc_name": "idp",
            "control_socket_disable": True,
            # X-Forwarded-* is believed by our own setting (IDP_TRUSTED_PROXIES), not by gunicorn.
            "forwarded_allow_ips": "",
            "secure_scheme_headers": {},
        }
        for name, value in values.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application, in a worker."""
        return self._load_application()


def serve(settings: Settings, load: Callable[[], Flask]) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished first.

    Args:
        load: makes the application in each worker, after the fork.
    """
    Server(settings, load).run()


def refuse_taken_port(settings: Settings) -> None:
    """End the command with one sentence when the address cannot be listened on; gunicorn would say it five times."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            where = f"{bracketed(settings.host)}:{settings.port}"
            raise click.ClickException(f"Cannot listen on {where}: {error.strerror}; see --host and --port.") from error


def bracketed(host: str) -> str:
    """Return an address as it stands before `:port`.  Source: RFC 3986 section 3.2.2."""
    return f"[{host}]" if ":" in host else host
