"""Pytest plugin: the machine's own Chromium, driven by Playwright.

The program is `CHROMIUM_PATH`, else the first of the usual names in PATH. Without one the browser tests are skipped, and
the closing report says so in one line; with `REQUIRE_BROWSER=1` (set by .ci/run) they are errors instead.
"""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

USUAL_NAMES = ("chromium", "chromium-browser", "google-chrome")
SKIPPED = (
    "Browser tests skipped: no Chromium here. Install it (Debian: apt-get install chromium) "
    "or set CHROMIUM_PATH to the program."
)
PAGE_LIMIT_MS = 10_000
CHROMIUM = pytest.StashKey[str | None]()
REQUIRED = pytest.StashKey[bool]()


def find_chromium() -> str | None:
    """Return the path of the Chromium to drive, None when there is none."""
    names = (os.environ.get("CHROMIUM_PATH", ""), *USUAL_NAMES)
    return next((path for name in names if name and (path := shutil.which(name))), None)


def pytest_configure(config: pytest.Config) -> None:
    """Read the two variables once."""
    config.stash[CHROMIUM] = find_chromium()
    config.stash[REQUIRED] = os.environ.get("REQUIRE_BROWSER") == "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives the browser, so that `-m "not browser"` leaves it out."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line that the browser tests were skipped, and how to have them run."""
    skipped = terminalreporter.stats.get("skipped", [])
    if any(SKIPPED in str(report.longrepr) for report in skipped):
        terminalreporter.write_line(SKIPPED)


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """Start a headless Chromium that resolves no name but localhost.

    Playwright starts it without Chromium's sandbox, which root and most containers cannot have: it only ever opens
    pages of servers that the tests start.
    """
    program = request.config.stash[CHROMIUM]
    if program is None:
        (pytest.fail if request.config.stash[REQUIRED] else pytest.skip)(SKIPPED)
    only_here = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=[only_here])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page in a browser profile of its own: no cookie of another test."""
    with browser.new_context() as context:
        context.set_default_timeout(PAGE_LIMIT_MS)
        yield context.new_page()
