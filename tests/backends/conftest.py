"""The fixtures that tests of running functions may ask for."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from idp.backends.lambda_runtime import LambdaRuntime
from tests.backends.functions import Meeting, a_runtime


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[LambdaRuntime]:
    """Run functions under a scratch directory."""
    with a_runtime(tmp_path) as runtime:
        yield runtime


@pytest.fixture
def meeting() -> Iterator[Meeting]:
    """Meet handlers while they run."""
    with closing(Meeting()) as meeting:
        yield meeting
