"""The claims of ID and access tokens, in the order in which Cognito writes them.

Pure: lifetimes, ids and moments are given.  Source: spec USER_POOLS sections 4.2 to 4.5.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from idp.domain.attributes import readable_attributes
from idp.domain.group import Group, preferred_role_of, ranked, roles_of
from idp.domain.linked_identity import ATTRIBUTE as IDENTITIES, identities_claim
from idp.domain.scope import parse_scope, shows_attribute

if TYPE_CHECKING:
    from idp.domain.client import Client
    from idp.domain.user import User
    from idp.domain.user_session import UserSession

HOSTED_VERSION = 2
_BOOLEANS = frozenset({"email_verified", "phone_number_verified"})
_LATE = frozenset({"email"})
_PLACED = _BOOLEANS | _LATE | {IDENTITIES}


@dataclass(frozen=True, slots=True)
class Membership:
    """What the groups of a user put into tokens."""

    groups: Sequence[str] = ()
    roles: Sequence[str] = ()
    preferred_role: str | None = None

    @classmethod
    def of(cls, groups: Sequence[Group]) -> Membership:
        """Return what some groups give."""
        return cls([each.name for each in ranked(groups)], roles_of(groups), preferred_role_of(groups))


@dataclass(frozen=True, slots=True)
class TokenSubject:
    """Whom and what a pair of tokens speaks of.

    Attributes:
        issuer: the pool's `iss`.
        issued_at: `iat`; `auth_time` is the session's.
        is_traceable: the tokens carry origin_jti and jti (EnableTokenRevocation, rotation, or sessions tracked)
    """

    issuer: str
    client: Client
    user: User
    session: UserSession
    membership: Membership
    issued_at: datetime
    is_traceable: bool


def access_token_claims(subject: TokenSubject, jti: str) -> dict[str, Any]:
    """Return the claims of an access token.  Source: spec section 4.3."""
    session, user = subject.session, subject.user
    issued_at = _seconds(subject.issued_at)
    return _present(
        {
            "sub": user.sub,
            "device_key": session.device_key,
            "cognito:groups": list(subject.membership.groups) or None,
            "iss": subject.issuer,
            "version": HOSTED_VERSION if session.hosted else None,
            "client_id": subject.client.public_id,
            "origin_jti": session.id if subject.is_traceable else None,
            "event_id": session.event_id,
            "token_use": "access",
            "scope": session.scope,
            "auth_time": _seconds(session.authenticated_at),
            "exp": issued_at + int(subject.client.access_token_lifetime.total_seconds()),
            "iat": issued_at,
            "jti": jti if subject.is_traceable else None,
            "username": user.username,
        }
    )


def id_token_claims(subject: TokenSubject, jti: str, *, at_hash: str | None) -> dict[str, Any]:
    """Return the claims of an ID token.

    Args:
        at_hash: of the access token, for tokens of the token endpoint.

    Source: spec section 4.2.
    """
    session, user, membership = subject.session, subject.user, subject.membership
    issued_at = _seconds(subject.issued_at)
    attributes = attribute_claims(user, subject.client, session)
    return _present(
        {
            "at_hash": at_hash,
            "sub": user.sub,
            "cognito:groups": list(membership.groups) or None,
            **{name: value for name, value in attributes.items() if name in _BOOLEANS},
            "cognito:preferred_role": membership.preferred_role,
            "iss": subject.issuer,
            **{name: value for name, value in attributes.items() if name not in _PLACED},
            "cognito:username": user.username,
            "nonce": session.nonce,
            "origin_jti": session.id if subject.is_traceable else None,
            "cognito:roles": list(membership.roles) or None,
            "aud": subject.client.public_id,
            IDENTITIES: attributes.get(IDENTITIES),
            "event_id": session.event_id,
            "token_use": "id",
            "auth_time": _seconds(session.authenticated_at),
            "exp": issued_at + int(subject.client.id_token_lifetime.total_seconds()),
            "iat": issued_at,
            "jti": jti if subject.is_traceable else None,
            **{name: value for name, value in attributes.items() if name in _LATE},
        }
    )


def client_token_claims(client: Client, *, issuer: str, scope: str, jti: str, issued_at: datetime) -> dict[str, Any]:
    """Return the claims of an access token for a client itself (client_credentials).

    Source: RFC 6749 section 4.4; spec section 4.3, last line (observed order).
    """
    moment = _seconds(issued_at)
    return {
        "sub": client.id,
        "token_use": "access",
        "scope": scope,
        "auth_time": moment,
        "iss": issuer,
        "exp": moment + int(client.access_token_lifetime.total_seconds()),
        "iat": moment,
        "version": HOSTED_VERSION,
        "jti": jti,
        "client_id": client.id,
    }


def derived_claims(
    claims: Mapping[str, Any], *, expires_at: int, audience: str | None, act: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return the claims of a token that is exchanged for another.

    Args:
        expires_at: `exp` of the other, which the new one does not outlive.
        audience: whom it is for; None for whom such a token is always for.
        act: who acts for the subject; nobody else may be claimed.

    Source: RFC 8693 sections 2.1 and 4.1; OpenID Connect Core 1.0 section 2 (`azp`).
    """
    bound: dict[str, Any] = {} if audience is None else {"aud": audience}
    if bound and "client_id" not in claims:  # an ID token, whose `aud` would have named the client
        bound["azp"] = claims["aud"]
    return _present({**claims, "exp": min(claims["exp"], expires_at), **bound, "act": act})


def attribute_claims(user: User, client: Client, session: UserSession) -> dict[str, Any]:
    """Return the attributes that the client may see, in the types an ID token gives them."""
    scopes = parse_scope(session.scope)
    return {
        name: _typed(name, value)
        for name, value in readable_attributes(client, user).items()
        if value and name != "sub" and (not session.hosted or name == IDENTITIES or shows_attribute(scopes, name))
    }


def access_token_hash(access_token: str) -> str:
    """Return the at_hash that binds an ID token to its access token.

    Returns:
        base64url without padding of the left 16 bytes of SHA-256: 22 characters.

    Source: OpenID Connect Core 1.0 section 3.1.3.6.
    """
    digest = hashlib.sha256(access_token.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()


def _typed(name: str, value: str) -> Any:
    if name in _BOOLEANS:
        return value == "true"
    if name == IDENTITIES:
        return identities_claim(value)
    if name == "address":
        return {"formatted": value}
    if name == "updated_at" and value.isascii() and value.isdigit():
        return int(value)
    return value


def _present(claims: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in claims.items() if value is not None}


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
