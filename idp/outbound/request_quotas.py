"""Token buckets in the process: each worker counts its own requests, so that of n workers each lets the rate through.

A bucket holds one second's requests, and fills up as time passes.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from idp.domain.errors import TooManyRequests

MAX_BUCKETS = 10_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: datetime


class RequestQuotas:
    """The buckets of a process.

    Args:
        rates: requests a second by category; a category without one is not limited.
    """

    def __init__(self, rates: Mapping[str, float]) -> None:
        self._rates = rates
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def take(self, category: str | None, whose: str, now: datetime) -> None:
        """Count a request.

        Args:
            category: None is not limited.
            whose: account and region.

        Raises:
            TooManyRequests: the bucket is empty; nothing is counted then.
        """
        rate = None if category is None else self._rates.get(category)
        if category is None or rate is None:
            return
        with self._lock:
            bucket = self._filled((category, whose), rate, now)
            if bucket.tokens < 1:
                raise TooManyRequests
            bucket.tokens -= 1

    def _filled(self, key: tuple[str, str], rate: float, now: datetime) -> _Bucket:
        if len(self._buckets) >= MAX_BUCKETS:
            self._buckets.clear()
        bucket = self._buckets.setdefault(key, _Bucket(rate, now))
        passed_s = max((now - bucket.filled_at).total_seconds(), 0)
        bucket.tokens = min(bucket.tokens + passed_s * rate, rate)
        bucket.filled_at = now
        return bucket
