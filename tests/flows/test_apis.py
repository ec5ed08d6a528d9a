"""Deploying APIs."""

from __future__ import annotations

import pytest

from idp.domain.errors import InvalidParameter
from idp.flows.apis import deploy_api, find_api
from idp.services import Services
from tests.fakes import FakeClock
from tests.gateway.documents import operation, rest_api

PETS = rest_api({"/pets": {"get": operation()}})
CATS = rest_api({"/cats": {"get": operation()}})


def test_a_deployed_api_is_found(services: Services) -> None:
    made = deploy_api(services, PETS, api_id="pets", stage="test")
    found = find_api(services, "pets")
    assert found == made
    assert (made.stage, made.version, made.account, made.region) == ("test", 1, "000000000000", "us-east-1")


def test_an_api_gets_an_id_and_a_stage_when_none_is_given(services: Services) -> None:
    made = deploy_api(services, PETS)
    assert len(made.id) == 10
    assert made.stage == "prod"


def test_the_same_document_deploys_once(services: Services, clock: FakeClock) -> None:
    first = deploy_api(services, PETS, api_id="pets")
    clock.advance(60)
    assert deploy_api(services, PETS, api_id="pets") == first


def test_another_document_takes_the_place_of_the_first(services: Services, clock: FakeClock) -> None:
    first = deploy_api(services, PETS, api_id="pets")
    clock.advance(60)
    second = deploy_api(services, CATS, api_id="pets")
    assert (second.version, second.created_at) == (2, first.created_at)
    assert second.deployed_at > first.deployed_at
    found = find_api(services, "pets")
    assert found is not None
    assert [route.path for route in found.definition.routes] == ["/cats"]


def test_a_document_that_cannot_be_served_leaves_the_api_alone(services: Services) -> None:
    first = deploy_api(services, PETS, api_id="pets")
    with pytest.raises(InvalidParameter, match="there is none, so the route has nothing behind it"):
        deploy_api(services, rest_api({"/": {"get": {}}}), api_id="pets")
    assert find_api(services, "pets") == first


@pytest.mark.parametrize("api_id", ["", "A", "a_b", "-a", "a" * 64, "a/b", "a.b"])
def test_an_id_is_a_label_of_a_host_name(services: Services, api_id: str) -> None:
    with pytest.raises(InvalidParameter, match="is no API id"):
        deploy_api(services, PETS, api_id=api_id)


def test_an_api_is_parsed_once_for_all_who_find_it(services: Services) -> None:
    deploy_api(services, PETS, api_id="pets")
    first, second = find_api(services, "pets"), find_api(services, "pets")
    assert first is second
