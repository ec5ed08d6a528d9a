"""Request quotas: off by default; by category, account and region where they are on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from idp.app import mount_faces
from idp.domain.request_quota import ANSWERS, CATEGORY_OF, DEFAULT_RATES, parse_quotas
from idp.outbound.request_quotas import RequestQuotas
from idp.settings import SettingsRefused, from_environment
from tests.aws.cognito_idp.people import a_pool, with_ann
from tests.sdk import client_of, refused

if TYPE_CHECKING:
    from flask import Flask

    from idp.services import Services
    from tests.fakes import FakeClock

NO_POOL = "us-east-1_000000000"


@pytest.fixture
def limited(services: Services) -> Flask:
    """A server that lets two sign-ins, and two reads of pools, through in a second."""
    quotas = RequestQuotas(parse_quotas("UserPoolRead=2,UserAuthentication=2"))
    return mount_faces(replace(services, request_quotas=quotas))


def read(idp: Any) -> Any:
    return idp.list_user_pools(MaxResults=1)


def test_a_request_over_the_rate_is_refused_until_time_has_passed(limited: Flask, clock: FakeClock) -> None:
    idp = client_of(limited, "cognito-idp")
    for _ in range(2):
        read(idp)
    with refused("TooManyRequestsException", "Rate exceeded"):
        read(idp)
    clock.advance(0.5)
    read(idp)
    with refused("TooManyRequestsException"):
        read(idp)


def test_what_was_not_used_does_not_add_up(limited: Flask, clock: FakeClock) -> None:
    idp = client_of(limited, "cognito-idp")
    read(idp)
    clock.advance(3600)
    for _ in range(2):
        read(idp)
    with refused("TooManyRequestsException"):
        read(idp)


@pytest.mark.parametrize("other", [{"key": "222222222222"}, {"region": "eu-west-1"}], ids=["account", "region"])
def test_others_have_their_own(limited: Flask, other: Any) -> None:
    idp = client_of(limited, "cognito-idp")
    for _ in range(2):
        read(idp)

    assert read(client_of(limited, "cognito-idp", **other))


def test_a_category_does_not_count_for_another(limited: Flask) -> None:
    idp = client_of(limited, "cognito-idp")
    for _ in range(2):
        read(idp)
    with refused("ResourceNotFoundException"):
        idp.list_users(UserPoolId=NO_POOL)


def test_refused_requests_count_so_that_guessing_is_slow(limited: Flask) -> None:
    idp = client_of(limited, "cognito-idp")
    pool = with_ann(a_pool(idp))
    for _ in range(2):
        with refused("NotAuthorizedException"):
            pool.sign_in(password="wrong")
    with refused("TooManyRequestsException"):
        pool.sign_in()


def test_nothing_is_limited_by_default(idp: Any) -> None:
    for _ in range(20):
        read(idp)


def test_answers_may_be_three_times_as_many_as_sign_ins() -> None:
    assert parse_quotas("UserAuthentication=10") == {"UserAuthentication": 10, ANSWERS: 30}


def test_the_defaults_are_cognitos_and_what_is_named_later_counts() -> None:
    assert parse_quotas("default,UserRead=5") == {**DEFAULT_RATES, "UserRead": 5, ANSWERS: 360}


@pytest.mark.parametrize("text", ["", "off", "UserRead", "UserRead=0", "UserRead=-1", "UserRead=1.5", "Unheard=1"])
def test_what_is_not_understood_does_not_start(text: str) -> None:
    with pytest.raises(SettingsRefused, match="IDP_QUOTAS is malformed"):
        from_environment({"IDP_QUOTAS": text}, "serve")


def test_every_category_is_of_operations_that_there_are(idp: Any) -> None:
    assert set(CATEGORY_OF) <= set(idp.meta.service_model.operation_names)
    assert set(CATEGORY_OF.values()) <= {*DEFAULT_RATES, ANSWERS}
