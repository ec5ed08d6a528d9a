"""Logins: tokens of identity providers by which somebody shows who they are to an identity pool.

Source: spec IDENTITY_POOLS sections 3 and 9.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from idp.authorizer.jwt import SignedClaims, verify_token
from idp.authorizer.unverified_token import TokenRefused, parse_token
from idp.domain.errors import InvalidParameter, NotAuthorized
from idp.domain.identity import LOGINS_DO_NOT_MATCH
from idp.domain.identity_pool import COGNITO_IDENTITY, IdentityPool, VerifiedLogin
from idp.flows.own_keys import OwnKeys

if TYPE_CHECKING:
    from idp.domain.user import User
    from idp.services import Services

UNSUPPORTED = "Token is not from a supported provider of this identity pool."
NO_AUDIENCE = "Invalid login token. Missing a required claim: aud"
NOT_COGNITO = "Invalid login token. Not a Cognito token."
INACTIVE = "Token is inactive"
PUBLIC_PROVIDER_WANTED = "Please provide a valid public provider."
CLOCK_SKEW = timedelta(minutes=5)

_REFUSALS = {
    "malformed": "Invalid login token. Not a valid OpenId Connect identity token.",
    "wrong_issuer": "Invalid login token. Issuer doesn't match providerName",
}
_UNVERIFIED = "Invalid login token. Couldn't verify signed token."
_USER_POOL = re.compile(r"cognito-idp\.([\w-]+)\.amazonaws\.com/(\1_[0-9a-zA-Z]+)", re.ASCII)


def verify_logins(services: Services, pool: IdentityPool, logins: Mapping[str, str]) -> list[VerifiedLogin]:
    """Return what every login proves; one that proves nothing fails all.

    Args:
        logins: tokens by provider name, at least one.

    Raises:
        NotAuthorized, InvalidParameter.
    """
    return [_verify_login(services, pool, provider, token) for provider, token in logins.items()]


def _verify_login(services: Services, pool: IdentityPool, provider: str, unverified_token: str) -> VerifiedLogin:
    if provider == pool.developer_provider:
        raise InvalidParameter(PUBLIC_PROVIDER_WANTED)
    if provider == COGNITO_IDENTITY:
        raise NotAuthorized(NOT_COGNITO)
    if not pool.provider_names:
        raise NotAuthorized(LOGINS_DO_NOT_MATCH)
    user_pool = _USER_POOL.fullmatch(provider)
    if user_pool is None or provider not in pool.provider_names:
        raise NotAuthorized(UNSUPPORTED)
    claims = _verify_id_token(services, user_pool[2], unverified_token)
    server_side_check = pool.user_pool_clients.get((provider, claims["aud"]))
    if server_side_check is None:
        raise NotAuthorized(UNSUPPORTED)
    if server_side_check:
        _require_active(services, user_pool[2], claims)
    return VerifiedLogin(provider, claims["aud"], claims["sub"], claims)


def _verify_id_token(services: Services, user_pool_id: str, unverified_token: str) -> SignedClaims:
    now = services.clock.now()
    try:
        claims = verify_token(
            unverified_token,
            OwnKeys(services),
            now=now,
            issuers=(services.settings.issuer(user_pool_id),),
            token_use=None,
            leeway=CLOCK_SKEW,
        )
    except TokenRefused as refusal:
        if refusal.reason == "expired":
            raise NotAuthorized(_expired(now, parse_token(unverified_token).claims["exp"])) from refusal
        raise NotAuthorized(_REFUSALS.get(refusal.reason, _UNVERIFIED)) from refusal
    if claims["exp"] <= now.timestamp():
        raise NotAuthorized(_expired(now, claims["exp"]))
    if not isinstance(claims.get("aud"), str) or claims.get("token_use") != "id":
        raise NotAuthorized(NO_AUDIENCE)
    return claims


def _expired(now: datetime, expires: int) -> str:
    return f"Invalid login token. Token expired: {int(now.timestamp())} >= {expires}"


def _require_active(services: Services, user_pool_id: str, claims: Mapping[str, Any]) -> None:
    """Ask the user pool whether the user is there, enabled, and still signed in (ServerSideTokenCheck)."""
    origin = claims.get("origin_jti")
    with services.reading() as work:
        if origin is None:
            user = work.users.find_by_sub(user_pool_id, claims["sub"])
        else:
            found = work.user_sessions.find_with_user(origin)
            user = None if found is None or found[0].revoked_at is not None else found[1]
    if user is None or not user.enabled or _signed_out_since(user, claims["iat"]):
        raise NotAuthorized(INACTIVE)


def _signed_out_since(user: User, issued_at: int) -> bool:
    return user.signed_out_at is not None and datetime.fromtimestamp(issued_at, UTC) <= user.signed_out_at
