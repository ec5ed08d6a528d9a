"""Who stands behind an access key: the root of an account, an IAM user, or a role session."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from idp.domain.iam import ACCESS_KEY_ID
from idp.domain.principal import Principal, root_of
from idp.flows.role_sessions import is_session_key_id, open_session
from idp.outbound.sealer import SealBroken

if TYPE_CHECKING:
    from idp.domain.iam import IamUser
    from idp.services import Services


class SignerUnknown(Exception):
    """No such access key, or not with this session token."""


class SignerExpired(Exception):
    """The session that the access key belongs to is over."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A principal and the secret that its signatures are made with."""

    principal: Principal
    secret_access_key: str = field(repr=False)


def find_signer(services: Services, access_key_id: str, session_token: str | None) -> Signer:
    """Return who signs with an access key.

    Args:
        session_token: goes with the key of a session, and with no other.

    Raises:
        SignerUnknown: no such key, an inactive one, or not with this token.
        SignerExpired: the session is over.
    """
    if session_token is not None:
        return _session_signer(services, access_key_id, session_token)
    stored = services.catalog.access_keys.find(access_key_id)
    if stored is None or not stored[0].active:
        raise SignerUnknown(access_key_id)
    key, user = stored
    principal = root_of(key.account, key.id) if user is None else _user_principal(user, key.id)
    return Signer(principal, key.secret)


def is_known(services: Services, access_key_id: str) -> bool:
    """Say whether the key id is of this server's making: a stored key, active or not, or the key of a session."""
    if access_key_id.startswith(ACCESS_KEY_ID):
        return services.catalog.access_keys.find(access_key_id) is not None
    return is_session_key_id(services, access_key_id)


def _session_signer(services: Services, access_key_id: str, session_token: str) -> Signer:
    try:
        session = open_session(services, access_key_id, session_token)
    except SealBroken as error:
        raise SignerUnknown(access_key_id) from error
    if session.expires_at <= services.clock.now():
        raise SignerExpired(access_key_id)
    return Signer(session.principal, session.secret_access_key)


def _user_principal(user: IamUser, access_key_id: str) -> Principal:
    return Principal("user", user.account, user.arn, user.id, access_key_id, name=user.name)
