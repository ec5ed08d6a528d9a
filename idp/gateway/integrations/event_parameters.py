"""`requestParameters` of a function behind a REST API: mapped values in place of the client's.

Source: observed, test_lambda_aws_proxy_integration_request_data_mapping.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from idp.gateway.integrations.mapping import mapped_headers, mapped_parameters, mapping_context

if TYPE_CHECKING:
    from collections.abc import Mapping

    from idp.domain.rest_api import Integration
    from idp.gateway.visit import Grant, Visit


def with_parameters(event: dict[str, Any], integration: Integration, visit: Visit, grant: Grant) -> dict[str, Any]:
    """Return an event of format 1.0 with the mapped headers, query and path parameters.

    Raises:
        Refused: MISCONFIGURED when a header is mapped that the gateway writes itself.
    """
    if not integration.request_parameters:
        return event
    context = mapping_context(visit, grant)
    headers = mapped_headers(integration, visit, context)
    query = mapped_parameters(integration.request_parameters, "querystring", visit, context)
    path = mapped_parameters(integration.request_parameters, "path", visit, context)
    replaced = {name.lower() for name in headers}
    return {
        **event,
        "headers": _merged(event["headers"], headers, replaced) or None,
        "multiValueHeaders": _merged(event["multiValueHeaders"], _listed(headers), replaced) or None,
        "queryStringParameters": {**(event["queryStringParameters"] or {}), **query} or None,
        "multiValueQueryStringParameters": {**(event["multiValueQueryStringParameters"] or {}), **_listed(query)}
        or None,
        "pathParameters": {**(event["pathParameters"] or {}), **path} or None,
    }


def _merged(held: Mapping[str, Any] | None, mapped: Mapping[str, Any], replaced: set[str]) -> dict[str, Any]:
    kept = {name: value for name, value in (held or {}).items() if name.lower() not in replaced}
    return {**kept, **mapped}


def _listed(values: Mapping[str, str]) -> dict[str, list[str]]:
    return {name: [value] for name, value in values.items()}
