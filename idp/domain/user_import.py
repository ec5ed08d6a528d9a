"""A job that imports users from a file: where it stands, and what it may become.

Source: AWS API_UserImportJobType; spec USER_POOLS section 11.4.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

STARTED_WITHIN = timedelta(hours=24)
"""A job that was not started by then expires, and its file is deleted."""

SUCCEEDED = "The user import job completed."
STOPPED = "The user import job was stopped by the developer."
EXPIRED = "The user import job has expired."
INTERNAL_FAILURE = "The user import job failed because of an internal error."
TOO_MANY_ROWS = "The file has more than 500000 users."
HEADER_REFUSED = "The header of the file is not that of GetCSVHeader."


class ImportStatus(StrEnum):
    """Where a job stands.  Source: AWS API_UserImportJobType, Status."""

    CREATED = "Created"
    PENDING = "Pending"
    IN_PROGRESS = "InProgress"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    EXPIRED = "Expired"


RUNNING = (ImportStatus.PENDING, ImportStatus.IN_PROGRESS, ImportStatus.STOPPING)
"""Of these a pool has one job at most."""

STOPPABLE = (ImportStatus.PENDING, ImportStatus.IN_PROGRESS)


class LineOutcome(StrEnum):
    """What came of a line that made no user."""

    SKIPPED = "SKIPPED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class ReportedLine:
    """One line of the report: `[FAILED] Line Number 7 - why`.  It holds nothing of the user.

    Source: AWS Developer Guide, "Viewing the user pool import results in the CloudWatch console".
    """

    line: int
    outcome: LineOutcome
    reason: str

    def __str__(self) -> str:
        """Return the line as CloudWatch would show it."""
        return f"[{self.outcome}] Line Number {self.line} - {self.reason}"


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far a job has come: stored with the users of each batch, so that a crash loses and repeats none.

    Attributes:
        position: bytes of the file that are done; a line ends there.
        line: the number of the last line done; the header is line 1.
    """

    position: int = 0
    line: int = 0
    imported: int = 0
    skipped: int = 0
    failed: int = 0

    def after(
        self, *, position: int, line: int, imported: int = 0, skipped: int = 0, failed: int = 0
    ) -> ImportProgress:
        """Return the progress after some more lines."""
        return replace(
            self,
            position=position,
            line=line,
            imported=self.imported + imported,
            skipped=self.skipped + skipped,
            failed=self.failed + failed,
        )


@dataclass(frozen=True, slots=True)
class UserImportJob:
    """A stored job.

    Attributes:
        number: the store's row, which grows with every job; 0 for a job not stored yet.
        hashing_algorithm: of the password hashes in the file; None when it has none.
        upload_id: names the file that counts; None before the first upload.
        crashes: how often it was interrupted at the place where it stands.
    """

    id: str
    pool_id: str
    name: str
    role_arn: str
    created_at: datetime
    hashing_algorithm: str | None = None
    status: ImportStatus = ImportStatus.CREATED
    started_at: datetime | None = None
    completed_at: datetime | None = None
    completion_message: str | None = None
    upload_id: str | None = None
    progress: ImportProgress = ImportProgress()
    crashes: int = 0
    number: int = 0

    def may_start(self, now: datetime) -> bool:
        """Say whether the job waits for its start, and has not waited too long."""
        return self.status is ImportStatus.CREATED and now < self.created_at + STARTED_WITHIN
