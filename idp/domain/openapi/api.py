"""The document as a whole: which kind of API it is, its routes, and what holds for all of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from idp.authorizer.policy import MalformedPolicy, PolicyDocument, parse_policy
from idp.domain.openapi import members
from idp.domain.openapi.authorizers import IAM, parse_schemes
from idp.domain.openapi.gateway_responses import parse_gateway_responses
from idp.domain.openapi.integrations import parse_integration
from idp.domain.openapi.known import (
    OF_OPERATION,
    OF_PATH,
    require_known,
    require_known_document,
    require_known_extensions,
)
from idp.domain.openapi.members import MalformedApi
from idp.domain.rest_api import (
    ANY_METHOD,
    DEFAULT_ROUTE,
    DEFAULT_STAGE,
    ApiDefinition,
    ApiKind,
    Authorization,
    CorsConfiguration,
    Route,
)

METHODS: Final = ("get", "post", "put", "patch", "delete", "head", "options")
ANY_EXTENSION: Final = "x-amazon-apigateway-any-method"
NOT_METHODS: Final = frozenset({"$ref", "trace"})
CORS_MEMBERS: Final = frozenset(
    {"allowCredentials", "allowHeaders", "allowMethods", "allowOrigins", "exposeHeaders", "maxAge"}
)
SHORT_ARN: Final = "execute-api:/"
STAGE_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")
_NONE: Final = Authorization("NONE")
_VARIABLE = re.compile(r"\{([A-Za-z0-9._-]{1,128})(\+?)\}")


def parse_api(document: Mapping[str, Any], *, stage: str, arn: str) -> ApiDefinition:
    """Return the API that a document defines.

    Args:
        document: OpenAPI 2 or 3.
        stage: its name, which is checked.
        arn: of the API, `arn:aws:execute-api:region:account:id`, for policies in the short form.

    Raises:
        MalformedApi: it defines none, or asks for what this gateway does not serve.
    """
    document = members.mapping(document, "document")
    require_known_document(document)
    kind = api_kind(document)
    if not STAGE_NAME.fullmatch(stage) and not (stage == DEFAULT_STAGE and kind == "HTTP"):
        raise MalformedApi("stage", f"{stage} is no name of a {kind} API's stage.")
    variables = members.texts(document.get("x-idp-stage-variables"), "x-idp-stage-variables")
    return ApiDefinition(
        kind=kind,
        routes=tuple(_routes(document, kind, variables)),
        policy=_policy(document.get("x-amazon-apigateway-policy"), kind, arn),
        gateway_responses=parse_gateway_responses(document.get("x-amazon-apigateway-gateway-responses"), kind),
        binary_media_types=members.listed(
            document.get("x-amazon-apigateway-binary-media-types"), "x-amazon-apigateway-binary-media-types"
        ),
        stage_variables=variables,
        cors=_cors(document.get("x-amazon-apigateway-cors"), kind),
    )


def api_kind(document: Mapping[str, Any]) -> ApiKind:
    """Say whether a document defines a REST API or an HTTP API.

    `x-idp-api-type: REST | HTTP` says so. Without it a Swagger 2.0 document is a REST API; an OpenAPI 3 document is an
    HTTP API when it has what only HTTP APIs have: JWT authorizers, payload format 2.0, `x-amazon-apigateway-cors` or
    `x-amazon-apigateway-importexport-version`. Everything else is a REST API.
    """
    given = document.get("x-idp-api-type")
    if given is not None:
        return "HTTP" if members.choice(given, "x-idp-api-type", "rest", "http") == "http" else "REST"
    if "swagger" in document:
        return "REST"
    if {"x-amazon-apigateway-cors", "x-amazon-apigateway-importexport-version"} & document.keys():
        return "HTTP"
    return "HTTP" if _has_http_api_extensions(document) else "REST"


def _has_http_api_extensions(document: Mapping[str, Any]) -> bool:
    schemes = _schemes(document).values()
    authorizers = [each.get("x-amazon-apigateway-authorizer") for each in schemes if isinstance(each, Mapping)]
    if any(isinstance(each, Mapping) and str(each.get("type", "")).lower() == "jwt" for each in authorizers):
        return True
    integrations = [
        _referenced(operation.get("x-amazon-apigateway-integration"), document)
        for _, _, operation in _operations(document)
    ]
    return any(isinstance(each, Mapping) and str(each.get("payloadFormatVersion")) == "2.0" for each in integrations)


def _schemes(document: Mapping[str, Any]) -> Mapping[str, Any]:
    if "swagger" in document:
        return members.mapping(document.get("securityDefinitions"), "securityDefinitions")
    components = members.mapping(document.get("components"), "components")
    return members.mapping(components.get("securitySchemes"), "components.securitySchemes")


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield the path, the method in capitals and the operation of each route."""
    for path, value in members.mapping(document.get("paths"), "paths").items():
        item = members.mapping(value, f"paths.{path}")
        require_known_extensions(item, OF_PATH, f"paths.{path}")
        if refused := next((name for name in item if name.lower() in NOT_METHODS), None):
            raise MalformedApi(f"paths.{path}", f"{refused} is not served.")
        for name in item:
            if name.lower() in METHODS or name == ANY_EXTENSION:
                method = ANY_METHOD if name == ANY_EXTENSION else name.upper()
                yield path, method, members.mapping(item[name], f"paths.{path}.{name}")


def _referenced(value: Any, document: Mapping[str, Any]) -> Any:
    """Follow a `$ref` within the document."""
    if not isinstance(value, Mapping) or set(value) != {"$ref"}:
        return value
    target: Any = document
    for step in str(value["$ref"]).removeprefix("#/").split("/"):
        target = members.mapping(target, str(value["$ref"])).get(step.replace("~1", "/").replace("~0", "~"))
    return target


