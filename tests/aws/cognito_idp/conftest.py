"""Fixtures of the user pools' tests."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.fakes import FakeClock


@pytest.fixture
def real_time(clock: FakeClock) -> None:
    """The server's clock stands at the real time, which independent SRP clients take."""
    clock.set(datetime.now(UTC))
