"""The URL of an import job: it takes the job's file, and gives its report.

The URL holds a sealed word that names one job and ends; nothing else is asked of who brings it, as with S3's pre-signed
URLs. The right to upload ends with the time after the job was made; each answer that shows the job shows a URL whose right to
read begins anew.

Unknown: how long AWS's URL is good; spec USER_POOLS section 11.4 guesses 15 minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import orjson

from idp.domain.errors import NotAuthorized
from idp.outbound.sealer import SealBroken

if TYPE_CHECKING:
    from idp.domain.user_import import UserImportJob
    from idp.services import Services

PATH = "/_import"
PURPOSE = "user-import-url"
LIFETIME = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class ImportGrant:
    """Which job a URL is good for."""

    pool_id: str
    job_id: str


def import_url(services: Services, job: UserImportJob) -> str:
    """Return the URL of a job, as of now."""
    ends = (job.created_at + LIFETIME, services.clock.now() + LIFETIME)
    plaintext = orjson.dumps([job.pool_id, job.id, *(moment.timestamp() for moment in ends)])
    return f"{services.settings.base_url}{PATH}/{services.sealer.seal(PURPOSE, plaintext)}"


def open_import_url(services: Services, sealed: str, *, uploads: bool) -> ImportGrant:
    """Return what the word in a URL allows.

    Args:
        uploads: the bearer wants to send a file.

    Raises:
        NotAuthorized: the word is forged, or has ended for this.
    """
    try:
        pool_id, job_id, *ends = orjson.loads(services.sealer.open(PURPOSE, sealed))
    except SealBroken as error:
        raise NotAuthorized("Access Denied") from error
    upload_until, read_until = (datetime.fromtimestamp(end, UTC) for end in ends)
    if services.clock.now() >= (upload_until if uploads else read_until):
        raise NotAuthorized("Request has expired")
    return ImportGrant(pool_id, job_id)
