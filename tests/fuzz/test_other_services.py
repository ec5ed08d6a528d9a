"""Whatever an operation of the other services is sent, it answers as its model says, and never by an error of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from idp import aws
from idp.aws import registry
from idp.aws.models import service_model
from tests.fuzz.campaign import INPUTS, Campaign, Send
from tests.fuzz.door import Door
from tests.fuzz.form_door import FormDoor
from tests.fuzz.known_of_accounts import known_of_account, known_of_functions, known_of_identity_pools
from tests.fuzz.rest_door import RestDoor
from tests.fuzz.world import World

SERVICES = ("cognito-identity", "sts", "iam", "lambda")
REGISTRY = registry.collect([aws])
SERVED = [(service, name) for service in SERVICES for name in sorted(REGISTRY.served(service))]
LEAST_SHARE = 0.2


@dataclass(frozen=True)
class Account:
    """An account with something of everything, and the doors to it."""

    send: Mapping[str, Send]
    known: Mapping[str, Sequence[Any]]
    world: World


@pytest.fixture(scope="session")
def account(fuzzed: Flask, remember: Callable[[], World]) -> Account:
    """An account on the server."""
    users = Door(fuzzed, signing_name="cognito-idp", target="AWSCognitoIdentityProviderService")
    identities = Door(fuzzed, signing_name="cognito-identity", target="AWSCognitoIdentityService")
    sts, iam = (FormDoor(fuzzed, service_model(service)) for service in ("sts", "iam"))
    functions = RestDoor(fuzzed, service_model("lambda"))
    pools = known_of_identity_pools(users, identities)
    identity = pools["GetOpenIdToken"][0]
    token = identities.ask("GetOpenIdToken", **identity)["Token"]
    known = {**pools, **known_of_account(iam, pools["IdentityPoolId"][0], token), **known_of_functions(functions)}
    send = {"cognito-identity": identities.send, "sts": sts.send, "iam": iam.send, "lambda": functions.send}
    return Account(send, known, remember())


@pytest.mark.parametrize(("service", "operation"), SERVED)
def test_no_input_gets_an_error_of_ours(account: Account, service: str, operation: str) -> None:
    model = service_model(service).operation_model(operation)
    campaign = Campaign(model, account.known, account.send[service], inputs=INPUTS // 4)

    campaign.run(account.world.put_back)

    assert campaign.share_beyond_the_model > LEAST_SHARE
