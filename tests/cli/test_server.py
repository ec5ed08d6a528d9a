"""Serving says in one sentence why it cannot."""

from __future__ import annotations

import socket

import click
import pytest

from idp.cli.server import refuse_taken_port
from idp.settings import Settings


def test_a_port_that_somebody_listens_on_is_refused_by_name() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(click.ClickException, match=f"^Cannot listen on 127.0.0.1:{port}: Address already in use"):
            refuse_taken_port(Settings(port=port))
