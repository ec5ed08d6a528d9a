"""Calls and imports go down only: the contracts of pyproject.toml hold."""

import pytest
from importlinter import cli

from tests.house import project


def test_every_import_contract_holds(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(project.ROOT)
    # It would silence every logger of this process, for all tests after this one.
    monkeypatch.setattr(cli, "_configure_logging", lambda verbose: None)
    assert cli.lint_imports(no_cache=True) == cli.EXIT_STATUS_SUCCESS, capsys.readouterr().out
