"""Nouns to store; only what matters is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from idp.domain.client import Client
from idp.domain.client_secret import ClientSecret
from idp.domain.user import Credentials, User, UserStatus
from idp.domain.user_pool import UserPool
from idp.domain.user_session import UserSession
from tests.fakes import START

POOL = "us-east-1_abcdefghi"
CLIENT = "client1"


def a_user_pool(**changed: Any) -> UserPool:
    pool = UserPool(POOL, "000000000000", "us-east-1", "people", {"MfaConfiguration": "OFF"}, START, START)
    return replace(pool, **changed)


def a_client(**changed: Any) -> Client:
    secret = ClientSecret(f"{CLIENT}--1", START, "a client secret")
    return replace(Client(CLIENT, POOL, "web", {}, START, START, (secret,)), **changed)


def a_user(username: str = "ann", **changed: Any) -> User:
    user = User(
        POOL, username, f"sub-of-{username}", UserStatus.CONFIRMED, START, START, {"email": f"{username}@Example.com"}
    )
    return replace(user, **changed)


def some_credentials() -> Credentials:
    return Credentials("$argon2id$…", "ab12", "0123456789abcdef")


def a_session(user: User, session_id: str = "session-1") -> UserSession:
    return UserSession(session_id, POOL, user.id, CLIENT, "event-1", "openid", START, START + timedelta(days=30))
