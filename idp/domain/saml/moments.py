"""Times in SAML's documents.  Source: SAML Core section 1.3.3; XML Schema Part 2 section 3.2.7."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from idp.domain.saml.refusal import SamlRefused

SKEW = timedelta(minutes=1)
"""How far a provider's clock may be from ours.  Unknown: how far Cognito lets it be ("small", spec section 10.6)."""

_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?")


def write_moment(moment: datetime) -> str:
    """Return a time as SAML writes it, in whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_moment(text: str) -> datetime:
    """Return the time that a text tells; without a zone it is UTC.

    Raises:
        SamlRefused: it tells none.
    """
    try:
        if _MOMENT.fullmatch(text) is None:
            raise ValueError(text)
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise SamlRefused("A time is malformed") from error
