"""Clients of a domain's pool: by the id that we gave, or by the URL of a metadata document that a policy lets in.

A document is retrieved when it is first needed and kept as long as it or its policy says. The app client of the policy
lends the other its settings.  Source: draft-ietf-oauth-client-id-metadata-document sections 4 to 6; Amazon Cognito
Developer Guide, "Client ID metadata documents".
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from idp.domain.cimd_policy import ClientMetadataUrl, find_policy, kept_for
from idp.domain.client_metadata import (
    MAX_DOCUMENT_BYTES,
    ClientMetadata,
    ClientMetadataRefused,
    acting_client,
    is_acceptable,
    is_local,
    is_url,
    listed,
    parse_document,
)
from idp.outbound.http import HttpFailed

if TYPE_CHECKING:
    from idp.domain.cimd_policy import CimdPolicy
    from idp.domain.client import Client
    from idp.domain.user_pool import UserPool
    from idp.outbound.http import HttpAnswer
    from idp.services import Services

TIMEOUT_S = 5.0
_UNAVAILABLE = "The client metadata document could not be retrieved."

log = logging.getLogger(__name__)


def find_client(services: Services, user_pool: UserPool, client_id: str, *, known_only: bool = False) -> Client | None:
    """Return the client that goes by an id or a URL in a pool; None when there is none.

    Args:
        known_only: a URL must have been seen before: nothing is asked of servers that nobody began a sign-in with.

    Raises:
        ClientMetadataRefused: a policy lets the URL in, and its document is bad or cannot be had.
    """
    if is_url(client_id):
        return _find_by_url(services, user_pool, client_id, known_only=known_only)
    client = services.catalog.clients.find(client_id)
    return client if client is not None and client.pool_id == user_pool.id else None


def retrieve(services: Services, policy: CimdPolicy, client_id: str) -> ClientMetadata:
    """Get a client's document from its URL and keep it; raises ClientMetadataRefused.  No transaction may be open."""
    answer = _fetched(services, client_id)
    metadata = parse_document(client_id, answer.body)
    now = services.clock.now()
    lifetime = kept_for(policy, _header(answer, "cache-control"))
    seen = ClientMetadataUrl(policy.id, listed(client_id), client_id, answer.body.decode(), now, now + lifetime)
    with services.unit_of_work() as work:
        work.cimd_policies.put_url(seen)
        work.commit()
    return metadata


def _find_by_url(services: Services, user_pool: UserPool, url: str, *, known_only: bool) -> Client | None:
    if not is_acceptable(url, allows_local=services.settings.local_metadata_clients):
        return None
    with services.reading() as work:
        policy = find_policy(work.cimd_policies.of_pool(user_pool.id), listed(url))
        seen = None if policy is None else work.cimd_policies.find_url(policy.id, listed(url))
    if policy is None or policy.client_id is None or (known_only and seen is None):
        return None
    client = services.catalog.clients.find(policy.client_id)
    if client is None:
        return None
    if seen is not None and seen.document is not None and seen.is_fresh(url, services.clock.now()):
        return acting_client(client, parse_document(url, seen.document))
    return acting_client(client, retrieve(services, policy, url))


def _fetched(services: Services, url: str) -> HttpAnswer:
    """Ask for the document; strangers are not told why it cannot be had, for that would tell them what is there."""
    try:
        answer = services.http.fetch_document(
            url,
            accept="application/json",
            max_bytes=MAX_DOCUMENT_BYTES,
            timeout_s=TIMEOUT_S,
            at_this_machine=url.startswith("http://") and is_local(url),
        )
    except HttpFailed as error:
        log.warning("no client metadata document: %s", error)
        raise ClientMetadataRefused(_UNAVAILABLE) from error
    media_type = _header(answer, "content-type").partition(";")[0].strip().lower()
    if answer.status != 200 or not (media_type == "application/json" or media_type.endswith("+json")):
        log.warning("no client metadata document: status %d, %r", answer.status, media_type[:80])
        raise ClientMetadataRefused(_UNAVAILABLE)
    return answer


def _header(answer: HttpAnswer, name: str) -> str:
    return next((value for key, value in answer.headers if key.lower() == name), "")
