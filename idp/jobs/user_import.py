"""Running the jobs that import users: batch after batch, each stored in one transaction together with how far it is.

A worker that dies loses the batch it was at and no more: the next one goes on at the line after the last that was stored.
Source: spec USER_POOLS section 11.4.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from idp.domain import user_import as words
from idp.domain.errors import ConcurrentModification
from idp.domain.user_import import ImportStatus, UserImportJob
from idp.domain.user_import_file import MAX_USERS, HeaderRefused, Line, read_header, split_lines
from idp.jobs.import_batch import ImportBatch, read_batch, store_batch
from idp.jobs.lease import Lease, LeaseLost, held
from idp.store.user_import_files import PIECE_BYTES

if TYPE_CHECKING:
    from idp.domain.user_pool import UserPool
    from idp.services import Services

BATCH_LINES = 200
MAX_RACES = 10  # for the names of one batch
MAX_CRASHES = 5  # at one place

log = logging.getLogger(__name__)


def run_user_imports(services: Services, holder: str, *, is_stopping: Callable[[], bool]) -> None:
    """Do what there is to do for the jobs that run, one after the other; those of other workers are left to them.

    Args:
        holder: names this worker.
        is_stopping: asked between batches; the job then waits for another worker.
    """
    with services.reading() as work:
        jobs = work.user_imports.list_running()
    for job in jobs:
        with held(services, f"user-import:{job.id}", holder) as lease:
            if lease is not None and not is_stopping():
                _run_guarded(services, lease, job.id, is_stopping=is_stopping)


def _run_guarded(services: Services, lease: Lease, job_id: str, *, is_stopping: Callable[[], bool]) -> None:
    """Run a job; what goes wrong unexpectedly is logged, counted, and too often the end of the job."""
    try:
        run_user_import(services, lease, job_id, is_stopping=is_stopping)
    except LeaseLost:
        log.warning("user import %s: the lease ended, another worker goes on", job_id)
    except Exception:
        log.exception("user import %s was interrupted", job_id)
        _count_crash(services, job_id)


def run_user_import(services: Services, lease: Lease, job_id: str, *, is_stopping: Callable[[], bool]) -> None:
    """Bring a job to its end, from where it stands.

    Raises:
        LeaseLost.
    """
    with services.unit_of_work() as work:
        lease.renew(work)
        work.user_imports.begin(job_id)
        job = work.user_imports.find(job_id)
        work.commit()
    user_pool = None if job is None else services.catalog.user_pools.find(job.pool_id)
    if job is None or user_pool is None or job.status not in words.RUNNING:
        return
    try:
        columns = _columns(services, user_pool, job)
    except HeaderRefused:
        _finish(services, job.id, ImportStatus.FAILED, words.HEADER_REFUSED)
        return
    _run_batches(services, lease, user_pool, job, columns, is_stopping=is_stopping)


def _run_batches(
    services: Services,
    lease: Lease,
    user_pool: UserPool,
    job: UserImportJob | None,
    columns: list[str],
    *,
    is_stopping: Callable[[], bool],
) -> None:
    assert job is not None
    lines = _lines(services, job)
    if job.progress.line == 0:
        next(lines)  # the header
    while job is not None and job.status is ImportStatus.IN_PROGRESS and not is_stopping():
        taken = list(islice(lines, BATCH_LINES))
        if not taken:
            _finish(services, job.id, ImportStatus.SUCCEEDED, words.SUCCEEDED)
            return
        batch = read_batch(services, user_pool, job, columns, taken)
        if batch.last_line > MAX_USERS + 1:
            _finish(services, job.id, ImportStatus.FAILED, words.TOO_MANY_ROWS)
            return
        job = _store(services, lease, user_pool, job, batch)
    if job is not None and job.status is ImportStatus.STOPPING:
        _finish(services, job.id, ImportStatus.STOPPED, words.STOPPED)


def _store(
    services: Services, lease: Lease, user_pool: UserPool, job: UserImportJob, batch: ImportBatch
) -> UserImportJob | None:
    """Store a batch; whoever takes one of its names in the same moment has it, and the batch is looked at again."""
    for _ in range(MAX_RACES - 1):
        try:
            return store_batch(services, lease, user_pool, job, batch)
        except ConcurrentModification:
            continue
    return store_batch(services, lease, user_pool, job, batch)


def _columns(services: Services, user_pool: UserPool, job: UserImportJob) -> list[str]:
    header = next(split_lines(_pieces(services, job, 0), start=0), None)
    if header is None:
        raise HeaderRefused
    return read_header(header, user_pool, has_hashes=job.hashing_algorithm is not None)


def _lines(services: Services, job: UserImportJob) -> Iterator[Line]:
    """Yield the lines that are still to be done; the header too at the beginning."""
    position = job.progress.position
    return split_lines(_pieces(services, job, position), start=position)


def _pieces(services: Services, job: UserImportJob, position: int) -> Iterator[bytes]:
    """Yield the file from a position on, piece by piece."""
    number, offset = divmod(position, PIECE_BYTES)
    while True:
        with services.reading() as work:
            piece = work.user_import_files.find_piece(job.upload_id or "", number)
        if piece is None:
            return
        yield piece[offset:]
        number, offset = number + 1, 0


def _finish(services: Services, job_id: str, status: ImportStatus, message: str) -> None:
    """End a job and delete its file; one that was asked to stop in this moment has stopped."""
    now = services.clock.now()
    with services.unit_of_work() as work:
        if not work.user_imports.finish(job_id, status, message, now, was=ImportStatus.IN_PROGRESS):
            work.user_imports.finish(job_id, ImportStatus.STOPPED, words.STOPPED, now, was=ImportStatus.STOPPING)
        work.user_import_files.delete(job_id)
        work.commit()


def _count_crash(services: Services, job_id: str) -> None:
    with services.unit_of_work() as work:
        work.user_imports.count_crash(job_id)
        job = work.user_imports.find(job_id)
        work.commit()
    if job is not None and job.crashes >= MAX_CRASHES:
        _finish(services, job_id, ImportStatus.FAILED, words.INTERNAL_FAILURE)
