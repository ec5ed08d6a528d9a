"""What attackers try at the sign-in and with tokens, and how it is refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from idp.domain import srp
from idp.outbound.keyring import SigningKey, generate_key, public_jwk
from tests.aws.cognito_idp.mfa_users import PHONE, SMS, TOTP, a_pool_with_mfa, prefer
from tests.aws.cognito_idp.people import ROTATING, TEMPORARY, Pool, a_client_of, a_pool, claims_of, with_ann
from tests.aws.cognito_idp.pools import NEW_PASSWORD
from tests.sdk import refused

if TYPE_CHECKING:
    from idp.services import Services
    from tests.fakes import FakeClock

WRONG = "Incorrect username or password."
INVALID_SESSION = "Invalid session for the user."
SPENT_SESSION = "Invalid session for the user, session can only be used once."
EVERY_ANSWER = {"SMS_MFA_CODE": "123456", "SOFTWARE_TOKEN_MFA_CODE": "123456", "ANSWER": "SMS_MFA"}
INVALID_TOKEN = "Invalid Access Token"
BAD_SIGNATURE = "Could not verify signature for Access Token"


@pytest.fixture
def pool(idp: Any) -> Pool:
    """A pool with a client that may use every flow, and Ann."""
    return with_ann(a_pool(idp))


@pytest.fixture
def challenged(pool: Pool) -> Any:
    """Ann, asked for a new password: InitiateAuth's answer."""
    pool.give_temporary_password()
    return pool.sign_in(password=TEMPORARY)


# Sessions


@pytest.mark.parametrize("text", ["A" * 20, "AYABe" + "x" * 900, "a.b.c-_" * 10], ids=["short", "like AWS's", "dots"])
def test_a_made_up_session_is_refused(pool: Pool, text: str) -> None:
    with refused("NotAuthorizedException", INVALID_SESSION):
        pool.answer({"ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": text}, NEW_PASSWORD=NEW_PASSWORD)


def test_a_changed_session_is_refused(pool: Pool, challenged: Any) -> None:
    session = challenged["Session"]
    middle = len(session) // 2
    changed = session[:middle] + ("B" if session[middle] == "A" else "A") + session[middle + 1 :]
    with refused("NotAuthorizedException", INVALID_SESSION):
        pool.answer({**challenged, "Session": changed}, NEW_PASSWORD=NEW_PASSWORD)


def test_a_session_of_another_client_is_refused(pool: Pool, challenged: Any) -> None:
    with refused("NotAuthorizedException", INVALID_SESSION):
        a_client_of(pool.idp, pool.pool_id).answer(challenged, NEW_PASSWORD=NEW_PASSWORD)


def test_a_session_of_another_user_is_refused(pool: Pool, challenged: Any) -> None:
    pool.sign_up("bob")
    with refused("NotAuthorizedException", INVALID_SESSION):
        pool.answer(challenged, username="bob", NEW_PASSWORD=NEW_PASSWORD)


@pytest.mark.parametrize("name", ["SMS_MFA", "SOFTWARE_TOKEN_MFA", "MFA_SETUP", "CUSTOM_CHALLENGE", "SELECT_CHALLENGE"])
def test_a_session_answers_no_challenge_but_its_own(pool: Pool, challenged: Any, name: str) -> None:
    with refused("NotAuthorizedException", INVALID_SESSION):
        pool.answer({**challenged, "ChallengeName": name}, NEW_PASSWORD=NEW_PASSWORD, **EVERY_ANSWER)


def test_a_session_is_no_secret_block(pool: Pool, challenged: Any) -> None:
    block = base64.b64encode(challenged["Session"].encode()).decode()
    with refused("NotAuthorizedException", INVALID_SESSION):
        pool.idp.respond_to_auth_challenge(
            ClientId=pool.client_id,
            ChallengeName="PASSWORD_VERIFIER",
            ChallengeResponses={
                "USERNAME": "ann",
                "PASSWORD_CLAIM_SIGNATURE": "AAAA",
                "PASSWORD_CLAIM_SECRET_BLOCK": block,
                "TIMESTAMP": "Wed Mar 5 09:08:07 UTC 2025",
            },
        )


def test_a_public_session_is_not_answered_by_an_administrator(pool: Pool, challenged: Any) -> None:
    with refused("NotAuthorizedException", INVALID_SESSION):
        pool.idp.admin_respond_to_auth_challenge(
            UserPoolId=pool.pool_id,
            ClientId=pool.client_id,
            ChallengeName="NEW_PASSWORD_REQUIRED",
            Session=challenged["Session"],
            ChallengeResponses={"USERNAME": "ann", "NEW_PASSWORD": NEW_PASSWORD},
        )


