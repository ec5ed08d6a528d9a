"""The whole story, told by examples/quickstart.py to real servers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.journeys.servers import RunningServer, idp_dev, idp_serve

QUICKSTART = Path(__file__).parents[2] / "examples" / "quickstart.py"


def tell_the_story(server: RunningServer) -> str:
    told = subprocess.run(
        [sys.executable, str(QUICKSTART), server.url],
        env=dict(server.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr + server.log.read_text()
    return told.stdout


def test_the_story_runs_against_idp_dev(tmp_path: Path) -> None:
    with idp_dev(tmp_path) as server:
        story = tell_the_story(server)
    assert "That is the whole story." in story
    assert '{"message":"Missing Authentication Token"}' in story
    assert "is not authorized to access this resource with an explicit deny" in story
    assert '{"message":"Unauthorized"}' in story


def test_the_story_runs_against_two_workers_on_postgresql(tmp_path: Path, postgresql_url: str) -> None:
    with idp_serve(tmp_path, postgresql_url, workers=2) as server:
        assert "That is the whole story." in tell_the_story(server)
