"""docs/settings.md says what the code says."""

from pathlib import Path

from idp.cli.settings import document

ROOT = Path(__file__).parents[2]


def test_the_settings_page_is_current() -> None:
    assert (ROOT / "docs" / "settings.md").read_text() == document(), "run: idp settings > docs/settings.md"