def test_a_session_works_once(pool: Pool, challenged: Any) -> None:
    pool.answer(challenged, NEW_PASSWORD=NEW_PASSWORD)
    with refused("NotAuthorizedException", SPENT_SESSION):
        pool.answer(challenged, NEW_PASSWORD="An0ther-passw0rd")

    assert pool.tokens(password=NEW_PASSWORD)


def test_of_two_answers_at_once_one_is_taken(pool: Pool, challenged: Any) -> None:
    passwords = ["F1rst-password", "Sec0nd-password"]

    def attempt(password: str) -> str:
        try:
            pool.answer(challenged, NEW_PASSWORD=password)
        except ClientError as refusal:
            return str(refusal.response["Error"]["Code"])
        return "taken"

    with ThreadPoolExecutor(2) as threads:
        outcomes = sorted(threads.map(attempt, passwords))

    assert outcomes == ["NotAuthorizedException", "taken"]


def test_a_session_outlives_neither_user_nor_permanent_password(pool: Pool, challenged: Any) -> None:
    pool.idp.admin_set_user_password(UserPoolId=pool.pool_id, Username="ann", Password=NEW_PASSWORD, Permanent=True)
    with refused("NotAuthorizedException", INVALID_SESSION):
        pool.answer(challenged, NEW_PASSWORD="An0ther-passw0rd")
    pool.idp.admin_delete_user(UserPoolId=pool.pool_id, Username="ann")
    with refused("NotAuthorizedException", INVALID_SESSION):
        pool.answer(challenged, NEW_PASSWORD="An0ther-passw0rd")


def test_a_session_proves_no_password_that_was_replaced(pool: Pool, challenged: Any) -> None:
    pool.idp.admin_set_user_password(UserPoolId=pool.pool_id, Username="ann", Password="An0ther-temporary!")

    with refused("NotAuthorizedException", INVALID_SESSION):
        pool.answer(challenged, NEW_PASSWORD=NEW_PASSWORD)


def test_no_second_factor_completes_a_password_that_was_replaced(idp: Any) -> None:
    pool = a_pool_with_mfa(idp, "OPTIONAL", SMS)
    pool.sign_up(phone_number=PHONE)
    prefer(pool, SMS={"Enabled": True, "PreferredMfa": True})
    challenged = pool.sign_in()
    idp.admin_set_user_password(UserPoolId=pool.pool_id, Username="ann", Password=NEW_PASSWORD, Permanent=True)

    with refused("NotAuthorizedException", INVALID_SESSION):
        pool.answer(challenged, SMS_MFA_CODE="123456")


def test_no_app_is_registered_by_a_password_that_was_replaced(idp: Any) -> None:
    pool = with_ann(a_pool_with_mfa(idp, "ON", TOTP))
    challenged = pool.sign_in()
    idp.admin_set_user_password(UserPoolId=pool.pool_id, Username="ann", Password=NEW_PASSWORD, Permanent=True)

    with refused("NotAuthorizedException", INVALID_SESSION):
        idp.associate_software_token(Session=challenged["Session"])


def test_a_user_disabled_between_the_steps_sets_no_password(pool: Pool, challenged: Any) -> None:
    pool.idp.admin_disable_user(UserPoolId=pool.pool_id, Username="ann")
    with refused("NotAuthorizedException", "User is disabled."):
        pool.answer(challenged, NEW_PASSWORD=NEW_PASSWORD)
    pool.idp.admin_enable_user(UserPoolId=pool.pool_id, Username="ann")

    assert pool.sign_in(password=TEMPORARY)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


def test_a_secret_client_without_secret_hash_does_not_go_on(idp: Any) -> None:
    pool = with_ann(a_pool(idp, GenerateSecret=True))
    pool.give_temporary_password()
    asked = pool.sign_in(password=TEMPORARY)
    sentence = f"Client {pool.client_id} is configured with secret but SECRET_HASH was not received"
    with refused("NotAuthorizedException", sentence):
        idp.respond_to_auth_challenge(
            ClientId=pool.client_id,
            ChallengeName="NEW_PASSWORD_REQUIRED",
            Session=asked["Session"],
            ChallengeResponses={"USERNAME": "ann", "NEW_PASSWORD": NEW_PASSWORD},
        )


# SRP


@pytest.mark.parametrize("times", [0, 1, 2])
def test_srp_with_a_share_that_n_divides_is_refused(pool: Pool, times: int) -> None:
    with refused("InvalidParameterException", "Invalid SRP_A."):
        pool.initiate("USER_SRP_AUTH", SRP_A=f"{srp.N * times:x}")


