"""Users come into a pool from a file: jobs, their files, and what becomes of each line."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from idp.jobs.worker import run_once
from tests.aws.cognito_idp.imports import ROLE, Imports, counts, imports_into, named, people
from tests.aws.cognito_idp.pools import NEW_PASSWORD, PASSWORD, named_values
from tests.sdk import refused

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from idp.services import Services
    from tests.conftest import Outbox
    from tests.fakes import FakeClock

UNVERIFIED = (
    "The User Record does not set any of the auto verified attributes to true. (Example: email_verified to true)."
)


@pytest.fixture
def imports(idp: Any, services: Services, web: FlaskClient) -> Imports:
    """A pool into which users are imported."""
    return imports_into(idp, services, web)


def test_the_header_names_every_attribute_of_the_pool(idp: Any, services: Services, web: FlaskClient) -> None:
    schema = [{"Name": "role", "AttributeDataType": "String"}]
    imports = imports_into(idp, services, web, Schema=schema)

    assert " ".join(imports.columns()) == (
        "name given_name family_name middle_name nickname preferred_username profile picture website email "
        "email_verified gender birthdate zoneinfo locale phone_number phone_number_verified address updated_at "
        "custom:role cognito:mfa_enabled cognito:username"
    )


def test_a_new_job_waits_for_its_file(imports: Imports) -> None:
    job = imports.create()

    assert job["JobId"].startswith("import-")
    assert job["PreSignedUrl"].startswith("http://localhost:9229/_import/")
    assert (job["Status"], job["JobName"], job["CloudWatchLogsRoleArn"]) == ("Created", "from-crm", ROLE)
    assert counts(job) == (0, 0, 0)
    assert "StartDate" not in job


def test_a_started_job_waits_for_a_worker(imports: Imports) -> None:
    assert imports.ready(named("ann"))["Status"] == "Pending"


def test_imported_users_must_set_a_password(imports: Imports, outbox: Outbox) -> None:
    job = imports.run(named("ann", given_name="Ann"))
    client = imports.pool.client_id
    with refused("PasswordResetRequiredException", "Password reset required for the user"):
        imports.pool.sign_in()
    imports.pool.idp.forgot_password(ClientId=client, Username="ann")
    code = outbox.last_code_to("ann")
    imports.pool.idp.confirm_forgot_password(
        ClientId=client, Username="ann", ConfirmationCode=code, Password=NEW_PASSWORD
    )

    assert (job["Status"], job["CompletionMessage"], counts(job)) == (
        "Succeeded",
        "The user import job completed.",
        (1, 0, 0),
    )
    assert imports.pool.tokens(password=NEW_PASSWORD)


def test_an_imported_user_has_the_values_of_their_line(imports: Imports) -> None:
    imports.run(named("ann", address=r" 1 Main St\, Springfield ", birthdate="12/31/1990", updated_at="1700000000"))
    ann = imports.user("ann")
    sub = ann["Attributes"].pop("sub")

    assert len(sub) == 36
    assert (ann["UserStatus"], ann["Enabled"]) == ("RESET_REQUIRED", True)
    assert ann["Attributes"] == {
        "email": "ann@example.com",
        "email_verified": "true",
        "address": "1 Main St, Springfield",
        "birthdate": "1990-12-31",
        "updated_at": "1700000000",
    }


def test_columns_may_stand_in_any_order(imports: Imports) -> None:
    job = imports.create()
    columns = sorted(imports.columns())
    values = {"cognito:username": "ann", "email": "ann@x.com", "email_verified": "TRUE", "cognito:mfa_enabled": "false"}
    row = ",".join(values.get(column, "") for column in columns)
    imports.upload(job, f"{','.join(columns)}\r\n{row}\r\n\r\n".encode())
    imports.start(job)
    run_once(imports.services)

    assert counts(imports.describe(job)) == (1, 0, 0)
    assert imports.user("ann")["Attributes"]["email_verified"] == "true"


def test_users_who_are_there_already_are_skipped(imports: Imports) -> None:
    imports.pool.sign_up("ann")
    job = imports.run(named("ann"), named("bob"), named("bob", email="other@example.com"))

    assert counts(job) == (1, 2, 0)
    assert imports.report(job) == [
        "[SKIPPED] Line Number 2 - The user already exists.",
        "[SKIPPED] Line Number 4 - The user already exists.",
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (named(""), "The User Record does not contain a username."),
        (named("a b"), "The username is malformed."),
        (named("ann", email_verified="false"), UNVERIFIED),
        (named("ann", email=""), "Email is required to verify/un-verify an email"),
        (named("ann", email="nonsense"), "Invalid email address format."),
        (named("ann", phone_number="555"), "Invalid phone number format."),
        (named("ann", birthdate="1990-12-31"), "birthdate must be in the form mm/dd/yyyy."),
        (
            named("ann", updated_at="yesterday"),
            "Attributes did not conform to the schema: updated_at: Value is not of type Number",
        ),
        (
            {**named("ann"), "cognito:mfa_enabled": "true"},
            "cognito:mfa_enabled must be false: the user pool's MFA is OFF.",
        ),
        (
            {**named("ann"), "cognito:mfa_enabled": ""},
            "cognito:mfa_enabled must be false: the user pool's MFA is OFF.",
        ),
        (named("ann", name="x" * 16_000), "The line is longer than 16000 characters."),
        (named("ann", name="a\0b"), "The line contains a null character."),
        (named("ann", name="one,two"), "The line has 22 values; the header has 21."),
    ],
)
def test_a_line_that_makes_no_user_is_reported_without_its_values(
    imports: Imports, line: dict[str, str], why: str
) -> None:
    job = imports.run(named("bob"), line)

    assert counts(job) == (1, 0, 1)
    assert imports.report(job) == [f"[FAILED] Line Number 3 - {why}"]


def test_a_line_that_is_no_text_is_reported(imports: Imports) -> None:
    job = imports.create()
    imports.upload(job, imports.file(named("bob")) + b"\n\xff\xfe,,\n")
    imports.start(job)
    run_once(imports.services)

    assert imports.report(job) == ["[FAILED] Line Number 3 - The line is not valid UTF-8."]


def test_a_required_attribute_must_be_there(idp: Any, services: Services, web: FlaskClient) -> None:
    imports = imports_into(idp, services, web, Schema=[{"Name": "nickname", "Required": True}])
    job = imports.run(named("ann"), named("bob", nickname="Bo"))

    assert counts(job) == (1, 0, 1)
    assert imports.report(job) == [
        "[FAILED] Line Number 2 - Attributes did not conform to the schema: nickname: The attribute is required"
    ]


def test_an_alias_belongs_to_one_user(idp: Any, services: Services, web: FlaskClient) -> None:
    imports = imports_into(idp, services, web, AliasAttributes=["email"])
    job = imports.run(named("ann"), named("bob", email="ann@example.com"))

    assert counts(job) == (1, 0, 1)
    assert imports.report(job) == ["[FAILED] Line Number 3 - An account with the email already exists."]
    assert imports.user("ann@example.com")["Username"] == "ann"


def test_addresses_are_usernames_where_the_pool_says_so(idp: Any, services: Services, web: FlaskClient) -> None:
    imports = imports_into(idp, services, web, UsernameAttributes=["email"])
    ann = named("ann@example.com", email="")
    job = imports.run(ann, ann, named("bob", email="bob@example.com"))
    found = imports.user("ann@example.com")

    assert counts(job) == (1, 1, 1)
    assert found["Username"] == found["Attributes"]["sub"]


def test_names_are_folded_where_the_pool_ignores_case(idp: Any, services: Services, web: FlaskClient) -> None:
    imports = imports_into(idp, services, web, UsernameConfiguration={"CaseSensitive": False})
    job = imports.run(named("Ann"), named("ANN"))

    assert counts(job) == (1, 1, 0)


@pytest.mark.parametrize("before", [b"cognito:username,email\n", b"\xef\xbb\xbf", b"\n", b"\xff"])
def test_a_file_with_another_header_fails(imports: Imports, before: bytes) -> None:
    job = imports.create()
    imports.upload(job, before + imports.file(named("ann")))
    imports.start(job)
    run_once(imports.services)
    found = imports.describe(job)

    assert (found["Status"], found["CompletionMessage"]) == (
        "Failed",
        "The header of the file is not that of GetCSVHeader.",
    )
    assert counts(found) == (0, 0, 0)


def test_a_column_of_hashes_needs_a_job_that_says_which(imports: Imports) -> None:
    job = imports.create()
    imports.upload(job, imports.file(named("ann"), more_columns=["cognito:password_hash"]))
    imports.start(job)
    run_once(imports.services)
    found = imports.describe(job)

    assert (found["Status"], found["CompletionMessage"]) == (
        "Failed",
        "The header of the file is not that of GetCSVHeader.",
    )


def test_a_job_without_a_file_does_not_start(imports: Imports) -> None:
    with refused("PreconditionNotMetException", "The file of the user import job has not been uploaded."):
        imports.start(imports.create())


def test_a_job_starts_once(imports: Imports) -> None:
    job = imports.run(named("ann"))

    with refused("PreconditionNotMetException", "The user import job cannot be started: its status is Succeeded."):
        imports.start(job)


def test_a_pool_runs_one_job_at_a_time(imports: Imports) -> None:
    imports.ready(named("ann"))

    with refused("PreconditionNotMetException", "Another user import job of the user pool is running."):
        imports.ready(named("bob"))


def test_a_pool_that_verifies_nothing_imports_nobody(idp: Any, services: Services, web: FlaskClient) -> None:
    imports = imports_into(idp, services, web, AutoVerifiedAttributes=[])
    job = imports.create()
    imports.upload(job, imports.file(named("ann")))

    with refused("PreconditionNotMetException", "The user pool has no auto verified attributes."):
        imports.start(job)


def test_a_job_that_is_stopped_imports_no_more(imports: Imports) -> None:
    job = imports.ready(named("ann"))
    stopping = imports.pool.idp.stop_user_import_job(**imports.key(job))["UserImportJob"]
    run_once(imports.services)
    stopped = imports.describe(job)

    assert stopping["Status"] == "Stopping"
    assert (stopped["Status"], counts(stopped)) == ("Stopped", (0, 0, 0))
    assert stopped["CompletionMessage"] == "The user import job was stopped by the developer."


def test_a_job_that_does_not_run_cannot_be_stopped(imports: Imports) -> None:
    job = imports.create()

    with refused("PreconditionNotMetException", "The user import job cannot be stopped: its status is Created."):
        imports.pool.idp.stop_user_import_job(**imports.key(job))


def test_a_job_that_is_not_started_in_a_day_expires(imports: Imports, clock: FakeClock) -> None:
    job = imports.create()
    imports.upload(job, imports.file(named("ann")))
    clock.advance(timedelta(hours=24))
    with refused("PreconditionNotMetException", "The user import job cannot be started: its status is Created."):
        imports.start(job)
    run_once(imports.services)

    assert imports.describe(job)["Status"] == "Expired"


@pytest.mark.parametrize("operation", ["describe", "start", "stop"])
def test_a_job_of_another_pool_does_not_exist(imports: Imports, operation: str) -> None:
    job = imports.create()
    other = imports.pool.idp.create_user_pool(PoolName="other", AutoVerifiedAttributes=["email"])["UserPool"]["Id"]

    with refused("ResourceNotFoundException", f"User import job {job['JobId']} does not exist."):
        getattr(imports.pool.idp, f"{operation}_user_import_job")(UserPoolId=other, JobId=job["JobId"])


def test_a_job_of_another_account_does_not_exist(imports: Imports, aws: Any) -> None:
    job = imports.create()

    with refused("ResourceNotFoundException", f"User pool {imports.pool.pool_id} does not exist."):
        aws("cognito-idp", key="111111111111").describe_user_import_job(**imports.key(job))


def test_jobs_are_listed_newest_first(imports: Imports) -> None:
    jobs = [imports.create()["JobId"] for _ in range(3)]
    first = imports.pool.idp.list_user_import_jobs(UserPoolId=imports.pool.pool_id, MaxResults=2)
    rest = imports.pool.idp.list_user_import_jobs(
        UserPoolId=imports.pool.pool_id, MaxResults=2, PaginationToken=first["PaginationToken"]
    )
    listed = [each["JobId"] for each in first["UserImportJobs"] + rest["UserImportJobs"]]

    assert listed == jobs[::-1]
    assert "PaginationToken" not in rest


@pytest.mark.parametrize("operation", ["update", "delete", "add_custom_attributes"])
def test_a_pool_stays_as_it_is_while_users_are_imported(imports: Imports, operation: str) -> None:
    imports.ready(named("ann"))
    pool_id, idp = imports.pool.pool_id, imports.pool.idp
    attempts = {
        "update": lambda: idp.update_user_pool(UserPoolId=pool_id),
        "delete": lambda: idp.delete_user_pool(UserPoolId=pool_id),
        "add_custom_attributes": lambda: idp.add_custom_attributes(
            UserPoolId=pool_id, CustomAttributes=[{"Name": "role", "AttributeDataType": "String"}]
        ),
    }

    with refused("UserImportInProgressException", "A user import job is in progress for the user pool."):
        attempts[operation]()


def test_users_with_an_address_sign_in_by_code_at_once_where_the_pool_allows_it(
    idp: Any, services: Services, web: FlaskClient
) -> None:
    policies = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}
    imports = imports_into(idp, services, web, Policies=policies)
    imports.run(named("ann"))

    assert imports.user("ann")["UserStatus"] == "CONFIRMED"


def test_a_batch_is_more_than_one_transaction_of_lines(imports: Imports) -> None:
    job = imports.run(*people(450))

    assert counts(job) == (450, 0, 0)
    assert (
        imports.pool.idp.describe_user_pool(UserPoolId=imports.pool.pool_id)["UserPool"]["EstimatedNumberOfUsers"]
        == 450
    )


def test_a_sign_up_takes_a_name_from_a_later_import(imports: Imports) -> None:
    job = imports.ready(named("ann"))
    imports.pool.idp.sign_up(
        ClientId=imports.pool.client_id,
        Username="ann",
        Password=PASSWORD,
        UserAttributes=named_values(email="ann@example.com"),
    )
    run_once(imports.services)

    assert counts(imports.describe(job)) == (0, 1, 0)
