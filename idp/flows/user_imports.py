"""Importing users from a file: making a job, uploading its file, starting and stopping it.  A worker does the rest.

Source: AWS Developer Guide, "Importing users into user pools from a CSV file"; spec USER_POOLS sections 3.1 and 11.4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from idp.domain.errors import LimitExceeded, PreconditionNotMet, ResourceNotFound
from idp.domain.identifiers import new_import_job_id
from idp.domain.user_import import ReportedLine, UserImportJob
from idp.store.user_import_files import PIECE_BYTES

if TYPE_CHECKING:
    from idp.domain.user_pool import UserPool
    from idp.services import Services
    from idp.store.unit_of_work import UnitOfWork

MAX_JOBS = 1_000
REPORT_PAGE = 1_000


def create_user_import_job(
    services: Services, user_pool: UserPool, *, name: str, role_arn: str, hashing_algorithm: str | None
) -> UserImportJob:
    """Make a job that waits for its file; raises LimitExceeded."""
    job = UserImportJob(
        id=new_import_job_id(services.random),
        pool_id=user_pool.id,
        name=name,
        role_arn=role_arn,
        hashing_algorithm=hashing_algorithm,
        created_at=services.clock.now(),
    )
    with services.unit_of_work() as work:
        if work.user_imports.count(user_pool.id) >= MAX_JOBS:
            raise LimitExceeded(f"A user pool can have at most {MAX_JOBS} user import jobs.")
        work.user_imports.add(job)
        work.commit()
    return job


def get_user_import_job(services: Services, user_pool: UserPool, job_id: str) -> UserImportJob:
    """Return a job; raises ResourceNotFound."""
    with services.reading() as work:
        return _stored_job(work, user_pool.id, job_id)


def list_user_import_jobs(services: Services, user_pool: UserPool, *, before: int, limit: int) -> list[UserImportJob]:
    """Return up to `limit` jobs of a pool, newest first, before the number given."""
    with services.reading() as work:
        return work.user_imports.list_page(user_pool.id, before=before, limit=limit)


def start_user_import_job(services: Services, user_pool: UserPool, job_id: str) -> UserImportJob:
    """Let a job wait for the next free worker.

    Raises:
        ResourceNotFound; PreconditionNotMet: it has no file, was started before, or expired; another job of the pool is
            running; or the pool verifies no attribute, so that nobody could reset a password.

    Unknown: the sentences.
    """
    if not user_pool.auto_verified_attributes:
        raise PreconditionNotMet("The user pool has no auto verified attributes.")
    now = services.clock.now()
    with services.unit_of_work() as work:
        job = _stored_job(work, user_pool.id, job_id)
        if not job.may_start(now):
            raise PreconditionNotMet(f"The user import job cannot be started: its status is {job.status}.")
        if job.upload_id is None:
            raise PreconditionNotMet("The file of the user import job has not been uploaded.")
        if not work.user_imports.start(job_id, now):
            raise PreconditionNotMet("Another user import job of the user pool is running.")
        started = _stored_job(work, user_pool.id, job_id)
        work.commit()
    return started


def stop_user_import_job(services: Services, user_pool: UserPool, job_id: str) -> UserImportJob:
    """Let a job stop after the users it is storing now; raises ResourceNotFound, PreconditionNotMet: it does not run."""
    with services.unit_of_work() as work:
        job = _stored_job(work, user_pool.id, job_id)
        if not work.user_imports.stop(job_id):
            raise PreconditionNotMet(f"The user import job cannot be stopped: its status is {job.status}.")
        stopping = _stored_job(work, user_pool.id, job_id)
        work.commit()
    return stopping


def store_upload(services: Services, pool_id: str, job_id: str, read: Callable[[int], bytes]) -> None:
    """Store the file of a job that was not started yet, in place of an earlier one.

    No transaction is open while bytes come in, and a file that does not arrive whole changes nothing.

    Args:
        read: returns up to so many bytes, as they come, and none after the last. What it raises ends the upload.

    Raises:
        ResourceNotFound; PreconditionNotMet: the job was started, or expired.
    """
    with services.reading() as work:
        job = _stored_job(work, pool_id, job_id)
    if not job.may_start(services.clock.now()):
        raise PreconditionNotMet("The user import job takes no file any more.")
    upload_id = services.random.uuid()
    is_stored = False
    try:
        for number, piece in enumerate(_pieces(read)):
            with services.unit_of_work() as work:
                work.user_import_files.add_piece(job_id, upload_id, number, piece)
                work.commit()
        is_stored = _put_in_place(services, job_id, upload_id)
    finally:
        if not is_stored:
            _delete_upload(services, upload_id)
    if not is_stored:
        raise PreconditionNotMet("The user import job takes no file any more.")


def report_lines(services: Services, pool_id: str, job_id: str) -> Iterator[ReportedLine]:
    """Yield what a job reports of the lines that made no user, in their order; raises ResourceNotFound at once."""
    with services.reading() as work:
        _stored_job(work, pool_id, job_id)
    return _report_lines(services, job_id)


def _put_in_place(services: Services, job_id: str, upload_id: str) -> bool:
    """Let an upload be the one that counts; False when the job is gone or was started meanwhile."""
    with services.unit_of_work() as work:
        job = work.user_imports.find(job_id)
        if job is None or not work.user_imports.set_upload(job_id, upload_id):
            return False
        if job.upload_id is not None:
            work.user_import_files.delete_upload(job.upload_id)
        work.commit()
    return True


def _delete_upload(services: Services, upload_id: str) -> None:
    with services.unit_of_work() as work:
        work.user_import_files.delete_upload(upload_id)
        work.commit()


def _report_lines(services: Services, job_id: str) -> Iterator[ReportedLine]:
    after = 0
    while True:
        with services.reading() as work:
            page = work.user_imports.report(job_id, after=after, limit=REPORT_PAGE)
        yield from page
        if len(page) < REPORT_PAGE:
            return
        after = page[-1].line


def _pieces(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Yield what is read in equal pieces, the last one shorter."""
    kept = b""
    while content := read(PIECE_BYTES - len(kept)):
        kept += content
        if len(kept) == PIECE_BYTES:
            yield kept
            kept = b""
    if kept:
        yield kept


def _stored_job(work: UnitOfWork, pool_id: str, job_id: str) -> UserImportJob:
    job = work.user_imports.find(job_id)
    if job is None or job.pool_id != pool_id:
        raise ResourceNotFound(f"User import job {job_id} does not exist.")
    return job
