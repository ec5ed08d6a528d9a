"""An authorization request: what a client asks of the browser flow, checked against what the client may ask.

Checks come in two steps, because their refusals go to different places: as long as client and redirect URI are in
doubt, the user sees an error page; afterwards the client is told.  Source: RFC 6749 section 4.1; RFC 7636 section 4;
RFC 9700 section 2.1; OpenID Connect Core 1.0 section 3.1.2; spec USER_POOLS section 9.3.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from idp.domain.client import Client
from idp.domain.oauth_error import AuthorizationRefused, ClientNotFound, RedirectMismatch

ResponseType = Literal["code", "token"]

# What travels from page to page; everything else that came along is dropped.
PARAMETERS = (
    "client_id",
    "response_type",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "login_hint",
    "lang",
    "identity_provider",
    "idp_identifier",
)
_FLOW_OF_RESPONSE_TYPE = {"code": "code", "token": "implicit"}
_S256_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_FRESH_SIGN_IN = frozenset({"login", "select_account"})


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """A request that client and redirect URI have passed.

    Attributes:
        redirect_uri: one of the client's, exactly.
        scopes: granted ones, in the order asked for.
        code_challenge: base64url of SHA-256 of the client's code_verifier; None without PKCE.
        prompts: values of `prompt`.
        login_hint: the name by which the user may sign in.
        identity_provider: by which the user is to sign in: a provider's name, or COGNITO.
        idp_identifier: another name of the provider, or an e-mail address in a domain that is one.
        client_url: of a client by metadata document.
    """

    client_id: str
    response_type: ResponseType
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str | None = None
    nonce: str | None = None
    code_challenge: str | None = None
    prompts: frozenset[str] = frozenset()
    login_hint: str | None = None
    identity_provider: str | None = None
    idp_identifier: str | None = None
    client_url: str | None = None

    @property
    def scope(self) -> str:
        """Return the granted scopes as one text."""
        return " ".join(self.scopes)

    @property
    def prompt(self) -> str | None:
        """Return the prompts as one text; None without any."""
        return " ".join(sorted(self.prompts)) or None

    @property
    def forbids_pages(self) -> bool:
        """Say whether the user must not be asked anything (prompt=none)."""
        return "none" in self.prompts

    @property
    def wants_fresh_sign_in(self) -> bool:
        """Say whether a user who is signed in must sign in all the same (prompt=login, select_account)."""
        return not self.prompts.isdisjoint(_FRESH_SIGN_IN)


def first_of(parameters: Mapping[str, Sequence[str]], name: str) -> str | None:
    """Return a parameter's value; an empty one counts as absent (RFC 6749 section 3.1)."""
    values = parameters.get(name) or ("",)
    return values[0] or None


def requested_client_id(parameters: Mapping[str, Sequence[str]]) -> str:
    """Return which client asks; raises ClientNotFound when that is not said, or said twice."""
    client_id = first_of(parameters, "client_id")
    if client_id is None or len(parameters["client_id"]) > 1:
        raise ClientNotFound("Required String parameter 'client_id' is not present")
    return client_id


def checked_redirect_uri(parameters: Mapping[str, Sequence[str]], client: Client) -> str:
    """Return where the answer goes: exactly one of the client's callback URLs, compared character by character.

    Raises:
        RedirectMismatch: any other URI; none at all from a client with several and no default.

    Source: RFC 9700 section 4.1.3; spec section 9.3, row redirect_uri.
    """
    given = parameters.get("redirect_uri", ())
    callbacks = client.callback_urls
    if len(given) > 1:
        raise RedirectMismatch
    if given and given[0]:
        redirect_uri: str | None = given[0]
    else:
        redirect_uri = client.default_redirect_uri
    if redirect_uri is None or redirect_uri not in callbacks:
        raise RedirectMismatch
    return redirect_uri


def parse(parameters: Mapping[str, Sequence[str]], client: Client, redirect_uri: str) -> AuthorizationRequest:
    """Return the request, when the client may make it.

    Args:
        parameters: every value of every parameter, decoded.
        redirect_uri: as `checked_redirect_uri` gives it.

    Raises:
        AuthorizationRefused: to be told to the client at the redirect URI.
    """
    if any(len(parameters.get(name, ())) > 1 for name in PARAMETERS):
        raise AuthorizationRefused("invalid_request", "A parameter is repeated.")
    response_type = _response_type(parameters, client)
    return AuthorizationRequest(
        client_id=client.id,
        client_url=client.metadata_url,
        response_type=response_type,
        redirect_uri=redirect_uri,
        scopes=_scopes(parameters, client),
        state=first_of(parameters, "state"),
        nonce=first_of(parameters, "nonce"),
        code_challenge=_code_challenge(parameters, client) if response_type == "code" else None,
        prompts=_prompts(parameters),
        login_hint=first_of(parameters, "login_hint"),
        identity_provider=first_of(parameters, "identity_provider"),
        idp_identifier=first_of(parameters, "idp_identifier"),
    )


def _response_type(parameters: Mapping[str, Sequence[str]], client: Client) -> ResponseType:
    response_type = first_of(parameters, "response_type")
    if response_type is None:
        raise AuthorizationRefused("invalid_request", "response_type is missing.")
    flow = _FLOW_OF_RESPONSE_TYPE.get(response_type)
    if flow is None:
        raise AuthorizationRefused("unsupported_response_type", "response_type must be code or token.")
    if not client.speaks_oauth:
        raise AuthorizationRefused("unauthorized_client", "Client is not enabled for OAuth2.0 flows.")
    if flow not in client.oauth_flows:
        raise AuthorizationRefused("unauthorized_client", f"The client may not use the {flow} flow.")
    return cast("ResponseType", response_type)


def _scopes(parameters: Mapping[str, Sequence[str]], client: Client) -> tuple[str, ...]:
    asked = tuple(dict.fromkeys((first_of(parameters, "scope") or "").split()))
    if not all(scope in client.oauth_scopes for scope in asked):
        raise AuthorizationRefused("invalid_scope", "A requested scope is unknown or not the client's.")
    return asked or client.oauth_scopes


def _code_challenge(parameters: Mapping[str, Sequence[str]], client: Client) -> str | None:
    challenge = first_of(parameters, "code_challenge")
    method = first_of(parameters, "code_challenge_method")
    if challenge is None and method is None and client.metadata is None:  # which is public: RFC 9700 section 2.1.1
        return None
    if challenge is None:
        raise AuthorizationRefused("invalid_request", "code_challenge is missing.")
    if method != "S256":
        raise AuthorizationRefused("invalid_request", "code_challenge_method must be S256.")
    if _S256_CHALLENGE.fullmatch(challenge) is None:
        raise AuthorizationRefused("invalid_request", "code_challenge must have 43 base64url characters.")
    return challenge


def _prompts(parameters: Mapping[str, Sequence[str]]) -> frozenset[str]:
    prompts = frozenset((first_of(parameters, "prompt") or "").split())
    if "none" in prompts and len(prompts) > 1:
        raise AuthorizationRefused("invalid_request", "prompt=none stands alone.")
    return prompts
