"""Which client calls, and whether it is that client: by Basic header or in the body, never by both.

Source: RFC 6749 section 2.3.1; spec USER_POOLS section 9.4.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from idp.domain.client_metadata import ClientMetadataRefused
from idp.domain.oauth_error import OAuthRefused
from idp.flows.client_metadata import find_client
from idp.oauth.endpoint import Challenged

if TYPE_CHECKING:
    from idp.domain.client import Client
    from idp.services import Services
    from idp.web.site import Site

_BASIC = "basic "
_CHALLENGE = 'Basic realm="oauth2"'


@dataclass(frozen=True, slots=True)
class PresentedClient:
    """What a request says of its client; nothing of it is believed yet."""

    client_id: str
    secret: str | None = field(repr=False)
    by_header: bool


def authenticate_client(
    services: Services, site: Site, authorization: str | None, parameters: Mapping[str, str]
) -> Client:
    """Return the client that calls: one with a secret proves it, a public one only says its id.

    Args:
        authorization: the request's Authorization header.
        parameters: of the body.

    Raises:
        OAuthRefused: invalid_request for a client that is not named or named in two ways, invalid_client otherwise.
        Challenged: invalid_client, to a request that used the header.
    """
    presented = _presented(authorization, parameters)
    try:
        client = find_client(services, site.user_pool, presented.client_id, known_only=True)
    except ClientMetadataRefused as refusal:
        raise OAuthRefused("invalid_client", refusal.message) from refusal
    if client is None or not _is_proved(client, presented.secret):
        raise _invalid_client(presented)
    return client


def _presented(authorization: str | None, parameters: Mapping[str, str]) -> PresentedClient:
    client_id, secret = parameters.get("client_id"), parameters.get("client_secret")
    if authorization is None:
        if client_id is None:
            raise OAuthRefused("invalid_request", "client_id is missing.")
        return PresentedClient(client_id, secret, by_header=False)
    presented = _of_header(authorization)
    if secret is not None:
        raise OAuthRefused("invalid_request", "The client authenticates in two ways.")
    if client_id not in {None, presented.client_id}:
        raise OAuthRefused("invalid_request", "client_id differs from the Authorization header's.")
    return presented


def _of_header(authorization: str) -> PresentedClient:
    """Read a Basic header; percent-encoding is undone, a plus sign (allowed in ids and secrets) is left alone."""
    if not authorization.lower().startswith(_BASIC):
        raise OAuthRefused("invalid_request", "The Authorization header must be Basic.")
    try:
        text = base64.b64decode(authorization[len(_BASIC) :].strip(), validate=True).decode()
    except ValueError:  # not ASCII, not base64, or not UTF-8
        raise OAuthRefused("invalid_request", "The Authorization header is malformed.") from None
    client_id, colon, secret = text.partition(":")
    if not colon or not client_id:
        raise OAuthRefused("invalid_request", "The Authorization header is malformed.")
    return PresentedClient(unquote(client_id), unquote(secret) or None, by_header=True)


def _is_proved(client: Client, secret: str | None) -> bool:
    if client.secret is None or secret is None:
        return client.secret is None and secret is None
    return client.has_secret(secret)


def _invalid_client(presented: PresentedClient) -> Exception:
    refusal = OAuthRefused("invalid_client")
    return Challenged(refusal, 401, _CHALLENGE) if presented.by_header else refusal
