"""The metadata of SAML providers: read when a provider is set up, and again and again where it has an address.

Source: spec USER_POOLS section 10.6, "Metadata refresh"; SAML Metadata section 2.3.2 (validUntil).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from idp.domain.errors import InvalidParameter
from idp.domain.saml.metadata import parse_metadata

if TYPE_CHECKING:
    from idp.domain.identity_provider import IdentityProvider
    from idp.services import Services

ADDRESS = "MetadataURL"
MAX_METADATA_BYTES = 1024 * 1024
EVERY = timedelta(hours=6)
SOONEST = timedelta(minutes=5)
"""After what a document is read again that is past its validUntil, or could not be read.  Unknown: how long AWS waits."""

UNREADABLE = "The SAML metadata cannot be read from MetadataURL."


def read_metadata(services: Services, details: Mapping[str, str]) -> tuple[str | None, datetime | None]:
    """Return the document that a provider's details bring or point to, and when to read it again; None for neither.

    Raises:
        InvalidParameter: it cannot be had, or says too little to sign anybody in.
    """
    if ADDRESS not in details:
        document = details.get("MetadataFile")
        if document is not None:
            parse_metadata(document)
        return document, None
    document = _read(services, details[ADDRESS])
    return document, due_at(parse_metadata(document).valid_until, services.clock.now())


def refreshed(services: Services, provider: IdentityProvider) -> tuple[str | None, datetime | None]:
    """Return a provider's document as it is now, and when to read it again; no transaction may be open.

    Raises:
        InvalidParameter: the one that is stored must do until `retry_at`.
    """
    if ADDRESS not in provider.details:
        return provider.metadata, None
    return read_metadata(services, provider.details)


def retry_at(services: Services) -> datetime:
    """Return when to try again what could not be read."""
    return services.clock.now() + SOONEST


def due_at(valid_until: datetime | None, now: datetime) -> datetime:
    """Return when a document that was read now is read again."""
    latest = now + EVERY
    return latest if valid_until is None else max(now + SOONEST, min(latest, valid_until))


def _read(services: Services, url: str) -> str:
    """Return the document at an address.  Unknown: the sentence of the refusal."""
    try:
        answer = services.http.request("GET", url)
        if answer.status == 200 and len(answer.body) <= MAX_METADATA_BYTES:
            return answer.body.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidParameter(UNREADABLE) from error
    raise InvalidParameter(UNREADABLE)