def _routes(document: Mapping[str, Any], kind: ApiKind, variables: Mapping[str, str]) -> Iterator[Route]:
    schemes = parse_schemes(_schemes(document), kind=kind, variables=variables)
    siblings: dict[tuple[str, ...], str] = {}
    for path, method, operation in _operations(document):
        where = f"paths.{path}.{method.lower()}"
        require_known_extensions(operation, OF_OPERATION, where)
        _require_path(path, kind, where, siblings)
        integration = _referenced(operation.get("x-amazon-apigateway-integration"), document)
        yield Route(
            method=method,
            path=path if path in ("/", DEFAULT_ROUTE) or kind == "HTTP" else path.rstrip("/"),
            resource_id=hashlib.sha256(path.encode()).hexdigest()[:10],
            operation_name=members.optional_text(operation.get("operationId"), f"{where}.operationId"),
            authorization=_authorization(operation, document, schemes, where),
            integration=parse_integration(integration, where, kind=kind, variables=variables),
        )


def _require_path(path: str, kind: ApiKind, where: str, siblings: dict[tuple[str, ...], str]) -> None:
    """Check that a path is one, and that its variables do not compete with those of another path."""
    if path == DEFAULT_ROUTE and kind == "HTTP":
        return
    if not path.startswith("/"):
        raise MalformedApi(where, "a path begins with a slash.")
    steps = path.strip("/").split("/")
    for index, step in enumerate(steps):
        variable = _VARIABLE.fullmatch(step)
        if variable is None:
            if "{" in step or "}" in step:
                raise MalformedApi(where, f"{step} is neither a text nor a variable.")
            continue
        if variable.group(2) and index + 1 < len(steps):
            raise MalformedApi(where, f"Cannot create a child of a resource with a greedy path variable: {step}")
        # A greedy variable may stand beside a plain one: the plain one matches first.
        parent = (*steps[:index], variable.group(2))
        other = siblings.setdefault(parent, step)
        if other != step and kind == "REST":
            raise MalformedApi(
                where,
                f"A sibling ({other}) of this resource already has a variable path part -- only one is allowed",
            )


def _authorization(
    operation: Mapping[str, Any], document: Mapping[str, Any], schemes: Mapping[str, Authorization], where: str
) -> Authorization:
    """Return who may call an operation: its own `security`, else the document's.

    Source: observed, spec API_GATEWAY section 10: the document's `security` holds for operations without their own.
    """
    override = members.mapping(operation.get("x-amazon-apigateway-auth"), f"{where}.x-amazon-apigateway-auth")
    if override:
        word = members.choice(override.get("type"), f"{where}.x-amazon-apigateway-auth.type", "none", "aws_iam")
        return IAM if word == "aws_iam" else _NONE
    demands = operation.get("security", document.get("security"))
    if not demands:
        return _NONE
    if not isinstance(demands, list) or len(demands) != 1 or len(members.mapping(demands[0], where)) > 1:
        raise MalformedApi(f"{where}.security", "exactly one scheme can guard a route.")
    if not demands[0]:
        return _NONE
    (name, scopes), *_ = demands[0].items()
    if name not in schemes:
        raise MalformedApi(f"{where}.security", f"there is no security scheme {name}.")
    scheme = schemes[name]
    return Authorization(scheme.kind, scheme.authorizer, members.listed(scopes, f"{where}.security.{name}"))


def _policy(value: Any, kind: ApiKind, arn: str) -> PolicyDocument | None:
    """Return the resource policy; resources may be written short, as `execute-api:/stage/GET/pets`."""
    where = "x-amazon-apigateway-policy"
    if value is None:
        return None
    if kind == "HTTP":
        raise MalformedApi(where, "an HTTP API has no resource policy.")
    given = members.mapping(value, where)
    statements = given.get("Statement")
    listed = statements if isinstance(statements, list) else [statements]
    written = {**given, "Statement": [_with_whole_arns(each, arn) for each in listed]}
    try:
        return parse_policy(written, kind="resource")
    except MalformedPolicy as error:
        raise MalformedApi(where, error.message) from error


def _with_whole_arns(statement: Any, arn: str) -> Any:
    if not isinstance(statement, Mapping):
        return statement
    names = [name for name in ("Resource", "NotResource") if name in statement]
    return {**statement, **{name: _whole_arns(statement[name], arn) for name in names}}


def _whole_arns(resources: Any, arn: str) -> Any:
    listed = resources if isinstance(resources, list) else [resources]
    return [
        f"{arn}/{each[len(SHORT_ARN) :]}" if isinstance(each, str) and each.startswith(SHORT_ARN) else each
        for each in listed
    ]


def _cors(value: Any, kind: ApiKind) -> CorsConfiguration | None:
    where = "x-amazon-apigateway-cors"
    if value is None:
        return None
    if kind == "REST":
        raise MalformedApi(where, "a REST API has none; give it OPTIONS methods.")
    given = members.mapping(value, where)
    require_known(given, CORS_MEMBERS, where)
    max_age = given.get("maxAge")
    return CorsConfiguration(
        allow_origins=members.listed(given.get("allowOrigins"), f"{where}.allowOrigins"),
        allow_methods=members.listed(given.get("allowMethods"), f"{where}.allowMethods"),
        allow_headers=members.listed(given.get("allowHeaders"), f"{where}.allowHeaders"),
        expose_headers=members.listed(given.get("exposeHeaders"), f"{where}.exposeHeaders"),
        allow_credentials=given.get("allowCredentials") is True,
        max_age_s=None
        if max_age is None
        else members.whole_number(max_age, f"{where}.maxAge", at_least=-1, at_most=86_400),
    )
