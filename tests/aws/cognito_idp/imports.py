"""Import jobs and files for tests: only what matters of a line is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from idp.jobs.worker import run_once
from tests.aws.cognito_idp.people import Pool, a_pool

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from idp.services import Services

ROLE = "arn:aws:iam::000000000000:role/import-logs"
HASH_COLUMN = "cognito:password_hash"


@dataclass(frozen=True)
class Imports:
    """A pool into which users are imported, its server and a client of it."""

    pool: Pool
    services: Services
    web: FlaskClient

    def create(self, **more: Any) -> Any:
        """Make a job."""
        return self.pool.idp.create_user_import_job(
            JobName="from-crm", UserPoolId=self.pool.pool_id, CloudWatchLogsRoleArn=ROLE, **more
        )["UserImportJob"]

    def upload(self, job: Any, file: bytes) -> Any:
        """Send the file of a job."""
        return self.web.put(urlsplit(job["PreSignedUrl"]).path, data=file)

    def start(self, job: Any) -> Any:
        """Start a job."""
        return self.pool.idp.start_user_import_job(**self.key(job))["UserImportJob"]

    def describe(self, job: Any) -> Any:
        """Return a job as it stands."""
        return self.pool.idp.describe_user_import_job(**self.key(job))["UserImportJob"]

    def report(self, job: Any) -> list[str]:
        """Return what the job reports of lines that made no user."""
        text: str = self.web.get(urlsplit(self.describe(job)["PreSignedUrl"]).path).text
        return text.splitlines()

    def key(self, job: Any) -> dict[str, str]:
        """Return what names a job."""
        return {"UserPoolId": self.pool.pool_id, "JobId": job["JobId"]}

    def columns(self) -> list[str]:
        """Return the pool's header."""
        header: list[str] = self.pool.idp.get_csv_header(UserPoolId=self.pool.pool_id)["CSVHeader"]
        return header

    def file(self, *users: dict[str, str], more_columns: Sequence[str] = ()) -> bytes:
        """Return a file of users, each of whom has a verified address unless it says otherwise."""
        columns = [*self.columns(), *more_columns]
        rows = [[a_row(user).get(column, "") for column in columns] for user in users]
        return "\n".join(",".join(row) for row in [columns, *rows]).encode()

    def ready(self, *users: dict[str, str], **more: Any) -> Any:
        """Start a job for these users, and leave it to a worker."""
        job = self.create(**more)
        self.upload(job, self.file(*users, more_columns=[HASH_COLUMN] if more else ()))
        return self.start(job)

    def run(self, *users: dict[str, str], **more: Any) -> Any:
        """Import users to the end, and return the job."""
        job = self.ready(*users, **more)
        run_once(self.services)
        return self.describe(job)

    def user(self, username: str) -> Any:
        """Return a user as AdminGetUser does, with the attributes by name."""
        found = self.pool.idp.admin_get_user(UserPoolId=self.pool.pool_id, Username=username)
        return {**found, "Attributes": {each["Name"]: each["Value"] for each in found["UserAttributes"]}}


def a_row(user: dict[str, str]) -> dict[str, str]:
    name = user.get("cognito:username", "somebody")
    defaults = {"email": f"{name}@example.com", "email_verified": "true", "cognito:mfa_enabled": "false"}
    return {**defaults, **user}


def named(name: str, /, **values: str) -> dict[str, str]:
    """Return a user of the file."""
    return {"cognito:username": name, **values}


def people(count: int) -> list[dict[str, str]]:
    """Return so many users."""
    return [named(f"user-{number:05}") for number in range(count)]


def imports_into(idp: Any, services: Services, web: FlaskClient, **settings: Any) -> Imports:
    """Return a new pool that verifies e-mail addresses, and whatever imports need."""
    return Imports(a_pool(idp, settings={"AutoVerifiedAttributes": ["email"], **settings}), services, web)


def counts(job: Any) -> tuple[int, int, int]:
    """Return how many users a job has imported, skipped and failed on."""
    return job["ImportedUsers"], job["SkippedUsers"], job["FailedUsers"]
