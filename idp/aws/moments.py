"""Moments in text: what timestamps look like outside JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from idp.aws.errors import Malformed


def epoch_seconds(moment: datetime) -> float:
    """Return a moment as JSON tells it.  Source: spec USER_POOLS section 0.2."""
    return round(moment.timestamp(), 3)


def iso_8601(moment: datetime) -> str:
    """Return a moment as `2024-06-05T13:39:17Z`.  Source: spec STS_IAM section 1."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_moment(text: str) -> datetime:
    """Read ISO 8601 or an HTTP date; UTC when it names no zone.

    Raises:
        Malformed: it is neither.
    """
    try:
        moment = parsedate_to_datetime(text) if "," in text else datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise Malformed("Unable to parse a timestamp") from error
