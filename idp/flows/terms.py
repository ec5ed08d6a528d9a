"""Clients' terms of use and privacy policies.  Source: spec USER_POOLS sections 11.9 and 13.1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from idp.domain.errors import LimitExceeded, ResourceNotFound
from idp.domain.terms import Terms, check_links
from idp.flows.clients import describe_client

if TYPE_CHECKING:
    from idp.domain.user_pool import UserPool
    from idp.services import Services

MAX_TERMS = 40


def create_terms(
    services: Services, user_pool: UserPool, *, client_id: str, name: str, links: Mapping[str, str]
) -> Terms:
    """Give a client a document.

    Raises:
        ResourceNotFound, InvalidParameter, TermsTaken, LimitExceeded.
    """
    check_links(links)
    client = describe_client(services, user_pool, client_id)
    now = services.clock.now()
    terms = Terms(services.random.uuid(), user_pool.id, client.id, name, links, created_at=now, updated_at=now)
    with services.unit_of_work() as work:
        if work.terms.count(user_pool.id) >= MAX_TERMS:
            raise LimitExceeded(f"A user pool has at most {MAX_TERMS} terms documents.")
        work.terms.add(terms)
        work.commit()
    return terms


def get_terms(services: Services, user_pool: UserPool, terms_id: str) -> Terms:
    """Return a document; raises ResourceNotFound."""
    with services.reading() as work:
        terms = work.terms.find(user_pool.id, terms_id)
    if terms is None:
        raise _not_found()
    return terms


def get_terms_of_client(services: Services, user_pool: UserPool, client_id: str, name: str) -> Terms:
    """Return a client's document; raises ResourceNotFound."""
    client = describe_client(services, user_pool, client_id)
    with services.reading() as work:
        terms = work.terms.find_of_client(client.id, name)
    if terms is None:
        raise _not_found()
    return terms


def update_terms(
    services: Services, user_pool: UserPool, terms_id: str, *, name: str | None, links: Mapping[str, str] | None
) -> Terms:
    """Change a document; what is None stays.

    Raises:
        ResourceNotFound, InvalidParameter; TermsTaken: the client has another one of that name.
    """
    if links is not None:
        check_links(links)
    with services.unit_of_work() as work:
        stored = work.terms.find(user_pool.id, terms_id)
        if stored is None:
            raise _not_found()
        changed = replace(
            stored,
            name=name or stored.name,
            links=stored.links if links is None else links,
            updated_at=services.clock.now(),
        )
        work.terms.save(changed)
        work.commit()
    return changed


def delete_terms(services: Services, user_pool: UserPool, terms_id: str) -> None:
    """Delete a document; raises ResourceNotFound."""
    with services.unit_of_work() as work:
        if not work.terms.delete(user_pool.id, terms_id):
            raise _not_found()
        work.commit()


def list_terms(services: Services, user_pool: UserPool, *, after: str, limit: int) -> list[Terms]:
    """Return up to `limit` documents of a pool, by id, after the id given."""
    with services.reading() as work:
        return work.terms.list_page(user_pool.id, after=after, limit=limit)


def _not_found() -> ResourceNotFound:
    """Return the refusal.  Unknown: the sentence."""
    return ResourceNotFound("Terms do not exist.")
