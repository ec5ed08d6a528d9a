"""What the forms have in common: their tokens, their refusals, and what follows a step that went well.

Pages never send the user to one another: after each step the browser goes back to `/oauth2/authorize`, which decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from idp.domain.browser_session import PendingChallenge
from idp.flows.sign_in import Challenged
from idp.web.authorization import HAS_BEEN_SHOWN, carried_query
from idp.web.browser_sessions import begin_pending, begin_signed_in
from idp.web.csrf import drop_csrf_cookie, issue_csrf_token, set_csrf_cookie
from idp.web.headers import ANY_SERVER, form_target
from idp.web.page_routes import redirect
from idp.web.site import AUTHORIZE, Site

if TYPE_CHECKING:
    from flask import Response

    from idp.domain.authorization_request import AuthorizationRequest
    from idp.domain.client import Client
    from idp.flows.sign_in import SignInOutcome
    from idp.services import Services
    from idp.web.pages import Pages

FORM_TOO_OLD = "The page was open for too long, or was not ours. Please try again."
SEE_OTHER = 303


@dataclass(frozen=True, slots=True)
class FormPage:
    """A page with a form, in the middle of an authorization request."""

    services: Services
    pages: Pages
    site: Site
    client: Client
    request: AuthorizationRequest

    def show(
        self,
        template: str,
        path: str,
        *,
        problem: str | None = None,
        leads_anywhere: bool = False,
        **values: object,
    ) -> Response:
        """Return the page with a fresh token against forgery.

        Args:
            path: of the page itself, to which the form comes back.
            problem: why the form that came was not taken, as a sentence.
            leads_anywhere: a form of the page may lead to an upstream provider, and on to where that sends people.
        """
        token = issue_csrf_token(self.services, self.site)
        response = self.pages.page(
            template,
            status=200 if problem is None else 400,
            form_targets=self._form_targets(leads_anywhere=leads_anywhere),
            action=self.site.path(path, carried_query()),
            csrf_token=token,
            problem=problem,
            **values,
        )
        set_csrf_cookie(self.services, self.site, response, token)
        return response

    def _form_targets(self, *, leads_anywhere: bool) -> str:
        client = form_target(self.request.redirect_uri).split()
        return " ".join(dict.fromkeys(["'self'", *client, *(ANY_SERVER if leads_anywhere else ())]))

    def go_on(self, outcome: SignInOutcome, username: str) -> Response:
        """Remember how far the sign-in has come, under a new cookie, and let the dispatcher decide what is next."""
        response = redirect(self.site.path(AUTHORIZE, carried_query(without=HAS_BEEN_SHOWN)), SEE_OTHER)
        drop_csrf_cookie(self.services, self.site, response)
        if isinstance(outcome, Challenged):
            pending = PendingChallenge(outcome.challenge, self.client.id, username, outcome.session, outcome.parameters)
            begin_pending(self.services, self.site, response, pending)
        else:
            begin_signed_in(self.services, self.site, response, outcome)
        return response
