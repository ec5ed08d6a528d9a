"""Sessions, browser sessions, secrets and events as the store keeps them, on every database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from idp.domain.browser_session import BrowserSession
from idp.domain.client_secret import MAX_SECRETS, new_secret
from idp.domain.origin import Origin
from idp.domain.risk import AuthEvent, Risk
from idp.store.unit_of_work import UnitOfWork, UnitsOfWork
from tests.fakes import START
from tests.store.rows import CLIENT, POOL, a_session, a_user

AT_ONCE = 8
MINUTE = timedelta(minutes=1)


def ids_of_active(work: UnitOfWork, user_id: int) -> list[str]:
    return [session.id for session in work.user_sessions.list_active(user_id, START, limit=10)]


def test_sessions_beyond_a_number_end_the_ones_used_longest_ago_first(work: UnitOfWork) -> None:
    user = work.users.add(a_user())
    for minute in range(3):
        used_at = START - minute * MINUTE
        work.user_sessions.add(replace(a_session(user, f"session-{minute}"), active_at=used_at), f"digest-{minute}")
    work.user_sessions.touch("session-2", START + MINUTE, Origin("192.0.2.1", "Firefox/128"))
    work.user_sessions.revoke_beyond(user.id, 2, START)

    assert ids_of_active(work, user.id) == ["session-2", "session-0"]
    assert work.user_sessions.list_active(user.id, START, limit=1)[0].device_name == "Firefox 128"


def test_a_session_is_revoked_once_and_only_in_its_users_name(work: UnitOfWork) -> None:
    ann, bob = work.users.add(a_user()), work.users.add(a_user("bob"))
    work.user_sessions.add(a_session(ann), "digest")

    assert not work.user_sessions.revoke_active(bob.id, "session-1", START)
    assert work.user_sessions.revoke_active(ann.id, "session-1", START)
    assert not work.user_sessions.revoke_active(ann.id, "session-1", START)


def test_a_fresh_browser_session_is_taken_once(work: UnitOfWork) -> None:
    user = work.users.add(a_user())
    session = BrowserSession(
        "digest", POOL, user.id, None, START, START + MINUTE, CLIENT, is_fresh=True, active_at=START
    )
    work.browser_sessions.add(session)

    assert not work.browser_sessions.use("digest", "another client")
    assert work.browser_sessions.use("digest", CLIENT)
    assert not work.browser_sessions.use("digest", CLIENT)
    assert work.browser_sessions.list_signed_in(user.id, START, limit=5) == [replace(session, is_fresh=False)]


def test_an_event_comes_back_as_stored_and_goes_on(work: UnitOfWork) -> None:
    user = work.users.add(a_user())
    begun = AuthEvent("e", user.id, CLIENT, "SignIn", START, "InProgress", "192.0.2.1", "unknown", Risk("Low"))
    work.auth_events.put(begun)
    ended = replace(begun, response="Pass", challenges={"Password": "Success", "Mfa": "Success"})
    work.auth_events.put(ended)

    assert work.auth_events.list_newest(user.id, limit=5) == [ended]
    assert work.auth_events.list_newest(user.id, limit=5, after=(START, "e")) == []
    assert work.auth_events.delete_older(START + MINUTE) == 1


def test_what_counts_for_a_client_is_its_own_or_its_pools(work: UnitOfWork) -> None:
    work.risk_configurations.put(POOL, None, {"of": "pool"}, START)
    work.risk_configurations.put(POOL, CLIENT, {"of": "client"}, START)

    assert work.risk_configurations.find(POOL, CLIENT) == ({"of": "client"}, CLIENT, START)
    assert work.risk_configurations.find(POOL, None) == ({"of": "pool"}, None, START)
    work.risk_configurations.delete(POOL, CLIENT)
    assert work.risk_configurations.find(POOL, CLIENT) == ({"of": "pool"}, None, START)


def test_of_many_who_add_a_secret_at_once_one_succeeds(units: UnitsOfWork) -> None:
    def add(number: int) -> bool:
        with units.writing() as work:
            work.clients.lock(CLIENT)
            client = work.clients.find(CLIENT)
            assert client is not None
            if len(client.secrets) >= MAX_SECRETS:
                return False
            secret = new_secret(CLIENT, f"secret number {number}", START, existing=client.secrets)
            work.clients.add_secret(CLIENT, secret)
            work.commit()
        return True

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert sum(pool.map(add, range(AT_ONCE))) == 1