@pytest.mark.usefixtures("real_time")
def test_an_srp_answer_works_once(pool: Pool) -> None:
    exchange = pool.srp()
    exchange.answer()
    with refused("NotAuthorizedException", SPENT_SESSION):
        exchange.answer()


@pytest.mark.usefixtures("real_time")
def test_an_srp_answer_of_one_user_does_not_serve_for_another(pool: Pool) -> None:
    pool.sign_up("bob")
    with refused("NotAuthorizedException", INVALID_SESSION):
        pool.srp().answer(USERNAME="bob")


@pytest.mark.usefixtures("real_time")
@pytest.mark.parametrize("block", ["AAAA", "not base64", "ä", ""], ids=["made up", "no base64", "no ascii", "empty"])
def test_a_secret_block_that_is_not_ours_is_refused(pool: Pool, block: str) -> None:
    with refused("InvalidParameterException" if block == "" else "NotAuthorizedException"):
        pool.srp().answer(PASSWORD_CLAIM_SECRET_BLOCK=block)


@pytest.mark.usefixtures("real_time")
@pytest.mark.parametrize("signature", ["AAAA", "?", base64.b64encode(bytes(32)).decode()], ids=["short", "text", "0"])
def test_a_wrong_claim_is_a_wrong_password(pool: Pool, signature: str) -> None:
    with refused("NotAuthorizedException", WRONG):
        pool.srp().answer(PASSWORD_CLAIM_SIGNATURE=signature)


# Access tokens


def sign_out_with(pool: Pool, token: str) -> None:
    """Present a token where an access token belongs."""
    pool.idp.global_sign_out(AccessToken=token)


def signed_by(key: rsa.RSAPrivateKey, kid: str, claims: dict[str, Any]) -> str:
    return SigningKey(kid, key, public_jwk(kid, key.public_key())).sign(claims)


def kid_of(token: str) -> str:
    header: dict[str, str] = orjson.loads(base64.urlsafe_b64decode(token.split(".", maxsplit=1)[0] + "=="))
    return header["kid"]


def unsigned(header: dict[str, str], claims: dict[str, Any]) -> bytes:
    return b".".join(base64.urlsafe_b64encode(orjson.dumps(part)).rstrip(b"=") for part in (header, claims))


def test_a_genuine_access_token_is_taken(pool: Pool) -> None:
    sign_out_with(pool, pool.tokens()["AccessToken"])


def test_a_token_signed_by_another_key_is_refused(pool: Pool) -> None:
    token = pool.tokens()["AccessToken"]
    with refused("NotAuthorizedException", BAD_SIGNATURE):
        sign_out_with(pool, signed_by(generate_key(), kid_of(token), claims_of(token)))


def test_changed_claims_under_the_old_signature_are_refused(pool: Pool) -> None:
    token = pool.tokens()["AccessToken"]
    signature = token.rpartition(".")[2]
    forged = unsigned({"kid": kid_of(token), "alg": "RS256"}, {**claims_of(token), "username": "root"}).decode()
    with refused("NotAuthorizedException", BAD_SIGNATURE):
        sign_out_with(pool, f"{forged}.{signature}")


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "HS256"])
def test_a_token_without_a_signature_is_refused(pool: Pool, algorithm: str) -> None:
    token = pool.tokens()["AccessToken"]
    forged = unsigned({"kid": kid_of(token), "alg": algorithm}, claims_of(token)).decode()
    with refused("NotAuthorizedException", INVALID_TOKEN):
        sign_out_with(pool, f"{forged}.")


def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(pool: Pool, services: Services) -> None:
    token = pool.tokens()["AccessToken"]
    public_key = services.keyring.find_public(pool.pool_id, kid_of(token))
    assert public_key is not None
    secret = public_key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    forged = unsigned({"kid": kid_of(token), "alg": "HS256"}, claims_of(token))
    mac = base64.urlsafe_b64encode(hmac.digest(secret, forged, hashlib.sha256)).rstrip(b"=")
    with refused("NotAuthorizedException", INVALID_TOKEN):
        sign_out_with(pool, (forged + b"." + mac).decode())


def test_a_token_of_another_pool_that_claims_to_be_of_this_one_is_refused(pool: Pool, services: Services) -> None:
    other = with_ann(a_pool(pool.idp))
    foreign = services.keyring.signer(other.pool_id, "access")
    claims = claims_of(pool.tokens()["AccessToken"])
    with refused("NotAuthorizedException", INVALID_TOKEN):
        sign_out_with(pool, foreign.sign(claims))


