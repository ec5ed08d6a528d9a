"""Every operation of a served model is served, or declined with a reason, and never both."""

from __future__ import annotations

from functools import cache

import pytest

from idp import aws
from idp.aws.declined import DECLINED
from idp.aws.models import service_model
from idp.aws.registry import Registry, collect
from idp.aws.types_generator import MODULES

SERVICES = tuple(MODULES)


@cache
def registry() -> Registry:
    return collect([aws])


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_is_served_or_declined(service: str) -> None:
    modelled = set(service_model(service).operation_names)

    assert registry().served(service) | set(DECLINED[service]) == modelled


@pytest.mark.parametrize("service", SERVICES)
def test_no_operation_is_both_served_and_declined(service: str) -> None:
    assert registry().served(service) & set(DECLINED[service]) == set()


@pytest.mark.parametrize("service", SERVICES)
def test_every_served_operation_can_be_compiled(service: str) -> None:
    assert all(registry().find(service, name) for name in registry().served(service))
