"""Deploying APIs, and finding the deployed ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from idp.domain.errors import InvalidParameter
from idp.domain.openapi import MalformedApi
from idp.domain.rest_api import RestApi

if TYPE_CHECKING:
    from idp.services import Services

API_ID = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
ID_LENGTH = 10
_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"


def deploy_api(
    services: Services,
    document: Mapping[str, Any],
    *,
    api_id: str | None = None,
    stage: str | None = None,
    account: str | None = None,
    region: str | None = None,
) -> RestApi:
    """Make a document the API of that id, in place of what was there; a document that is there already is left alone.

    Args:
        document: OpenAPI 2 or 3 with `x-amazon-apigateway-*` extensions, parsed.
        api_id: a DNS label in lower case; a new one when None.
        stage: `prod` when None.
        account: the default account when None.
        region: the default region when None.

    Raises:
        InvalidParameter: the document defines no API that can be served, or the id is none; the message says where.
        ConcurrentModification: somebody else deployed the same API at the same time.
    """
    now = services.clock.now()
    rest_api = RestApi(
        id=_new_id(services) if api_id is None else _checked_id(api_id),
        account=account or services.settings.account,
        region=region or services.settings.region,
        name=_title(document),
        stage=stage or "prod",
        document=document,
        created_at=now,
        deployed_at=now,
    )
    try:
        _ = rest_api.definition
    except MalformedApi as error:
        raise InvalidParameter(error.message) from error
    return _store(services, rest_api)


def find_api(services: Services, api_id: str) -> RestApi | None:
    """Return a deployed API, kept in the process; a new deployment is seen within a second."""
    return services.catalog.rest_apis.find(api_id)


def _store(services: Services, rest_api: RestApi) -> RestApi:
    with services.unit_of_work() as work:
        found = work.rest_apis.find(rest_api.id)
        if found is not None and _is_same(found, rest_api):
            return found
        if found is None:
            work.rest_apis.add(rest_api)
        else:
            rest_api = replace(rest_api, created_at=found.created_at, version=found.version + 1)
            work.rest_apis.save(rest_api, replaced_version=found.version)
        work.commit()
    services.catalog.rest_apis.forget(rest_api.id)
    return rest_api


def _is_same(found: RestApi, wanted: RestApi) -> bool:
    return (
        replace(found, created_at=wanted.created_at, deployed_at=wanted.deployed_at, version=wanted.version) == wanted
    )


def _title(document: Mapping[str, Any]) -> str:
    info = document.get("info") if isinstance(document, Mapping) else None
    title = info.get("title") if isinstance(info, Mapping) else None
    return title if isinstance(title, str) and title else "API"


def _new_id(services: Services) -> str:
    return "".join(_ALPHABET[services.random.below(len(_ALPHABET))] for _ in range(ID_LENGTH))


def _checked_id(api_id: str) -> str:
    if not API_ID.fullmatch(api_id):
        raise InvalidParameter(f"{api_id} is no API id: letters a to z, digits and hyphens are allowed, 63 at most.")
    return api_id
