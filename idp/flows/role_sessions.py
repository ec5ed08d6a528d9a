"""Role sessions as session tokens: sealed whole, so that verifying one reads no table.

The key id is bound in: a token opens for its own key only. Key ids carry a digest of ours, so that keys of somebody
else's AWS can be told from ours before any token is opened.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson

from idp.domain.iam import SESSION_KEY_ID
from idp.domain.role_session import RoleSession

if TYPE_CHECKING:
    from idp.services import Services

PURPOSE = "session-token"
KEY_ID_PURPOSE = "session-key-id"
RANDOM_BYTES, DIGEST_BYTES = 6, 4

_MOMENTS = frozenset({"issued_at", "expires_at"})
_TUPLES = frozenset({"session_policies", "transitive_tag_keys"})


def new_session_key_id(services: Services) -> str:
    """Return a new `ASIA…` key id of 20 characters."""
    chosen = services.random.bytes(RANDOM_BYTES)
    return SESSION_KEY_ID + base64.b32encode(chosen + _digest(services, chosen)).decode()


def is_session_key_id(services: Services, access_key_id: str) -> bool:
    """Say whether a key id was made by `new_session_key_id` of this server, or of one with the same master key."""
    if not access_key_id.startswith(SESSION_KEY_ID):
        return False
    try:
        raw = base64.b32decode(access_key_id.removeprefix(SESSION_KEY_ID))
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(raw[RANDOM_BYTES:], _digest(services, raw[:RANDOM_BYTES]))


def seal_session(services: Services, session: RoleSession) -> str:
    """Return the session's token: opaque, URL-safe, some hundred characters and the session policies."""
    content = {each.name: getattr(session, each.name) for each in fields(session) if each.name != "access_key_id"}
    content |= {name: getattr(session, name).timestamp() for name in _MOMENTS}
    return services.sealer.seal(PURPOSE, orjson.dumps(content), context=session.access_key_id.encode())


def open_session(services: Services, access_key_id: str, session_token: str) -> RoleSession:
    """Return the session of a key, over or not.

    Raises:
        SealBroken: the token is not one of ours, or belongs to another key.
    """
    content: dict[str, Any] = orjson.loads(
        services.sealer.open(PURPOSE, session_token, context=access_key_id.encode("utf-8", "surrogatepass"))
    )
    content |= {name: datetime.fromtimestamp(content[name], UTC) for name in _MOMENTS}
    content |= {name: tuple(content[name]) for name in _TUPLES if content[name] is not None}
    content["context"] = {key: _condition_value(value) for key, value in content["context"].items()}
    return RoleSession(access_key_id=access_key_id, **content)


def _condition_value(value: str | list[str]) -> str | tuple[str, ...]:
    return value if isinstance(value, str) else tuple(value)


def _digest(services: Services, chosen: bytes) -> bytes:
    return services.sealer.mac(KEY_ID_PURPOSE, chosen)[:DIGEST_BYTES]
