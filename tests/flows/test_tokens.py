"""Tokens and sign-in as the browser's side uses them: hosted sessions, clients' own tokens, sign-in without an API."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from idp.domain.claims import access_token_hash
from idp.domain.client import Client
from idp.domain.device import Device
from idp.domain.errors import (
    InvalidRefreshToken,
    InvalidSession,
    PasswordAttemptsExceeded,
    PasswordResetRequired,
    RefreshTokenReused,
    RefreshTokenRevoked,
    UserDisabled,
    UserNotFound,
    WrongPassword,
)
from idp.domain.user import User, UserStatus
from idp.domain.user_pool import UserPool
from idp.domain.user_session import UserSession
from idp.flows.access import authenticate_access_token
from idp.flows.lockout import lock_after
from idp.flows.lookups import get_client, get_user_pool
from idp.flows.sign_in import Authenticated, ChallengeAnswer, Challenged, answer_challenge, sign_in_with_password
from idp.flows.tokens import begin_session, digest_of, get_refresh_grant, issue_client_token, refresh, refresh_from
from idp.outbound.hashing import Argon2Hasher
from tests.aws.cognito_idp.people import ROTATING, TEMPORARY, Pool, a_pool, claims_of, with_ann
from tests.aws.cognito_idp.pools import NEW_PASSWORD, PASSWORD

if TYPE_CHECKING:
    from idp.services import Services
    from tests.fakes import FakeClock, ScriptedTriggers

SOURCE = "192.0.2.7"
FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:claims"


class CountingHasher(Argon2Hasher):
    """Counts the passwords that were compared with a hash."""

    def __init__(self) -> None:
        super().__init__(memory_kib=8, passes=1, lanes=1, slots=1)
        self.compared = 0

    def verify(self, password: str, password_hash: str) -> bool:
        self.compared += 1
        return super().verify(password, password_hash)


def save(services: Services, user: User) -> None:
    with services.unit_of_work() as work:
        work.users.save(user)
        work.commit()


@pytest.fixture
def pool(idp: Any) -> Pool:
    """A pool whose client has a secret and allows no flow of the API, with Ann."""
    pool = a_pool(idp, GenerateSecret=True, **ROTATING)
    return with_ann(pool)


@pytest.fixture
def client(services: Services, pool: Pool) -> Client:
    """That client."""
    return get_client(services, pool.client_id)


@pytest.fixture
def user_pool(services: Services, pool: Pool) -> UserPool:
    """That pool."""
    return get_user_pool(services, pool.pool_id)


@pytest.fixture
def ann(services: Services, pool: Pool) -> User:
    """Ann, as stored."""
    with services.reading() as work:
        user = work.users.find_by_username(pool.pool_id, "ann")
    assert user is not None
    return user


def test_hosted_tokens_carry_nonce_version_and_the_access_tokens_hash(
    services: Services, user_pool: UserPool, client: Client, ann: User
) -> None:
    tokens = begin_session(services, user_pool, client, ann, scope="openid email", hosted=True, nonce="n-0S6")
    assert tokens.id_token is not None
    identity = claims_of(tokens.id_token)

    assert (identity["nonce"], identity["at_hash"]) == ("n-0S6", access_token_hash(tokens.access_token))
    assert (claims_of(tokens.access_token)["version"], "given_name" in identity) == (2, False)


def test_hosted_tokens_without_openid_have_no_id_token(
    services: Services, user_pool: UserPool, client: Client, ann: User
) -> None:
    assert begin_session(services, user_pool, client, ann, scope="email", hosted=True).id_token is None


def test_hosted_tokens_keep_what_the_sign_in_says_of_itself(
    services: Services, user_pool: UserPool, client: Client, ann: User, clock: FakeClock
) -> None:
    then = clock.now()
    clock.advance(timedelta(minutes=4))
    tokens = begin_session(
        services, user_pool, client, ann, scope="openid", hosted=True, authenticated_at=then, event_id="event"
    )
    claims = claims_of(tokens.access_token)

    assert (claims["auth_time"], claims["event_id"], claims["iat"] - claims["auth_time"]) == (
        int(then.timestamp()),
        "event",
        240,
    )


def test_a_hosted_refresh_keeps_scope_and_nonce(
    services: Services, user_pool: UserPool, client: Client, ann: User
) -> None:
    tokens = begin_session(services, user_pool, client, ann, scope="openid email", hosted=True, nonce="n")
    assert tokens.refresh_token is not None
    renewed = refresh(services, client, tokens.refresh_token)
    assert renewed.id_token is not None

    assert claims_of(renewed.access_token)["scope"] == "openid email"
    assert claims_of(renewed.id_token)["nonce"] == "n"
    with pytest.raises(RefreshTokenReused):
        refresh(services, client, tokens.refresh_token)


def test_of_two_refreshes_with_one_token_the_second_ends_the_session(
    services: Services, user_pool: UserPool, client: Client, ann: User
) -> None:
    token = begin_session(services, user_pool, client, ann, scope="openid", hosted=True).refresh_token
    assert token is not None
    first, second = (get_refresh_grant(services, client, token, device_key=None) for _ in range(2))
    rotated = refresh_from(services, client, token, first).refresh_token
    assert rotated is not None

    with pytest.raises(RefreshTokenReused):
        refresh_from(services, client, token, second)
    with pytest.raises(RefreshTokenRevoked):
        refresh(services, client, rotated)


def test_an_access_token_of_a_user_who_was_disabled_is_refused(
    services: Services, user_pool: UserPool, client: Client, ann: User
) -> None:
    tokens = begin_session(services, user_pool, client, ann, scope="openid", hosted=True)
    save(services, replace(ann, enabled=False))

    with pytest.raises(UserDisabled):
        authenticate_access_token(services, tokens.access_token, scope=None)


@pytest.mark.parametrize(
    ("hides", "refusal"), [("LEGACY", PasswordResetRequired), ("ENABLED", WrongPassword)], ids=["told", "hidden"]
)
def test_an_imported_user_is_told_to_set_a_password_where_users_are_not_hidden(
    services: Services, client: Client, ann: User, hides: str, refusal: type[Exception]
) -> None:
    save(services, replace(ann, credentials=None, status=UserStatus.RESET_REQUIRED))
    kind = replace(client, settings={**client.settings, "PreventUserExistenceErrors": hides})

    with pytest.raises(refusal):
        sign_in_with_password(services, kind, "ann", PASSWORD, source=SOURCE)


def test_the_trigger_of_a_hosted_sign_in_has_its_own_source(
    services: Services, pool: Pool, client: Client, ann: User, triggers: ScriptedTriggers
) -> None:
    pool.idp.update_user_pool(UserPoolId=pool.pool_id, LambdaConfig={"PreTokenGeneration": FUNCTION})
    begin_session(services, get_user_pool(services, pool.pool_id), client, ann, scope="openid", hosted=True)

    assert [call.source for call in triggers.calls] == ["TokenGeneration_HostedAuth"]


def test_a_hosted_access_token_is_for_its_scopes(
    services: Services, user_pool: UserPool, client: Client, ann: User
) -> None:
    tokens = begin_session(services, user_pool, client, ann, scope="openid", hosted=True)
    grant = authenticate_access_token(services, tokens.access_token, scope="openid")

    assert (grant.user.username, grant.client_id, grant.user_pool.id) == ("ann", client.id, user_pool.id)


def test_a_client_gets_a_token_of_its_own(services: Services, user_pool: UserPool, client: Client) -> None:
    tokens = issue_client_token(services, user_pool, client, scope="pets/read")

    assert (tokens.id_token, tokens.refresh_token, tokens.expires_in) == (None, None, 3600)
    assert claims_of(tokens.access_token)["scope"] == "pets/read"


def test_tokens_do_not_show_when_printed(services: Services, user_pool: UserPool, client: Client, ann: User) -> None:
    tokens = begin_session(services, user_pool, client, ann, scope="openid", hosted=True)

    assert repr(tokens) == "TokenSet(expires_in=3600)"


def test_the_hosted_page_signs_in_without_a_secret_hash(services: Services, client: Client) -> None:
    outcome = sign_in_with_password(services, client, "ann", PASSWORD, source=SOURCE)

    assert isinstance(outcome, Authenticated)
    assert (outcome.user.username, outcome.passed) == ("ann", ("PASSWORD",))


def test_the_hosted_page_refuses_as_the_api_does(services: Services, client: Client) -> None:
    with pytest.raises(UserNotFound):
        sign_in_with_password(services, client, "bob", PASSWORD, source=SOURCE)
    with pytest.raises(WrongPassword):
        sign_in_with_password(services, client, "ann", "wrong", source=SOURCE)


def test_nobody_costs_one_comparison_as_anybody_does(services: Services, idp: Any) -> None:
    pool = with_ann(a_pool(idp, PreventUserExistenceErrors="ENABLED"))
    hiding, hasher = get_client(services, pool.client_id), CountingHasher()
    with pytest.raises(WrongPassword):
        sign_in_with_password(replace(services, hasher=hasher), hiding, "bob", "wrong", source=SOURCE)

    assert hasher.compared == 1


def test_failures_on_the_page_and_in_the_api_are_counted_together(
    services: Services, client: Client, pool: Pool
) -> None:
    for _ in range(4):
        with pytest.raises(WrongPassword):
            sign_in_with_password(services, client, "ann", "wrong", source=SOURCE)
    with pytest.raises(pool.idp.exceptions.NotAuthorizedException):
        pool.sign_in(password="wrong")

    with pytest.raises(PasswordAttemptsExceeded):
        sign_in_with_password(services, client, "ann", PASSWORD, source=SOURCE)


def test_the_hosted_page_goes_on_to_a_new_password(services: Services, client: Client, pool: Pool) -> None:
    pool.give_temporary_password()
    asked = sign_in_with_password(services, client, "ann", TEMPORARY, source=SOURCE)
    assert isinstance(asked, Challenged)
    answer = ChallengeAnswer(
        asked.challenge, {"USERNAME": "ann", "NEW_PASSWORD": NEW_PASSWORD}, asked.session, "hosted", SOURCE
    )

    assert isinstance(answer_challenge(services, client, answer), Authenticated)


def test_the_hosted_pages_session_does_not_serve_in_the_api(services: Services, client: Client, pool: Pool) -> None:
    pool.give_temporary_password()
    asked = sign_in_with_password(services, client, "ann", TEMPORARY, source=SOURCE)
    assert isinstance(asked, Challenged)
    answer = ChallengeAnswer(
        asked.challenge, {"USERNAME": "ann", "NEW_PASSWORD": NEW_PASSWORD}, asked.session, "public", SOURCE
    )

    with pytest.raises(InvalidSession):
        answer_challenge(services, client, answer)


def test_a_sign_in_hashes_anew_when_the_parameters_have_changed(services: Services, client: Client, ann: User) -> None:
    assert ann.credentials is not None
    stronger = Argon2Hasher(memory_kib=16, passes=1, lanes=1, slots=1)
    sign_in_with_password(replace(services, hasher=stronger), client, "ann", PASSWORD, source=SOURCE)
    with services.reading() as work:
        renewed = work.users.find_by_username(ann.pool_id, "ann")

    assert renewed is not None
    assert renewed.credentials is not None
    assert stronger.is_outdated(ann.credentials.password_hash)
    assert not stronger.is_outdated(renewed.credentials.password_hash)
    assert (renewed.version, renewed.credentials.srp_verifier) == (ann.version, ann.credentials.srp_verifier)


@pytest.mark.parametrize("device_key", [None, "another"])
def test_a_session_of_a_device_refreshes_with_that_device_only(
    services: Services, client: Client, ann: User, clock: FakeClock, device_key: str | None
) -> None:
    then = clock.now()
    session = UserSession(
        "origin", ann.pool_id, ann.id, client.id, "event", "openid", then, then + timedelta(days=1), device_key="mine"
    )
    device = Device(ann.id, "mine", None, False, None, then, then, then, SOURCE)
    with services.unit_of_work() as work:
        work.devices.add(device)
        work.user_sessions.add(session, digest_of("a refresh token"))
        work.commit()

    with pytest.raises(InvalidRefreshToken):
        refresh(services, client, "a refresh token", device_key=device_key)
    assert (
        claims_of(refresh(services, client, "a refresh token", device_key="mine").access_token)["device_key"] == "mine"
    )


def test_every_sign_in_leaves_a_line_without_secrets(
    services: Services, client: Client, ann: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "idp.audit")
    with pytest.raises(WrongPassword):
        sign_in_with_password(services, client, "ann", "wr0ng-password", source=SOURCE)
    sign_in_with_password(services, client, "ann", PASSWORD, source=SOURCE)
    refused, succeeded = (record.getMessage() for record in caplog.records)

    assert refused.startswith("sign-in WrongPassword ")
    assert succeeded.startswith("sign-in succeeded ")
    assert f"sub={ann.sub}" in succeeded
    assert f"source={SOURCE}" in succeeded
    assert "wr0ng-password" not in refused


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 1), (6, 2), (14, 512), (15, 900), (16, 900), (10_000, 900)]
)
def test_a_lock_doubles_up_to_fifteen_minutes(failures: int, seconds: int) -> None:
    assert lock_after(failures) == timedelta(seconds=seconds)
