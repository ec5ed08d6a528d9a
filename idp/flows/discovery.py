"""What a user pool publishes about itself: its keys, and where its endpoints are.

Source: RFC 7517; OpenID Connect Discovery 1.0 section 3; spec USER_POOLS sections 4.1 and 9.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from idp.flows.lookups import get_user_pool

if TYPE_CHECKING:
    from idp.domain.user_pool import UserPool
    from idp.services import Services


def jwks(services: Services, pool_id: str) -> bytes:
    """Return a pool's JWK Set as JSON; raises ResourceNotFound."""
    return services.keyring.jwks(get_user_pool(services, pool_id).id)


def configuration(services: Services, user_pool: UserPool, domain_url: str | None) -> bytes:
    """Return a pool's openid-configuration as JSON.

    Args:
        domain_url: of the pool's domain, without a trailing slash; without a domain the endpoints lead nowhere, as
            Cognito's do.
    """
    home = f"{services.settings.base_url}/{user_pool.id}"
    issuer = services.settings.issuer(user_pool.id)
    return orjson.dumps(_members(issuer, home, domain_url or home))


def _members(issuer: str, home: str, base: str) -> dict[str, Any]:
    return {
        "authorization_endpoint": f"{base}/oauth2/authorize",
        "end_session_endpoint": f"{base}/logout",
        "id_token_signing_alg_values_supported": ["RS256"],
        "issuer": issuer,
        "jwks_uri": f"{home}/.well-known/jwks.json",
        "response_types_supported": ["code", "token"],
        "revocation_endpoint": f"{base}/oauth2/revoke",
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
        "token_endpoint": f"{base}/oauth2/token",
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "userinfo_endpoint": f"{base}/oauth2/userInfo",
    }
