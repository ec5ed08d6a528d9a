"""Public keys of token issuers: our own from the process, foreign ones over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from idp.authorizer.jwks import TIMEOUT_S, JwksCache, JwksUnavailable
from idp.flows.own_keys import find_pool_id
from idp.outbound.http import HttpClient, HttpFailed

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    from idp.authorizer.jwt import KeySource
    from idp.services import Services

OK = 200


class KeysOfIssuers:
    """A `KeySource` that asks no server for the keys of our own pools."""

    def __init__(self, services: Services, own: KeySource, foreign: JwksCache) -> None:
        self._services = services
        self._own = own
        self._foreign = foreign

    def key(self, issuer: str, kid: str) -> RSAPublicKey | None:
        """Return the key an issuer publishes under a key id; None when there is none."""
        source: KeySource = self._foreign if find_pool_id(self._services, issuer) is None else self._own
        return source.key(issuer, kid)


def fetch_through(http: HttpClient) -> Callable[[str], bytes]:
    """Return what fetches documents of issuers over the process's kept connections."""

    def fetch(url: str) -> bytes:
        try:
            answer = http.request("GET", url, timeout_s=TIMEOUT_S)
        except HttpFailed as error:
            raise JwksUnavailable("The issuer does not answer.") from error
        if answer.status != OK:
            raise JwksUnavailable(f"The issuer answered with status {answer.status}.")
        return answer.body

    return fetch
