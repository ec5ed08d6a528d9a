"""A batch of an import: lines become users outside any transaction; then they are stored, and counted, all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from idp.domain.errors import InvalidParameter
from idp.domain.imported_user import make_user
from idp.domain.user_import import ImportProgress, LineOutcome, ReportedLine
from idp.domain.user_import_file import Line, LineRefused, read_user
from idp.domain.usernames import claimed_aliases

if TYPE_CHECKING:
    from idp.domain.user import User
    from idp.domain.user_import import UserImportJob
    from idp.domain.user_pool import UserPool
    from idp.jobs.lease import Lease
    from idp.services import Services

EXISTS = "The user already exists."
ALIAS_EXISTS = "An account with the {attribute} already exists."


@dataclass(frozen=True, slots=True)
class Candidate:
    """A user that a line describes, and the aliases they would have: attribute -> folded value."""

    line: int
    user: User
    aliases: Mapping[str, str]

    @property
    def names(self) -> set[str]:
        """Return what the user would go by."""
        return {self.user.username, *self.aliases.values()}


@dataclass(frozen=True, slots=True)
class ImportBatch:
    """Some lines that were read.

    Attributes:
        end: position in the file after them, in bytes.
    """

    candidates: tuple[Candidate, ...]
    refused: tuple[ReportedLine, ...]
    last_line: int
    end: int


def read_batch(
    services: Services, user_pool: UserPool, job: UserImportJob, columns: Sequence[str], lines: Sequence[Line]
) -> ImportBatch:
    """Read lines of a job's file; those that are blank count as lines only."""
    first = max(job.progress.line, 1) + 1  # the header is line 1
    candidates: list[Candidate] = []
    refused: list[ReportedLine] = []
    for number, line in enumerate(lines, first):
        if not line.content.strip():
            continue
        try:
            candidates.append(_candidate(services, user_pool, job, columns, line, number))
        except LineRefused as refusal:
            refused.append(ReportedLine(number, LineOutcome.FAILED, str(refusal)))
        except InvalidParameter as refusal:
            refused.append(ReportedLine(number, LineOutcome.FAILED, refusal.message.strip()))
    return ImportBatch(tuple(candidates), tuple(refused), first + len(lines) - 1, lines[-1].end)


def store_batch(
    services: Services, lease: Lease, user_pool: UserPool, job: UserImportJob, batch: ImportBatch
) -> UserImportJob | None:
    """Store a batch's users whose names are free, with the report and the progress.

    Returns:
        The job as it then is; None when it is gone.

    Raises:
        LeaseLost; ConcurrentModification: somebody took one of the names in this moment. Nothing is stored then.
    """
    with services.unit_of_work() as work:
        lease.renew(work)
        names = {name for candidate in batch.candidates for name in candidate.names}
        accepted, rejected = choose(user_pool, batch.candidates, work.user_batches.taken_names(user_pool.id, names))
        work.user_batches.add([(each.user, each.aliases) for each in accepted])
        reported = sorted((*batch.refused, *rejected), key=lambda each: each.line)
        if not work.user_imports.advance(job, _progress(job, batch, accepted, reported), reported):
            return None
        stored = work.user_imports.find(job.id)
        work.commit()
    return stored


def choose(
    user_pool: UserPool, candidates: Sequence[Candidate], taken: set[str]
) -> tuple[list[Candidate], list[ReportedLine]]:
    """Divide candidates into those whose names are free, the first of equals, and a report of the others.

    Args:
        taken: names that stored users go by.
    """
    taken, accepted, rejected = set(taken), [], []
    for candidate in candidates:
        report = _conflict(user_pool, candidate, taken)
        if report is None:
            accepted.append(candidate)
            taken |= candidate.names
        else:
            rejected.append(report)
    return accepted, rejected


def _conflict(user_pool: UserPool, candidate: Candidate, taken: set[str]) -> ReportedLine | None:
    """Return what keeps a candidate out: a user who is there already is skipped, another's alias is a failure."""
    attribute = next((name for name, value in candidate.aliases.items() if value in taken), None)
    if candidate.user.username in taken or (attribute is not None and user_pool.username_attributes):
        return ReportedLine(candidate.line, LineOutcome.SKIPPED, EXISTS)
    if attribute is None:
        return None
    return ReportedLine(candidate.line, LineOutcome.FAILED, ALIAS_EXISTS.format(attribute=attribute))


def _candidate(
    services: Services, user_pool: UserPool, job: UserImportJob, columns: Sequence[str], line: Line, number: int
) -> Candidate:
    user = make_user(
        user_pool,
        read_user(line, columns),
        now=services.clock.now(),
        random=services.random,
        is_hash=partial(services.hasher.is_importable, job.hashing_algorithm or ""),
    )
    return Candidate(number, user, claimed_aliases(user_pool, user.attributes))


def _progress(
    job: UserImportJob, batch: ImportBatch, accepted: Sequence[Candidate], reported: Sequence[ReportedLine]
) -> ImportProgress:
    outcomes = [each.outcome for each in reported]
    return job.progress.after(
        position=batch.end,
        line=batch.last_line,
        imported=len(accepted),
        skipped=outcomes.count(LineOutcome.SKIPPED),
        failed=outcomes.count(LineOutcome.FAILED),
    )
