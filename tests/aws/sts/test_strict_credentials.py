"""As in `idp serve`: nobody is believed without a key of this server."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from idp.flows.access_keys import create_access_key
from idp.services import Services
from idp.settings import Settings
from tests.aws.sts.conftest import ACCOUNT
from tests.sdk import refused


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, any_credentials=False)


@pytest.mark.parametrize("key", ["test", ACCOUNT, "AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE"])
def test_an_unknown_key_is_refused(aws: Any, key: str) -> None:
    with refused("InvalidClientTokenId", "The security token included in the request is invalid."):
        aws("sts", key=key).get_caller_identity()


def test_a_stored_key_of_the_root_signs(aws: Any, services: Services) -> None:
    key = create_access_key(services, ACCOUNT, None)

    caller = aws("sts", key=key.id, secret=key.secret).get_caller_identity()

    assert caller["Arn"] == f"arn:aws:iam::{ACCOUNT}:root"


def test_a_stored_key_takes_no_session_token(aws: Any, services: Services) -> None:
    key = create_access_key(services, ACCOUNT, None)

    with refused("InvalidClientTokenId", "The security token included in the request is invalid."):
        aws("sts", key=key.id, secret=key.secret, token="a token").get_caller_identity()
