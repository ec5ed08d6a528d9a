"""Members that a document may have: what is not known is refused, so that nothing is accepted and then without effect.

What is known and has no effect here is named in docs/apis.md, each with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from idp.domain.openapi.members import MalformedApi, mapping

OF_DOCUMENT: Final = frozenset(
    {
        "x-amazon-apigateway-binary-media-types",
        "x-amazon-apigateway-cors",
        "x-amazon-apigateway-documentation",
        "x-amazon-apigateway-endpoint-configuration",
        "x-amazon-apigateway-gateway-responses",
        "x-amazon-apigateway-importexport-version",
        "x-amazon-apigateway-policy",
        "x-amazon-apigateway-request-validators",
        "x-idp-api-type",
        "x-idp-stage-variables",
    }
)
OF_OPERATION: Final = frozenset({"x-amazon-apigateway-auth", "x-amazon-apigateway-integration"})
OF_PATH: Final = frozenset({"x-amazon-apigateway-any-method"})
OF_SCHEME: Final = frozenset({"x-amazon-apigateway-authorizer", "x-amazon-apigateway-authtype"})
OF_ENDPOINT: Final = frozenset({"disableExecuteApiEndpoint", "ipAddressType", "types"})
_OURS: Final = ("x-amazon-apigateway-", "x-idp-")


def require_known(given: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    """Refuse members that are not known.

    Raises:
        MalformedApi: there is one.
    """
    for name in given:
        if name not in known:
            raise MalformedApi(where, f"{name} is not served.")


def require_known_extensions(given: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    """Refuse extensions of API Gateway and of ours that are not known; those of others say nothing to a gateway.

    Raises:
        MalformedApi: there is one.
    """
    require_known({name: value for name, value in given.items() if name.startswith(_OURS)}, known, where)


def require_known_document(document: Mapping[str, Any]) -> None:
    """Refuse what the top of a document, and its endpoints, may not ask for.

    Raises:
        MalformedApi: it asks for what is not served.
    """
    require_known_extensions(document, OF_DOCUMENT, "document")
    name = "x-amazon-apigateway-endpoint-configuration"
    _require_public_endpoint(document.get(name), name)
    servers = document.get("servers")
    for index, server in enumerate(servers if isinstance(servers, list) else ()):
        where = f"servers.{index}"
        require_known_extensions(mapping(server, where), frozenset({name}), where)
        _require_public_endpoint(server.get(name), f"{where}.{name}")


def _require_public_endpoint(value: Any, where: str) -> None:
    endpoint = mapping(value, where)
    require_known(endpoint, OF_ENDPOINT, where)
    if endpoint.get("disableExecuteApiEndpoint") not in (None, False):
        raise MalformedApi(f"{where}.disableExecuteApiEndpoint", "an API has no other endpoint here.")
    if "PRIVATE" in str(endpoint.get("types", "")).upper():
        raise MalformedApi(f"{where}.types", "private endpoints are not served.")
