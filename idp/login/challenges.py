"""`/login/challenge`: the page of the challenge that comes next; a challenge without a page is named, and that is all.

A further challenge is served by adding its page to `PAGES`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from idp.domain.challenge import (
    EMAIL_OTP,
    NEW_PASSWORD_REQUIRED,
    SELECT_MFA_TYPE,
    SMS_MFA,
    SOFTWARE_TOKEN_MFA,
)
from idp.flows.client_metadata import find_client
from idp.login import new_password, second_factor
from idp.login.forms import FormPage
from idp.web.authorization import answer_authorization, carried_query
from idp.web.browser_sessions import find_pending
from idp.web.page_routes import page_route, redirect
from idp.web.site import AUTHORIZE, CHALLENGE, LOGIN, Site

if TYPE_CHECKING:
    from flask import Flask, Response

    from idp.domain.browser_session import PendingChallenge
    from idp.services import Services
    from idp.web.pages import Pages

PAGES: Mapping[str, Callable[[FormPage, PendingChallenge], Response]] = {
    NEW_PASSWORD_REQUIRED: new_password.answer,
    SMS_MFA: second_factor.answer_code,
    EMAIL_OTP: second_factor.answer_code,
    SOFTWARE_TOKEN_MFA: second_factor.answer_code,
    SELECT_MFA_TYPE: second_factor.answer_choice,
}


def mount(app: Flask, services: Services, pages: Pages) -> None:
    """Serve the page."""

    def challenge(site: Site) -> Response:
        return answer_authorization(
            services,
            pages,
            site,
            lambda client, asked: _answer(FormPage(services, pages, site, client, asked)),
            find_client=find_client,
        )

    page_route(app, services, pages, CHALLENGE, challenge, methods=["GET", "POST"])


def _answer(page: FormPage) -> Response:
    pending = find_pending(page.services, page.site, page.client.id)
    if pending is None:
        return redirect(page.site.path(AUTHORIZE, carried_query()))
    return PAGES.get(pending.name, _not_offered)(page, pending)


def _not_offered(page: FormPage, pending: PendingChallenge) -> Response:
    again = page.site.path(LOGIN, carried_query())
    return page.pages.page("not_offered.html", challenge=pending.name, sign_in=again)
