"""What OpenID and social providers are asked behind the browser's back: tokens for a code, and claims for a token.

Source: RFC 6749 sections 4.1.3 and 5.2; OpenID Connect Core 1.0 section 5.3; spec USER_POOLS sections 9.3 and 10.5.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import orjson

from idp.authorizer.strict_json import AmbiguousObject, require_unique_members
from idp.domain.apple_secret import apple_client_secret
from idp.domain.errors import InvalidParameter
from idp.domain.oauth_error import AuthorizationRefused
from idp.domain.social_claims import facebook_fields, google_fields
from idp.outbound.http import HttpFailed

if TYPE_CHECKING:
    from idp.domain.identity_provider import IdentityProvider
    from idp.domain.oauth_error import ErrorCode
    from idp.domain.openid_endpoints import Endpoints
    from idp.domain.upstream import UpstreamRequest
    from idp.outbound.http import HttpAnswer
    from idp.services import Services

MAX_ANSWER_BYTES = 256 * 1024
MAX_TOLD = 300
OK = 200
FAILURES = 500
FORM = "application/x-www-form-urlencoded"

log = logging.getLogger(__name__)


def request_tokens(
    services: Services, provider: IdentityProvider, endpoints: Endpoints, request: UpstreamRequest, code: str
) -> dict[str, Any]:
    """Return the token endpoint's answer to a code.

    Raises:
        AuthorizationRefused: the provider refuses, fails, or gives no bearer token.
    """
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": request.callback_url,
        "client_id": provider.details["client_id"],
        "code_verifier": request.code_verifier,
        **_client_secret(services, provider),
    }
    if provider.kind.added.get("token_request_method") == "GET":
        answer = _ask(services, provider, "GET", with_query(endpoints.token_url, form), headers={})
    else:
        body = urlencode(form).encode()
        answer = _ask(services, provider, "POST", endpoints.token_url, headers={"Content-Type": FORM}, body=body)
    return _checked_tokens(provider, _document(provider, answer))


def request_user_info(
    services: Services, provider: IdentityProvider, endpoints: Endpoints, access_token: str | None
) -> dict[str, Any]:
    """Return what the provider tells of the user whose token it is; nothing when there is nothing to ask.

    Raises:
        AuthorizationRefused: the provider refuses, fails, or gave no token to ask with.
    """
    url = _user_info_url(provider, endpoints)
    if url is None:
        return {}
    if access_token is None:
        raise AuthorizationRefused("invalid_request", f"{provider.name} Error - {OK} the access_token is missing")
    method = provider.details.get("attributes_request_method", "GET")
    answer = _ask(services, provider, method, url, headers={"Authorization": f"Bearer {access_token}"})
    return _document(provider, answer)


def error_told(provider: IdentityProvider, status: int, error: str, description: str) -> str:
    """Return how a client is told of a provider's error, whose text is not trusted.

    Source: spec USER_POOLS section 10.5, "Errors"; RFC 6749 section 4.1.2.1, the characters of `error_description`.
    """
    told = f"{provider.name} Error - {status} {error} {description}".strip()
    return "".join(each for each in told if " " <= each <= "~" and each not in '"\\')[:MAX_TOLD]


def with_query(url: str, parameters: Mapping[str, str]) -> str:
    """Return an address with parameters after those that it has."""
    return f"{url}{'&' if '?' in url else '?'}{urlencode(parameters)}"


def _client_secret(services: Services, provider: IdentityProvider) -> dict[str, str]:
    """Return the secret by which this server shows that it is the client; nothing for a public one."""
    if "private_key" not in provider.details:
        secret = provider.details.get("client_secret")
        return {} if secret is None else {"client_secret": secret}
    try:
        return {"client_secret": apple_client_secret(provider.details, services.clock.now())}
    except InvalidParameter as error:
        raise AuthorizationRefused("server_error", f"{provider.name} Error - {error.message}") from error


def _user_info_url(provider: IdentityProvider, endpoints: Endpoints) -> str | None:
    """Return where the user's claims are, with the fields to be told for providers that want them named."""
    url = endpoints.attributes_url
    if url is None or provider.kind.added.get("attributes_url_add_attributes") != "true":
        return url
    mapped = provider.attribute_mapping.values()
    fields = google_fields(mapped) if provider.type == "Google" else facebook_fields(mapped)
    return f"{url}{','.join(fields)}" if fields else None


def _ask(
    services: Services,
    provider: IdentityProvider,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes = b"",
) -> HttpAnswer:
    try:
        return services.http.exchange(
            method, url, max_bytes=MAX_ANSWER_BYTES, headers={"Accept": "application/json", **headers}, body=body
        )
    except HttpFailed as error:
        log.warning("the provider %s of %s does not answer: %s", provider.name, provider.pool_id, error)
        raise AuthorizationRefused("server_error", f"{provider.name} Error - the provider does not answer") from error


def _document(provider: IdentityProvider, answer: HttpAnswer) -> dict[str, Any]:
    """Return the JSON object of an answer that is no error."""
    try:
        document = orjson.loads(answer.body)
        if isinstance(document, dict):
            require_unique_members(answer.body, document)
    except (orjson.JSONDecodeError, AmbiguousObject):
        document = None
    if answer.status == OK and isinstance(document, dict) and "error" not in document:
        return document
    error, description = _error_in(document, answer.status)
    code: ErrorCode = "server_error" if answer.status >= FAILURES else "invalid_request"
    raise AuthorizationRefused(code, error_told(provider, answer.status, error, description))


def _error_in(document: object, status: int) -> tuple[str, str]:
    """Return an error and its description as OAuth 2.0 or, in an object, Facebook and Google write them."""
    held = document.get("error") if isinstance(document, dict) else None
    if isinstance(held, dict):
        return str(held.get("type") or held.get("status") or "error"), str(held.get("message", ""))
    if isinstance(document, dict) and isinstance(held, str):
        return held, str(document.get("error_description", ""))
    return "invalid_answer", "" if status != OK else "the answer is not a JSON object"


def _checked_tokens(provider: IdentityProvider, tokens: dict[str, Any]) -> dict[str, Any]:
    """Return a token answer whose tokens are texts that can be sent on."""
    access_token, token_type = tokens.get("access_token"), tokens.get("token_type", "Bearer")
    is_usable = access_token is None or (
        isinstance(access_token, str) and access_token.isascii() and access_token.isprintable()
    )
    if not is_usable or not isinstance(token_type, str) or token_type.lower() != "bearer":
        raise AuthorizationRefused("invalid_request", f"{provider.name} Error - {OK} the token answer is malformed")
    return tokens
