"""The DynamoDB tables that all workers of one `idp serve` share, unless a DynamoDB of somebody's own is set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from idp.backends import dynamodb_server
from idp.settings import Settings


@contextmanager
def shared_tables(settings: Settings) -> Iterator[Settings]:
    """Run a process that holds the tables, and give the settings that lead there."""
    if settings.dynamodb_url is not None:
        yield settings
        return
    server = dynamodb_server.start()
    try:
        yield replace(settings, dynamodb_url=server.url, dynamodb_secret=server.secret)
    finally:
        dynamodb_server.stop(server)
