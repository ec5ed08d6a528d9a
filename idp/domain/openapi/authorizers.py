"""Security schemes of a document: the authorizers of an API."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from idp.domain.openapi import members
from idp.domain.openapi.known import OF_SCHEME, require_known, require_known_extensions
from idp.domain.openapi.members import MalformedApi
from idp.domain.rest_api import (
    ApiKind,
    Authorization,
    CognitoAuthorizer,
    IdentitySource,
    JwtAuthorizer,
    LambdaAuthorizer,
)

DEFAULT_LIFETIME_S: Final = 300
MAX_LIFETIME_S: Final = 3600
IAM: Final = Authorization("AWS_IAM")
_EXTENSION: Final = "x-amazon-apigateway-authorizer"
_OF_FUNCTIONS: Final = frozenset(
    {"authorizerCredentials", "authorizerResultTtlInSeconds", "authorizerUri", "identitySource", "type"}
)
_MEMBERS: Final[Mapping[str, frozenset[str]]] = {
    "token": _OF_FUNCTIONS | {"identityValidationExpression"},
    "request": _OF_FUNCTIONS | {"authorizerPayloadFormatVersion", "enableSimpleResponses"},
    "cognito_user_pools": frozenset(
        {"authorizerResultTtlInSeconds", "identitySource", "identityValidationExpression", "providerARNs", "type"}
    ),
    "jwt": frozenset({"identitySource", "jwtConfiguration", "type"}),
}
_POOL_ARN = re.compile(r"arn:[a-z-]+:cognito-idp:[a-z0-9-]+:[0-9]{12}:userpool/([A-Za-z0-9_-]{1,55})")
_REST_SOURCE = re.compile(r"(method\.request\.(header|querystring)|stageVariables|context)\.(.{1,128})")
_HTTP_SOURCE = re.compile(r"\$(request\.(header|querystring)|stageVariables|context)\.(.{1,128})")
_PLACES: Final[Mapping[str, Any]] = {
    "header": "header",
    "querystring": "querystring",
    "stageVariables": "stageVariables",
    "context": "context",
}


def parse_schemes(
    schemes: Mapping[str, Any], *, kind: ApiKind, variables: Mapping[str, str]
) -> Mapping[str, Authorization]:
    """Return what each security scheme asks for, by name.

    Raises:
        MalformedApi: an authorizer is incomplete, or of a kind that this API cannot have.
    """
    return {name: _parse_scheme(name, scheme, kind, variables) for name, scheme in schemes.items()}


def _parse_scheme(name: str, value: Any, kind: ApiKind, variables: Mapping[str, str]) -> Authorization:
    where = f"security scheme {name}"
    scheme = members.mapping(value, where)
    require_known_extensions(scheme, OF_SCHEME, where)
    if str(scheme.get("x-amazon-apigateway-authtype", "")).lower() == "awssigv4":
        if _EXTENSION in scheme:
            raise MalformedApi(f"{where}.{_EXTENSION}", "awsSigv4 has no authorizer.")
        return IAM
    if _EXTENSION not in scheme:
        raise MalformedApi(where, f"only awsSigv4 and schemes with {_EXTENSION} are served.")
    authorizer = members.mapping(scheme[_EXTENSION], where)
    type_ = members.choice(authorizer.get("type"), f"{where}.type", "token", "request", "cognito_user_pools", "jwt")
    if (type_ == "jwt") != (kind == "HTTP") and type_ != "request":
        raise MalformedApi(where, f"a {kind} API has no {type_} authorizers.")
    require_known(authorizer, _MEMBERS[type_], where)
    if type_ == "jwt":
        return Authorization("JWT", _jwt(name, authorizer, where))
    if type_ == "cognito_user_pools":
        return Authorization("COGNITO_USER_POOLS", _cognito(name, scheme, authorizer, where))
    parsed = _lambda(name, scheme, authorizer, where=where, kind=kind, is_token=type_ == "token", variables=variables)
    return Authorization("CUSTOM", parsed)


def _jwt(name: str, authorizer: Mapping[str, Any], where: str) -> JwtAuthorizer:
    configuration = members.mapping(authorizer.get("jwtConfiguration"), f"{where}.jwtConfiguration")
    issuer = members.text(configuration.get("issuer"), f"{where}.jwtConfiguration.issuer")
    audiences = members.listed(configuration.get("audience"), f"{where}.jwtConfiguration.audience")
    require_known(configuration, frozenset({"audience", "issuer"}), f"{where}.jwtConfiguration")
    if not audiences:
        raise MalformedApi(where, "jwtConfiguration.audience names nobody.")
    given = members.optional_text(authorizer.get("identitySource"), f"{where}.identitySource")
    sources = _sources(given or "$request.header.Authorization", "HTTP", where)
    if len(sources) != 1:
        raise MalformedApi(f"{where}.identitySource", "exactly one source is expected.")
    return JwtAuthorizer(name, issuer, frozenset(audiences), sources[0])


def _cognito(name: str, scheme: Mapping[str, Any], authorizer: Mapping[str, Any], where: str) -> CognitoAuthorizer:
    pools = []
    for arn in members.listed(authorizer.get("providerARNs"), f"{where}.providerARNs"):
        found = _POOL_ARN.fullmatch(arn)
        if found is None:
            raise MalformedApi(f"{where}.providerARNs", "the ARNs of user pools are expected.")
        pools.append(found.group(1))
    if not pools:
        raise MalformedApi(f"{where}.providerARNs", "at least one user pool is expected.")
    return CognitoAuthorizer(
        name,
        tuple(pools),
        _header_source(scheme, authorizer, where),
        members.pattern(authorizer.get("identityValidationExpression"), f"{where}.identityValidationExpression"),
    )


def _lambda(
    name: str,
    scheme: Mapping[str, Any],
    authorizer: Mapping[str, Any],
    *,
    where: str,
    kind: ApiKind,
    is_token: bool,
    variables: Mapping[str, str],
) -> LambdaAuthorizer:
    default_lifetime = DEFAULT_LIFETIME_S if kind == "REST" else 0
    lifetime_s = members.whole_number(
        authorizer.get("authorizerResultTtlInSeconds", default_lifetime),
        f"{where}.authorizerResultTtlInSeconds",
        at_least=0,
        at_most=MAX_LIFETIME_S,
    )
    given = members.optional_text(authorizer.get("identitySource"), f"{where}.identitySource")
    sources = (_header_source(scheme, authorizer, where),) if is_token else _sources(given or "", kind, where)
    if lifetime_s and not sources:
        raise MalformedApi(where, "an authorizer whose answers are kept needs an identitySource.")
    version = members.choice(
        str(authorizer.get("authorizerPayloadFormatVersion", "1.0")),
        f"{where}.authorizerPayloadFormatVersion",
        *(("1.0", "2.0") if kind == "HTTP" else ("1.0",)),
    )
    simple = authorizer.get("enableSimpleResponses") is True
    if simple and version != "2.0":
        raise MalformedApi(f"{where}.enableSimpleResponses", "only payload format 2.0 has them.")
    uri = members.text(authorizer.get("authorizerUri"), f"{where}.authorizerUri")
    return LambdaAuthorizer(
        name,
        members.lambda_arn(members.filled_in(uri, variables, where), f"{where}.authorizerUri"),
        takes_token=is_token,
        identity_sources=sources,
        lifetime=timedelta(seconds=lifetime_s),
        validation_expression=members.pattern(
            authorizer.get("identityValidationExpression"), f"{where}.identityValidationExpression"
        ),
        payload_format="2.0" if version == "2.0" else "1.0",
        simple_responses=simple,
    )


def _header_source(scheme: Mapping[str, Any], authorizer: Mapping[str, Any], where: str) -> IdentitySource:
    """Return the one header of a TOKEN or Cognito authorizer, by default the one that the scheme names."""
    given = members.optional_text(authorizer.get("identitySource"), f"{where}.identitySource")
    if given is None:
        return IdentitySource("header", str(scheme.get("name", "Authorization")).lower())
    sources = _sources(given, "REST", where)
    if len(sources) != 1 or sources[0].place != "header":
        raise MalformedApi(f"{where}.identitySource", "exactly one header is expected.")
    return sources[0]


def _sources(given: str, kind: ApiKind, where: str) -> tuple[IdentitySource, ...]:
    form = _REST_SOURCE if kind == "REST" else _HTTP_SOURCE
    sources = []
    for each in filter(None, (part.strip() for part in given.split(","))):
        found = form.fullmatch(each)
        if found is None:
            raise MalformedApi(f"{where}.identitySource", f"{each} is no source of a {kind} API.")
        place = _PLACES[found.group(2) or found.group(1)]
        name = found.group(3)
        sources.append(IdentitySource(place, name.lower() if place == "header" else name))
    return tuple(sources)
