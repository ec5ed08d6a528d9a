"""What keeps `idp dev` from starting is said in one sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from click.testing import CliRunner
from gunicorn.errors import AppImportError

from idp.cli import main
from idp.cli.dev import load
from idp.settings import Settings


def test_a_malformed_master_key_is_named(settings: Settings) -> None:
    with pytest.raises(AppImportError, match=r"^IDP_MASTER_KEY is malformed: base64 of 32 bytes is expected"):
        load(replace(settings, master_key="abc"), None)


@pytest.mark.parametrize("command", ["dev", "serve"])
def test_a_port_that_is_none_is_refused(command: str) -> None:
    refusal = CliRunner().invoke(main, [command, "--port", "65536"])

    assert refusal.exit_code == 2
    assert "65536 is not in the range" in refusal.output
