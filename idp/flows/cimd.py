"""Policies for clients by metadata document: made, changed and deleted, and what is kept under them.

Source: AWS API_CreateCIMDPolicy, API_UpdateCIMDPolicy, API_UpdateClientMetadataURLState.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from idp.domain.cimd_policy import SHORTEST_CACHE_S, CimdPolicy, ClientMetadataUrl, check_patterns
from idp.domain.errors import ClientMetadataUrlUnknown, LimitExceeded, ResourceNotFound
from idp.flows.client_metadata import retrieve
from idp.flows.clients import describe_client

if TYPE_CHECKING:
    from idp.domain.user_pool import UserPool
    from idp.services import Services

MAX_POLICIES = 50  # Unknown: Cognito's number; every sign-in of such a client reads them all.


def create_cimd_policy(
    services: Services,
    user_pool: UserPool,
    *,
    client_id: str,
    name: str,
    url_patterns: Sequence[str],
    cache_s: int = SHORTEST_CACHE_S,
) -> CimdPolicy:
    """Let clients whose URL fits a pattern act as an app client.

    Raises:
        ResourceNotFound, InvalidParameter, LimitExceeded.
    """
    check_patterns(url_patterns)
    client = describe_client(services, user_pool, client_id)
    now = services.clock.now()
    policy_id = services.random.uuid().replace("-", "")
    policy = CimdPolicy(policy_id, user_pool.id, client.id, name, cache_s, url_patterns, created_at=now, updated_at=now)
    with services.unit_of_work() as work:
        if work.cimd_policies.count(user_pool.id) >= MAX_POLICIES:
            raise LimitExceeded(f"A user pool has at most {MAX_POLICIES} CIMD policies.")
        work.cimd_policies.add(policy)
        work.commit()
    return policy


def get_cimd_policy(services: Services, user_pool: UserPool, policy_id: str) -> CimdPolicy:
    """Return a policy; raises ResourceNotFound."""
    with services.reading() as work:
        policy = work.cimd_policies.find(user_pool.id, policy_id)
    if policy is None:
        raise _not_found()
    return policy


def update_cimd_policy(
    services: Services,
    user_pool: UserPool,
    policy_id: str,
    *,
    client_id: str,
    url_patterns: Sequence[str],
    name: str | None,
    cache_s: int | None,
) -> CimdPolicy:
    """Change a policy; a name or a duration that is None stays.

    Raises:
        ResourceNotFound, InvalidParameter.
    """
    check_patterns(url_patterns)
    client = describe_client(services, user_pool, client_id)
    with services.unit_of_work() as work:
        stored = work.cimd_policies.find(user_pool.id, policy_id)
        if stored is None:
            raise _not_found()
        changed = replace(
            stored,
            client_id=client.id,
            name=name or stored.name,
            cache_s=cache_s or stored.cache_s,
            url_patterns=url_patterns,
            updated_at=services.clock.now(),
        )
        work.cimd_policies.save(changed)
        work.commit()
    return changed


def delete_cimd_policy(services: Services, user_pool: UserPool, policy_id: str) -> None:
    """Delete a policy: its clients are refused at once; raises ResourceNotFound."""
    with services.unit_of_work() as work:
        if not work.cimd_policies.delete(user_pool.id, policy_id):
            raise _not_found()
        work.commit()


def list_cimd_policies(services: Services, user_pool: UserPool, *, after: str, limit: int) -> list[CimdPolicy]:
    """Return up to `limit` policies of a pool, by id, after the id given."""
    with services.reading() as work:
        return work.cimd_policies.list_page(user_pool.id, after=after, limit=limit)


def list_client_metadata_urls(
    services: Services, policy: CimdPolicy, *, after: str, limit: int
) -> list[ClientMetadataUrl]:
    """Return up to `limit` URLs that were seen under a policy, in order, after the URL given."""
    with services.reading() as work:
        return work.cimd_policies.list_urls(policy.id, after=after, limit=limit)


def refresh_client_metadata(services: Services, policy: CimdPolicy, url: str) -> None:
    """Retrieve a document again; what is kept stays when that fails.

    Raises:
        ClientMetadataUrlUnknown; ClientMetadataRefused: an InvalidParameter, when the document is bad or cannot be had.
    """
    retrieve(services, policy, _get_url(services, policy, url).client_id)


def invalidate_client_metadata(services: Services, policy: CimdPolicy, url: str) -> None:
    """Forget a document: the next request of the client needs a good one; raises ClientMetadataUrlUnknown."""
    seen = _get_url(services, policy, url)
    with services.unit_of_work() as work:
        work.cimd_policies.put_url(replace(seen, document=None, cached_at=None, expires_at=None))
        work.commit()


def _get_url(services: Services, policy: CimdPolicy, url: str) -> ClientMetadataUrl:
    with services.reading() as work:
        seen = work.cimd_policies.find_url(policy.id, url)
    if seen is None:
        raise ClientMetadataUrlUnknown
    return seen


def _not_found() -> ResourceNotFound:
    """Return the refusal.  Unknown: the sentence."""
    return ResourceNotFound("CIMD policy does not exist.")
