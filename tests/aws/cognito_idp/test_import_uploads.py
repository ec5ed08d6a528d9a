"""The URL of an import job: who may use it, for what and how long."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from idp.domain.user_import_file import MAX_FILE_BYTES
from idp.flows.import_urls import PATH, PURPOSE
from idp.jobs.worker import run_once
from tests.aws.cognito_idp.imports import Imports, counts, imports_into, named

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from idp.services import Services
    from tests.fakes import FakeClock


@pytest.fixture
def imports(idp: Any, services: Services, web: FlaskClient) -> Imports:
    """A pool into which users are imported."""
    return imports_into(idp, services, web)


def refusal(answer: Any) -> tuple[int, str]:
    code: str = answer.text.partition("<Code>")[2].partition("</Code>")[0]
    return answer.status_code, code


def test_a_file_is_taken_as_by_s3(imports: Imports, web: FlaskClient) -> None:
    url = imports.create()["PreSignedUrl"]
    headers = {"x-amz-server-side-encryption": "aws:kms"}

    assert web.put(urlsplit(url).path, data=imports.file(named("ann")), headers=headers).status_code == 200


def test_the_last_of_several_files_counts(imports: Imports) -> None:
    job = imports.create()
    imports.upload(job, imports.file(named("ann")))
    imports.upload(job, imports.file(named("bob"), named("cy")))
    imports.start(job)
    run_once(imports.services)

    assert counts(imports.describe(job)) == (2, 0, 0)
    assert imports.user("bob")


@pytest.mark.parametrize("sealed", ["nonsense", "AQ" * 40, "%00", "..%2f.."])
def test_a_forged_url_takes_and_tells_nothing(web: FlaskClient, sealed: str) -> None:
    assert refusal(web.put(f"{PATH}/{sealed}", data=b"x")) in {(403, "AccessDenied"), (404, "")}
    assert refusal(web.get(f"{PATH}/{sealed}")) in {(403, "AccessDenied"), (404, "")}


def test_a_word_sealed_for_something_else_is_no_url(imports: Imports, web: FlaskClient) -> None:
    foreign = imports.services.sealer.seal(f"not-{PURPOSE}", b'["pool","import-1",9999999999,9999999999]')

    assert refusal(web.put(f"{PATH}/{foreign}", data=b"x")) == (403, "AccessDenied")


def test_the_right_to_upload_ends(imports: Imports, clock: FakeClock) -> None:
    job = imports.create()
    clock.advance(timedelta(minutes=15))

    assert refusal(imports.upload(job, b"x")) == (403, "AccessDenied")
    assert refusal(imports.upload(imports.describe(job), b"x")) == (403, "AccessDenied")


def test_the_right_to_read_a_report_ends_too(imports: Imports, web: FlaskClient, clock: FakeClock) -> None:
    path = urlsplit(imports.create()["PreSignedUrl"]).path
    clock.advance(timedelta(minutes=15))

    assert refusal(web.get(path)) == (403, "AccessDenied")


def test_a_report_is_told_as_text_that_no_cache_keeps(imports: Imports, web: FlaskClient) -> None:
    job = imports.run(named(""))
    answer = web.get(urlsplit(imports.describe(job)["PreSignedUrl"]).path)

    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/plain", "no-store")


def test_a_long_report_is_whole(imports: Imports) -> None:
    job = imports.run(*(named("", name=str(number)) for number in range(1_005)))

    assert counts(job) == (0, 0, 1_005)
    assert len(imports.report(job)) == 1_005


def test_a_started_job_takes_no_file_any_more(imports: Imports) -> None:
    job = imports.ready(named("ann"))

    assert refusal(imports.upload(job, imports.file(named("mallory")))) == (403, "InvalidObjectState")
    run_once(imports.services)
    assert counts(imports.describe(job)) == (1, 0, 0)


def test_a_job_that_was_started_during_the_upload_keeps_its_file(imports: Imports, web: FlaskClient) -> None:
    job = imports.create()
    imports.upload(job, imports.file(named("ann")))

    class Slow:
        """Starts the job before the last byte comes."""

        content = [b"x", b""]

        def read(self, _: int = -1) -> bytes:
            piece = self.content.pop(0)
            if not piece:
                imports.start(job)
            return piece

    answer = web.put(
        urlsplit(job["PreSignedUrl"]).path,
        environ_overrides={"wsgi.input": Slow(), "wsgi.input_terminated": True},
    )
    run_once(imports.services)

    assert refusal(answer) == (403, "InvalidObjectState")
    assert counts(imports.describe(job)) == (1, 0, 0)


def test_a_file_that_is_too_large_is_refused(imports: Imports, web: FlaskClient) -> None:
    path = urlsplit(imports.create()["PreSignedUrl"]).path
    answer = web.put(path, environ_overrides={"CONTENT_LENGTH": str(MAX_FILE_BYTES + 1)})

    assert refusal(answer) == (413, "EntityTooLarge")


def test_a_file_that_does_not_arrive_whole_does_not_count(imports: Imports, web: FlaskClient) -> None:
    job = imports.create()
    imports.upload(job, imports.file(named("ann")))
    half = web.put(urlsplit(job["PreSignedUrl"]).path, data=b"x", environ_overrides={"CONTENT_LENGTH": "9"})
    imports.start(job)
    run_once(imports.services)

    assert refusal(half) == (400, "IncompleteBody")
    assert counts(imports.describe(job)) == (1, 0, 0)


def test_a_file_of_several_pieces_is_whole(imports: Imports) -> None:
    users = [named(f"user-{number}", name="x" + " " * 15_000) for number in range(100)]
    job = imports.run(*users)

    assert counts(job) == (100, 0, 0)


def test_a_deleted_pool_takes_its_jobs_along(imports: Imports) -> None:
    job = imports.create()
    imports.pool.idp.delete_user_pool(UserPoolId=imports.pool.pool_id)

    assert refusal(imports.upload(job, b"x")) == (404, "NoSuchKey")
