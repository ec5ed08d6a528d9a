"""A sign-in that a SAML provider begins: it sends the client's authorization request along, as RelayState.

Nothing ties such an answer to the browser that brings it: somebody may be signed in as somebody else without noticing. So
it is taken only where the provider's IDPInit says so and the client has no other than SAML providers, each assertion once.
Source: SAML Profiles 2.0 section 4.1.5; spec USER_POOLS section 10.6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

from idp.domain.authorization_request import PARAMETERS
from idp.domain.oauth_error import AuthorizationRefused
from idp.domain.provider_kinds import SAML
from idp.domain.upstream import ASSERTION_REMEMBERED, StateRefused
from idp.flows.upstream_saml import read_response
from idp.web.authorization import HAS_BEEN_SHOWN

if TYPE_CHECKING:
    from flask import Response

    from idp.domain.client import Client
    from idp.domain.identity_provider import IdentityProvider
    from idp.domain.upstream import UpstreamIdentity
    from idp.federation.round_trip import Endpoint

NOT_TAKEN = "The client does not take sign-ins that begin at the identity provider."
REPLAYED = "Error in SAML response processing: The assertion was used already. "


def answer_unsolicited(endpoint: Endpoint, saml_response: str, relay_state: str) -> Response:
    """Sign in whom the response names at the client that RelayState names; nothing but its parameters goes on."""
    asked = _parsed(relay_state)
    carried = (name for name in PARAMETERS if name not in HAS_BEEN_SHOWN)
    query = urlencode([(name, value) for name in carried for value in asked.get(name, ())])

    def identify(client: Client, provider: IdentityProvider) -> UpstreamIdentity:
        _require_taken(endpoint, client, asked.get("response_type", []))
        identity = read_response(
            endpoint.services,
            endpoint.site.user_pool,
            provider,
            saml_response=saml_response,
            callback_url=f"{endpoint.site.url}{endpoint.path}",
            request_id=None,
        )
        _spend(endpoint, provider, identity)
        return identity

    return endpoint.sign_in(query, asked.get("identity_provider", [""])[0], identify)


def _parsed(relay_state: str) -> dict[str, list[str]]:
    """Return every value of every parameter; raises StateRefused when there are more than a request can have."""
    try:
        return parse_qs(relay_state, max_num_fields=len(PARAMETERS))
    except ValueError as error:
        raise StateRefused from error


def _require_taken(endpoint: Endpoint, client: Client, response_types: list[str]) -> None:
    """Require a client of SAML providers alone, which wants a code.  Unknown: the sentence."""
    with endpoint.services.reading() as work:
        types = work.identity_providers.types_of(client.pool_id, client.identity_providers)
    if client.has_own_users or types != {SAML} or response_types != ["code"]:
        raise AuthorizationRefused("invalid_request", NOT_TAKEN)


def _spend(endpoint: Endpoint, provider: IdentityProvider, identity: UpstreamIdentity) -> None:
    """Spend the assertion; raises AuthorizationRefused when it was spent before."""
    ticket = f"saml:{provider.pool_id}/{provider.name}/{identity.assertion_id}"
    with endpoint.services.unit_of_work() as work:
        is_first = work.spent_tickets.spend(ticket, endpoint.services.clock.now() + ASSERTION_REMEMBERED)
        work.commit()
    if not is_first:
        raise AuthorizationRefused("server_error", REPLAYED)
