"""Whatever a user pool's operation is sent, it answers as its model says, and never by an error of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from flask import Flask

from idp import aws
from idp.aws import registry
from idp.aws.models import service_model
from idp.services import Services
from tests.fuzz.campaign import Campaign
from tests.fuzz.door import Door
from tests.fuzz.known_of_pools import known_of_pools
from tests.fuzz.world import World

SERVED = sorted(registry.collect([aws]).served("cognito-idp"))
LEAST_SHARE = 0.2
"""Of the inputs so many are well-formed at least: they are answered, or refused for what they ask."""

MODEL = service_model("cognito-idp")


@pytest.fixture(scope="session")
def door(fuzzed: Flask) -> Door:
    """The door of the user pools' API."""
    return Door(fuzzed, signing_name="cognito-idp", target="AWSCognitoIdentityProviderService")


@pytest.fixture(scope="session")
def known(door: Door, fuzzed_services: Services) -> Mapping[str, Sequence[Any]]:
    """What there is in the server's pool."""
    return known_of_pools(door, fuzzed_services)


@pytest.fixture(scope="session")
def world(known: object, remember: Callable[[], World]) -> World:
    """The server with its pool, as it is put back again and again."""
    return remember()


@pytest.mark.parametrize("operation", SERVED)
def test_no_input_gets_an_error_of_ours(
    world: World, door: Door, known: Mapping[str, Sequence[Any]], operation: str
) -> None:
    campaign = Campaign(MODEL.operation_model(operation), known, door.send)

    campaign.run(world.put_back)

    assert campaign.share_beyond_the_model > LEAST_SHARE
