"""Policies for clients by metadata document, and the URLs seen under them, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from idp.domain.cimd_policy import CimdPolicy, ClientMetadataUrl
from idp.store.unit_of_work import UnitOfWork, UnitsOfWork
from tests.fakes import START
from tests.store.rows import CLIENT, POOL

POLICY = CimdPolicy("0a1b", POOL, CLIENT, "agents", 86_400, ["https://example.com/*"], START, START)
URL = "https://example.com/a"
SEEN = ClientMetadataUrl(POLICY.id, URL, URL, '{"client_id": "…"}', START, START + timedelta(days=1))


def test_a_policy_comes_back_as_it_was_stored(work: UnitOfWork) -> None:
    work.cimd_policies.add(POLICY)

    assert work.cimd_policies.find(POOL, POLICY.id) == POLICY
    assert work.cimd_policies.of_pool(POOL) == work.cimd_policies.list_page(POOL, limit=9) == [POLICY]
    assert work.cimd_policies.find("another pool", POLICY.id) is None


def test_a_url_is_stored_once_and_then_in_place_of_itself(work: UnitOfWork) -> None:
    work.cimd_policies.add(POLICY)
    work.cimd_policies.put_url(SEEN)
    forgotten = replace(SEEN, document=None, cached_at=None, expires_at=None)

    work.cimd_policies.put_url(forgotten)

    assert work.cimd_policies.list_urls(POLICY.id, limit=9) == [forgotten]
    assert work.cimd_policies.list_urls(POLICY.id, after=URL, limit=9) == []


def test_a_url_of_a_policy_that_is_gone_is_not_stored_and_harms_nothing_else(units: UnitsOfWork) -> None:
    with units.writing() as work:
        work.cimd_policies.add(POLICY)
        work.cimd_policies.put_url(replace(SEEN, policy_id="gone"))
        work.commit()

    with units.reading() as work:
        assert work.cimd_policies.find(POOL, POLICY.id) == POLICY
        assert work.cimd_policies.find_url("gone", URL) is None


def test_a_policy_goes_with_its_urls_and_stays_without_its_client(work: UnitOfWork) -> None:
    work.cimd_policies.add(POLICY)
    work.cimd_policies.put_url(SEEN)

    work.clients.delete(CLIENT)
    assert work.cimd_policies.find(POOL, POLICY.id) == replace(POLICY, client_id=None)

    assert work.cimd_policies.delete(POOL, POLICY.id)
    assert work.cimd_policies.find_url(POLICY.id, URL) is None
