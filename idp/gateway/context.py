"""`$context`: what templates, mappings and gateway responses may know of a request.

Source: API Gateway Developer Guide, "Variables for data transformations for API Gateway".
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from idp.domain.principal import Principal
    from idp.gateway.visit import Grant, Visit

COGNITO_PROVIDER: Final = "cognito-identity.amazonaws.com"
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def context_of(visit: Visit, grant: Grant) -> dict[str, Any]:
    """Return `$context`; absent values are not in it, which templates print as nothing."""
    rest_api = visit.rest_api
    return {
        "accountId": rest_api.account,
        "apiId": rest_api.id,
        "authorizer": dict(grant.authorizer or {}),
        "deploymentId": deployment_id(visit),
        "domainName": visit.domain_name,
        "domainPrefix": visit.domain_name.partition(".")[0],
        "extendedRequestId": visit.extended_id,
        "httpMethod": visit.method,
        "identity": {key: value for key, value in rest_identity(visit, grant).items() if value is not None},
        "path": stage_path(visit),
        "protocol": visit.request.protocol,
        "requestId": visit.request_id,
        "requestTime": clf_time(visit.received_at),
        "requestTimeEpoch": epoch_ms(visit.received_at),
        "resourceId": visit.route.resource_id,
        "resourcePath": visit.route.path,
        "routeKey": visit.route.key,
        "stage": rest_api.stage,
    }


def rest_identity(visit: Visit, grant: Grant) -> dict[str, Any]:
    """Return `requestContext.identity` of payload 1.0, absent values as null."""
    principal = grant.principal
    cognito = {} if principal is None else cognito_identity(principal)
    return {
        "accessKey": principal.access_key_id if principal else None,
        "accountId": principal.account if principal else None,
        "caller": principal.user_id if principal else None,
        "cognitoAuthenticationProvider": cognito.get("provider"),
        "cognitoAuthenticationType": cognito.get("type"),
        "cognitoIdentityId": cognito.get("identity_id"),
        "cognitoIdentityPoolId": cognito.get("pool_id"),
        "principalOrgId": None,
        "sourceIp": visit.request.source_ip,
        "user": principal.user_id if principal else None,
        "userAgent": visit.request.user_agent,
        "userArn": principal.arn if principal else None,
    }


def cognito_identity(principal: Principal) -> dict[str, Any]:
    """Return what an identity pool said of the person behind a session; empty for other callers."""
    identity_id = principal.context.get(f"{COGNITO_PROVIDER}:sub")
    if identity_id is None:
        return {}
    amr = principal.context.get(f"{COGNITO_PROVIDER}:amr", ())
    methods = (amr,) if isinstance(amr, str) else amr
    # Each login has two entries beside `authenticated`: the provider, and `provider:CognitoSignIn:sub`.
    providers = [method for method in methods if method not in ("authenticated", "unauthenticated")]
    return {
        "identity_id": identity_id,
        "pool_id": principal.context.get(f"{COGNITO_PROVIDER}:aud"),
        "amr": list(methods),
        "type": "unauthenticated" if "unauthenticated" in methods else "authenticated",
        "provider": ",".join(providers) or None,
    }


def stage_path(visit: Visit) -> str:
    """Return the path with the stage before it, as a request by host has it."""
    return f"/{visit.rest_api.stage}{visit.path}"


def deployment_id(visit: Visit) -> str:
    """Return an id that every deployment of an API has for itself."""
    return f"{visit.rest_api.id[:4]}{visit.rest_api.version}"


def clf_time(moment: datetime) -> str:
    """Return a time as in `12/Mar/2020:19:03:58 +0000`, whatever the locale."""
    moment = moment.astimezone(UTC)
    return f"{moment.day:02}/{_MONTHS[moment.month - 1]}/{moment.year}:{moment:%H:%M:%S} +0000"


def epoch_ms(moment: datetime) -> int:
    """Return milliseconds since the epoch."""
    return int(moment.timestamp() * 1000)
