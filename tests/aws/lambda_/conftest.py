"""The fixtures that tests of the Lambda API may ask for."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def functions(aws: Any) -> Any:
    """A boto3 client of Lambda, signed by the account's root."""
    return aws("lambda")
