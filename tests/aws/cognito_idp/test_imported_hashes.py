"""Passwords of imported hashes work at once, and are hashed anew when they do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from passlib.hash import argon2, bcrypt, pbkdf2_sha256, scrypt

from tests.aws.cognito_idp.imports import HASH_COLUMN, Imports, counts, imports_into, named
from tests.aws.cognito_idp.mfa_users import TOTP
from tests.aws.cognito_idp.pools import NEW_PASSWORD, PASSWORD
from tests.sdk import refused

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from idp.domain.user import Credentials
    from idp.services import Services

HASHERS = {
    "BCRYPT": bcrypt.using(rounds=4),
    "SCRYPT": scrypt.using(rounds=4),
    "ARGON2ID": argon2.using(type="ID", memory_cost=16, time_cost=1, parallelism=1),
    "PBKDF2_SHA256": pbkdf2_sha256.using(rounds=10),
}
SALT = "saltsaltsaltsaltsaltsA"
DIGEST = "A" * 43
TOO_EXPENSIVE = {
    "BCRYPT": f"$2b$15${SALT[:21]}O{'.' * 31}",
    "SCRYPT": rf"$scrypt$ln=18\,r=8\,p=1${SALT}${DIGEST}",
    "ARGON2ID": rf"$argon2id$v=19$m=1048576\,t=2\,p=1${SALT}${DIGEST}",
    "PBKDF2_SHA256": f"$pbkdf2-sha256$3000000${SALT}${DIGEST}",
}
UNUSABLE = "The password hash is malformed, of another algorithm, or too expensive to verify."


@pytest.fixture
def imports(idp: Any, services: Services, web: FlaskClient) -> Imports:
    """A pool into which users are imported."""
    return imports_into(idp, services, web)


def hash_of(algorithm: str, password: str = PASSWORD) -> str:
    """Return a cheap hash, as it stands in the file."""
    return str(HASHERS[algorithm].hash(password)).replace(",", r"\,")


def with_hash(password_hash: str) -> dict[str, str]:
    """Return Ann with a hash."""
    return {**named("ann"), HASH_COLUMN: password_hash}


def stored_credentials(imports: Imports) -> Credentials:
    with imports.services.reading() as work:
        user = work.users.find_by_username(imports.pool.pool_id, "ann")
    assert user is not None
    assert user.credentials is not None
    return user.credentials


@pytest.mark.parametrize("algorithm", HASHERS)
def test_an_imported_hash_lets_its_user_in_at_once(imports: Imports, algorithm: str) -> None:
    job = imports.run(with_hash(hash_of(algorithm)), PasswordHashingAlgorithm=algorithm)

    assert (counts(job), job["PasswordHashingAlgorithm"]) == ((1, 0, 0), algorithm)
    assert imports.user("ann")["UserStatus"] == "CONFIRMED"
    assert imports.pool.tokens()
    with refused("NotAuthorizedException", "Incorrect username or password."):
        imports.pool.tokens(password="another")


def test_a_sign_in_that_hashes_anew_goes_on_to_its_second_factor(imports: Imports) -> None:
    imports.run(with_hash(hash_of("BCRYPT")), PasswordHashingAlgorithm="BCRYPT")
    imports.pool.idp.set_user_pool_mfa_config(UserPoolId=imports.pool.pool_id, MfaConfiguration="ON", **TOTP)
    challenged = imports.pool.sign_in()

    assert imports.pool.idp.associate_software_token(Session=challenged["Session"])["SecretCode"]


def test_a_sign_in_that_hashes_anew_ends_with_its_password(imports: Imports) -> None:
    idp, pool_id = imports.pool.idp, imports.pool.pool_id
    imports.run(with_hash(hash_of("BCRYPT")), PasswordHashingAlgorithm="BCRYPT")
    idp.set_user_pool_mfa_config(UserPoolId=pool_id, MfaConfiguration="ON", **TOTP)
    challenged = imports.pool.sign_in()
    idp.admin_set_user_password(UserPoolId=pool_id, Username="ann", Password=NEW_PASSWORD, Permanent=True)

    with refused("NotAuthorizedException", "Invalid session for the user."):
        idp.associate_software_token(Session=challenged["Session"])


@pytest.mark.parametrize("algorithm", HASHERS)
def test_the_first_sign_in_hashes_anew(imports: Imports, algorithm: str) -> None:
    imports.run(with_hash(hash_of(algorithm)), PasswordHashingAlgorithm=algorithm)
    before = stored_credentials(imports)
    imports.pool.tokens()
    after = stored_credentials(imports)

    assert before.srp_verifier is None
    assert after.srp_verifier is not None
    assert after.password_hash.startswith("$argon2id$")
    assert not imports.services.hasher.is_outdated(after.password_hash)
    assert imports.pool.tokens()


def test_a_wrong_password_leaves_the_imported_hash(imports: Imports) -> None:
    imports.run(with_hash(hash_of("BCRYPT")), PasswordHashingAlgorithm="BCRYPT")
    before = stored_credentials(imports)
    with refused("NotAuthorizedException", "Incorrect username or password."):
        imports.pool.tokens(password="another")

    assert stored_credentials(imports) == before


@pytest.mark.usefixtures("real_time")
def test_srp_answers_as_for_nobody_until_the_password_was_used(imports: Imports) -> None:
    imports.run(with_hash(hash_of("BCRYPT")), PasswordHashingAlgorithm="BCRYPT")
    with refused("NotAuthorizedException", "Incorrect username or password."):
        imports.pool.srp().answer()
    imports.pool.tokens()

    assert imports.pool.srp().answer()["AuthenticationResult"]


def test_bcrypt_looks_at_no_more_than_it_did_elsewhere(imports: Imports) -> None:
    imports.run(with_hash(hash_of("BCRYPT", "Aa1!" * 18)), PasswordHashingAlgorithm="BCRYPT")

    assert imports.pool.tokens(password="Aa1!" * 18 + "more")


def test_a_line_without_a_hash_is_of_a_user_who_must_set_a_password(imports: Imports) -> None:
    imports.run(with_hash(""), PasswordHashingAlgorithm="BCRYPT")

    assert imports.user("ann")["UserStatus"] == "RESET_REQUIRED"


@pytest.mark.parametrize("algorithm", TOO_EXPENSIVE)
def test_a_hash_that_would_take_the_machine_is_refused(imports: Imports, algorithm: str) -> None:
    job = imports.run(with_hash(TOO_EXPENSIVE[algorithm]), PasswordHashingAlgorithm=algorithm)

    assert imports.report(job) == [f"[FAILED] Line Number 2 - {UNUSABLE}"]


@pytest.mark.parametrize(
    ("algorithm", "malformed"),
    [
        ("BCRYPT", "plain text"),
        ("BCRYPT", "$2b$04$short"),
        ("BCRYPT", f"$pbkdf2-sha256$10${SALT}${DIGEST}"),
        ("SCRYPT", r"$scrypt$ln=4\,r=8\,p=1$AA$AA"),
        ("SCRYPT", "$7$"),
        ("ARGON2ID", rf"$argon2i$v=19$m=16\,t=1\,p=1${SALT}${DIGEST}"),
        ("ARGON2ID", rf"$argon2id$v=19$m=16\,t=1\,p=1$AAAA${DIGEST}"),
        ("ARGON2ID", rf"$argon2id$v=19$m=16\,t=1\,p=1${SALT}"),
        ("PBKDF2_SHA256", f"$pbkdf2-sha256$0${SALT}${DIGEST}"),
        ("PBKDF2_SHA256", "x" * 600),
    ],
)
def test_a_text_that_is_no_such_hash_is_refused(imports: Imports, algorithm: str, malformed: str) -> None:
    job = imports.run(with_hash(malformed), PasswordHashingAlgorithm=algorithm)

    assert imports.report(job) == [f"[FAILED] Line Number 2 - {UNUSABLE}"]


def test_an_unknown_algorithm_is_refused(imports: Imports) -> None:
    with refused("InvalidParameterException"):
        imports.create(PasswordHashingAlgorithm="MD5")
