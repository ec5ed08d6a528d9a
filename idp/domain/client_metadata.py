"""Clients that name themselves by the URL of a document about them: which URLs and documents are taken.

Source: draft-ietf-oauth-client-id-metadata-document sections 3, 4 and 6; RFC 7591 section 2; Amazon Cognito Developer
Guide, "Client ID metadata documents": such clients are public and may not use client_credentials.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import SplitResult, urlsplit

import orjson

from idp.domain.client import Client
from idp.domain.client_settings import LOOPBACK_HOSTS, is_redirect_uri
from idp.domain.errors import InvalidParameter

MAX_DOCUMENT_BYTES = 5 * 1024
MAX_URL_CHARACTERS = 256
CODE_GRANT, REFRESH_GRANT = "authorization_code", "refresh_token"
_URL = re.compile(r"https?://[!$-;=?-Z_a-z~]+", re.ASCII)
_SECRETS = ("client_secret", "client_secret_expires_at")


class ClientMetadataRefused(InvalidParameter):
    """The document cannot be had, or says what it must not."""


@dataclass(frozen=True, slots=True)
class ClientMetadata:
    """What a document says.

    Attributes:
        client_id: the document's URL.
    """

    client_id: str
    redirect_uris: tuple[str, ...]
    grant_types: frozenset[str]


def is_url(client_id: str) -> bool:
    """Say whether a client names itself by a URL, good or bad; ids that we give have no colon."""
    return client_id.startswith(("https://", "http://"))


def is_acceptable(url: str, *, allows_local: bool) -> bool:
    """Say whether a URL may be a client's id.

    It is https, spelled in one way only, with a path and without user, dot segments or fragment.

    Args:
        allows_local: http to this machine will do, too.
    """
    if len(url) > MAX_URL_CHARACTERS or _URL.fullmatch(url) is None:
        return False
    try:
        parts = urlsplit(url)
        is_plain = parts.port != 0 and parts.netloc == parts.netloc.lower() and "@" not in parts.netloc
    except ValueError:
        return False
    if parts.scheme == "http" and not (allows_local and is_local(url)):
        return False
    return is_plain and bool(parts.hostname) and bool(parts.path) and not _has_dot_segments(parts)


def is_local(url: str) -> bool:
    """Say whether a URL is one of this machine's own."""
    return urlsplit(url).hostname in LOOPBACK_HOSTS


def listed(url: str) -> str:
    """Return a URL as policies and the API know it, always with https."""
    return f"https://{url.partition('://')[2]}"


def parse_document(client_id: str, text: str | bytes) -> ClientMetadata:
    """Read a document.

    Args:
        client_id: the URL that it was had from.
        text: bytes must be UTF-8.

    Raises:
        ClientMetadataRefused.
    """
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError:
        document = None
    if not isinstance(document, dict):
        raise ClientMetadataRefused("The client metadata document is not a JSON object.")
    if document.get("client_id") != client_id:
        raise ClientMetadataRefused("The client metadata document has another client_id than its URL.")
    _require_public(document)
    return ClientMetadata(client_id, _redirect_uris(document), _grant_types(document))


def acting_client(client: Client, metadata: ClientMetadata) -> Client:
    """Return the app client as another acts as it: public, with redirect URIs of its own, for codes only."""
    settings = {
        **client.settings,
        "AllowedOAuthFlows": [flow for flow in client.settings.get("AllowedOAuthFlows") or () if flow == "code"],
        "CallbackURLs": list(metadata.redirect_uris),
        "DefaultRedirectURI": None,
        "LogoutURLs": [],
    }
    return replace(client, settings=settings, secrets=(), metadata=metadata)


def _has_dot_segments(parts: SplitResult) -> bool:
    segments = parts.path.lower().replace("%2e", ".").split("/")
    return not {".", ".."}.isdisjoint(segments)


def _require_public(document: Mapping[str, Any]) -> None:
    """Refuse secrets and every authentication; what is left out is `none`, the only method there is here."""
    if any(name in document for name in _SECRETS):
        raise ClientMetadataRefused("The client metadata document must hold no client secret.")
    if document.get("token_endpoint_auth_method", "none") != "none":
        raise ClientMetadataRefused("The client metadata document must have token_endpoint_auth_method none.")


def _redirect_uris(document: Mapping[str, Any]) -> tuple[str, ...]:
    uris = document.get("redirect_uris")
    if not isinstance(uris, list) or not uris or not all(isinstance(uri, str) and is_redirect_uri(uri) for uri in uris):
        raise ClientMetadataRefused("The client metadata document must have redirect_uris that answers may go to.")
    return tuple(uris)


def _grant_types(document: Mapping[str, Any]) -> frozenset[str]:
    """Return the grants that the client uses; without any it is the code alone.  Source: RFC 7591 section 2."""
    grants = document.get("grant_types", [CODE_GRANT])
    if not isinstance(grants, list) or CODE_GRANT not in grants or not all(isinstance(each, str) for each in grants):
        raise ClientMetadataRefused(f"The client metadata document must have {CODE_GRANT} among its grant_types.")
    return frozenset(grants)
