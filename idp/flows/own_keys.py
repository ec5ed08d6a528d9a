"""The keys of our own user pools, for verifying their tokens in process."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    from idp.services import Services


class OwnKeys:
    """A `KeySource` of the authorizer library over the process's key ring."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def key(self, issuer: str, kid: str) -> RSAPublicKey | None:
        """Return a pool's public key; None for issuers that are not ours and keys that the pool does not have."""
        pool_id = find_pool_id(self._services, issuer)
        return None if pool_id is None else self._services.keyring.find_public(pool_id, kid)


def find_pool_id(services: Services, issuer: str) -> str | None:
    """Return the pool that issues under an `iss`; None when no pool of ours does.

    The key ring makes keys for whom it is asked, so only pools that exist are named to it.
    """
    pool_id = issuer.rpartition("/")[2]
    if services.settings.issuer(pool_id) != issuer or services.catalog.user_pools.find(pool_id) is None:
        return None
    return pool_id
