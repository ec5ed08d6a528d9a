"""The end of a round trip: whom the provider vouches for is signed in, and the browser goes back to the dispatcher.

From when the round trip is known to be the browser's own, refusals are told to the client, at its redirect URI; its
request is checked anew for that, for much may have changed since it was sent away. Until then only the user is told,
and nothing that a stranger could use.  Source: spec USER_POOLS sections 9.3, 10.5 and 10.6; RFC 9700 section 4.7.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

from flask import request

from idp.domain.browser_session import UpstreamSession
from idp.domain.upstream import StateRefused, UpstreamIdentity, UpstreamRequest
from idp.flows.client_metadata import find_client
from idp.flows.federate import federate
from idp.flows.provider_choice import get_chosen_provider, get_provider
from idp.flows.upstream_requests import answer_upstream, take_answered_upstream, take_upstream
from idp.web.authorization import answer_authorization
from idp.web.browser_sessions import begin_signed_in
from idp.web.page_routes import redirect
from idp.web.round_trip_cookie import present_browser
from idp.web.site import AUTHORIZE, Site

if TYPE_CHECKING:
    from flask import Response

    from idp.domain.client import Client
    from idp.domain.identity_provider import IdentityProvider
    from idp.services import Services
    from idp.web.pages import Pages

Identify = Callable[["Client", "IdentityProvider"], UpstreamIdentity]
"""Says whom a client's provider vouches for; raises AuthorizationRefused."""

SEE_OTHER = 303


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A path of a site to which providers send their answers."""

    services: Services
    pages: Pages
    site: Site
    path: str

    def take(self, state: str) -> UpstreamRequest:
        """End the browser's round trip; raises StateRefused."""
        return self._own(take_upstream(self.services, self.site.user_pool, state, _browser()))

    def take_answered(self, state: str) -> tuple[UpstreamRequest, Callable[[], UpstreamIdentity]]:
        """End the browser's round trip whose answer was kept; raises StateRefused."""
        taken, identity = take_answered_upstream(self.services, self.site.user_pool, state, _browser())
        return self._own(taken), identity

    def keep(self, state: str, read: Callable[[IdentityProvider, UpstreamRequest], UpstreamIdentity]) -> Response:
        """Keep what an answer by POST says, and have the browser come for it, now with its cookie; raises StateRefused."""

        def identity(asked: UpstreamRequest) -> UpstreamIdentity:
            return read(get_provider(self.services, self.site.user_pool, asked.provider_name), self._own(asked))

        answer_upstream(self.services, self.site.user_pool, state, identity)
        return redirect(self.site.path(self.path, urlencode({"state": state})), SEE_OTHER)

    def sign_in(self, query: str, provider_name: str, identify: Identify) -> Response:
        """Sign in whom the provider vouches for and go back to the dispatcher with the client's request."""
        return answer_authorization(
            self.services,
            self.pages,
            self.site,
            lambda client, _: self._signed_in(client, query, provider_name, identify),
            find_client=find_client,
            asked=parse_qs(query),
        )

    def _signed_in(self, client: Client, query: str, provider_name: str, identify: Identify) -> Response:
        provider = get_chosen_provider(self.services, self.site.user_pool, client, provider_name)
        identity = identify(client, provider)
        signed_in = federate(
            self.services,
            client,
            provider,
            identity,
            source=request.remote_addr or "",
            user_agent=request.user_agent.string,
        )
        response = redirect(self.site.path(AUTHORIZE, query))
        session = None if identity.name_id is None else UpstreamSession(identity.name_id, identity.session_index)
        begin_signed_in(
            self.services, self.site, response, signed_in, identity_provider=provider.name, upstream=session
        )
        return response

    def _own(self, asked: UpstreamRequest) -> UpstreamRequest:
        """Require that the answer came to where the provider was told to send it."""
        if asked.callback_url != f"{self.site.url}{self.path}":
            raise StateRefused
        return asked


def _browser() -> str:
    browser = present_browser()
    if browser is None:
        raise StateRefused
    return browser