def test_a_token_of_another_pool_speaks_for_its_own_user_only(pool: Pool) -> None:
    other = with_ann(a_pool(pool.idp))
    sign_out_with(pool, other.tokens()["AccessToken"])

    assert pool.refresh(pool.tokens())


@pytest.mark.parametrize("issuer", ["https://evil.example/{pool_id}", "{pool_id}", "http://localhost:9229/x/{pool_id}"])
def test_a_genuine_key_under_another_issuer_is_refused(pool: Pool, services: Services, issuer: str) -> None:
    signer = services.keyring.signer(pool.pool_id, "access")
    claims = claims_of(pool.tokens()["AccessToken"])
    with refused("NotAuthorizedException", INVALID_TOKEN):
        sign_out_with(pool, signer.sign({**claims, "iss": issuer.format(pool_id=pool.pool_id)}))


def test_a_pool_that_nobody_has_gets_no_keys_by_being_named(pool: Pool, services: Services) -> None:
    signer = services.keyring.signer(pool.pool_id, "access")
    claims = claims_of(pool.tokens()["AccessToken"])
    with refused("NotAuthorizedException", INVALID_TOKEN):
        sign_out_with(pool, signer.sign({**claims, "iss": "http://localhost:9229/us-east-1_nobody000"}))
    with services.reading() as work:
        made = work.signing_keys.of_owner("us-east-1_nobody000")

    assert not made


def test_an_id_token_is_no_access_token(pool: Pool) -> None:
    with refused("NotAuthorizedException", INVALID_TOKEN):
        sign_out_with(pool, pool.tokens()["IdToken"])


def test_an_expired_access_token_is_refused(pool: Pool, clock: FakeClock) -> None:
    token = pool.tokens()["AccessToken"]
    clock.advance(3600)
    with refused("NotAuthorizedException", "Access Token has expired"):
        sign_out_with(pool, token)


def test_an_access_token_without_the_scope_is_refused(pool: Pool, services: Services) -> None:
    signer = services.keyring.signer(pool.pool_id, "access")
    claims = claims_of(pool.tokens()["AccessToken"])
    with refused("NotAuthorizedException", "Access Token does not have required scopes"):
        sign_out_with(pool, signer.sign({**claims, "scope": "openid email"}))


def test_a_clients_own_token_speaks_for_no_user(pool: Pool, services: Services) -> None:
    signer = services.keyring.signer(pool.pool_id, "access")
    claims = claims_of(pool.tokens()["AccessToken"])
    own = {name: value for name, value in claims.items() if name != "username"}
    with refused("NotAuthorizedException", INVALID_TOKEN):
        sign_out_with(pool, signer.sign(own))


def test_the_access_token_of_a_deleted_user_is_refused(pool: Pool) -> None:
    token = pool.tokens()["AccessToken"]
    pool.idp.admin_delete_user(UserPoolId=pool.pool_id, Username="ann")
    with refused("UserNotFoundException", "User does not exist."):
        sign_out_with(pool, token)


def test_the_access_token_of_a_disabled_user_is_refused(pool: Pool) -> None:
    token = pool.tokens()["AccessToken"]
    pool.idp.admin_disable_user(UserPoolId=pool.pool_id, Username="ann")
    with refused("NotAuthorizedException", "Access Token has been revoked"):
        sign_out_with(pool, token)


@pytest.mark.parametrize("token", ["a", "a.b", "a.b.c", "=.=.=", "a.b.c.d"])
def test_what_is_no_token_is_refused(pool: Pool, token: str) -> None:
    with refused("NotAuthorizedException", INVALID_TOKEN):
        sign_out_with(pool, token)


# Refresh tokens


def test_of_two_rotations_at_once_one_succeeds_and_the_family_ends(idp: Any) -> None:
    pool = with_ann(a_pool(idp, **ROTATING))
    tokens = pool.tokens()

    def attempt(_: int) -> str:
        try:
            pool.rotate(tokens)
        except ClientError as refusal:
            return str(refusal.response["Error"]["Code"])
        return "rotated"

    with ThreadPoolExecutor(2) as threads:
        outcomes = sorted(threads.map(attempt, range(2)))

    assert outcomes == ["RefreshTokenReuseException", "rotated"]


def test_the_database_does_not_hold_a_refresh_token(pool: Pool, services: Services) -> None:
    token = pool.tokens()["RefreshToken"]
    database = services.settings.data / "idp.sqlite"
    kept = [path.read_bytes() for path in database.parent.glob("idp.sqlite*")]

    assert not any(token.encode() in content for content in kept)
