"""A client of IAM, signed by an account's root."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def iam(aws: Any) -> Any:
    return aws("iam", key="111122223333")
