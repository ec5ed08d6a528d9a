"""`/login`: name and password, the client's upstream providers, and the way to a company's provider by e-mail address.

What is offered is what the client supports, and what the request leaves open: one that names a provider goes there.
Source: spec USER_POOLS sections 9.1, 9.3 and 9.8.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import request

from idp.domain.errors import DomainError
from idp.domain.provider_kinds import OWN_USERS, SHOWN_NAMES
from idp.flows.client_metadata import find_client
from idp.flows.provider_choice import asks_for_company, choose_provider, find_provider_name
from idp.flows.sign_in import sign_in_with_password
from idp.login.forms import FORM_TOO_OLD, SEE_OTHER, FormPage
from idp.web.authorization import answer_authorization, carried_query
from idp.web.csrf import is_own_form
from idp.web.page_routes import page_route, redirect
from idp.web.site import AUTHORIZE, LOGIN, Site

if TYPE_CHECKING:
    from flask import Flask, Response

    from idp.domain.user_pool import UserPool
    from idp.services import Services
    from idp.web.pages import Pages

TEMPLATE = "sign_in.html"
MAX_NAME, MAX_PASSWORD, MAX_EMAIL = 128, 256, 254
EMPTY = "Enter your name and your password."
NO_PASSWORDS = "This application takes no passwords. Sign in in another way."
NO_COMPANY = "No company signs in here by this email address."
_CHOICE = frozenset({"identity_provider", "idp_identifier"})
# Label and type of the first field.  Other combinations of attributes are called by the word for all.
_NAME_FIELDS = {
    ("email",): ("Email address", "email"),
    ("phone_number",): ("Phone number", "tel"),
    (): ("Username", "text"),
}
_ANY_NAME = ("Email address, phone number or username", "text")


def mount(app: Flask, services: Services, pages: Pages) -> None:
    """Serve the page."""

    def login(site: Site) -> Response:
        return answer_authorization(
            services,
            pages,
            site,
            lambda client, asked: _answer(FormPage(services, pages, site, client, asked)),
            find_client=find_client,
        )

    page_route(app, services, pages, LOGIN, login, methods=["GET", "POST"])


@dataclass(frozen=True, slots=True)
class _Offer:
    """What the page offers.

    Attributes:
        providers: names of upstream providers.
        has_company_field: the e-mail address of somebody may lead to their company's provider.
    """

    providers: tuple[str, ...]
    has_company_field: bool

    @classmethod
    def of(cls, page: FormPage, chosen: str | None) -> _Offer:
        """Return what a client's page offers: all that the client supports, unless the pool's own users are asked for."""
        if chosen is not None:
            return cls((), has_company_field=False)
        providers = tuple(name for name in page.client.identity_providers if name != OWN_USERS)
        return cls(providers, has_company_field=asks_for_company(page.services, page.site.user_pool, page.client))

    def show(
        self, page: FormPage, *, username: str = "", company_email: str = "", problem: str | None = None
    ) -> Response:
        """Return the page, with what was typed."""
        label, kind = name_field(page.site.user_pool)
        return page.show(
            TEMPLATE,
            LOGIN,
            problem=problem,
            leads_anywhere=self.has_company_field,
            client_name=page.client.name,
            takes_passwords=page.client.has_own_users,
            name_label=label,
            name_type=kind,
            username=username[:MAX_NAME],
            providers=[(SHOWN_NAMES.get(name, name), _address(page, name)) for name in self.providers],
            has_company_field=self.has_company_field,
            company_email=company_email[:MAX_EMAIL],
        )


def _address(page: FormPage, provider: str) -> str:
    """Return where a provider's button leads: to the dispatcher, with the same request and the choice."""
    query = f"{carried_query(without=_CHOICE)}&{urlencode({'identity_provider': provider})}"
    return page.site.path(AUTHORIZE, query)


def _answer(page: FormPage) -> Response:
    chosen = choose_provider(page.services, page.site.user_pool, page.client, page.request)
    if chosen is not None and chosen != OWN_USERS:
        return redirect(page.site.path(AUTHORIZE, carried_query()))
    offer = _Offer.of(page, chosen)
    if request.method == "GET":
        return offer.show(page, username=request.args.get("login_hint", ""))
    if request.form.get("idp_identifier"):
        return _go_to_company(page, offer, request.form["idp_identifier"].strip())
    return _take_password(page, offer)


def _go_to_company(page: FormPage, offer: _Offer, email: str) -> Response:
    """Let the dispatcher send the user to the provider of their address's domain."""
    if not is_own_form(page.services, page.site):
        return offer.show(page, company_email=email, problem=FORM_TOO_OLD)
    is_known = find_provider_name(page.services, page.site.user_pool, page.client, email) is not None
    if len(email) > MAX_EMAIL or not is_known:
        return offer.show(page, company_email=email, problem=NO_COMPANY)
    query = f"{carried_query(without=_CHOICE)}&{urlencode({'idp_identifier': email})}"
    return redirect(page.site.path(AUTHORIZE, query), SEE_OTHER)


def _take_password(page: FormPage, offer: _Offer) -> Response:
    username, password = request.form.get("username", "").strip(), request.form.get("password", "")
    if not is_own_form(page.services, page.site):
        return offer.show(page, username=username, problem=FORM_TOO_OLD)
    if not page.client.has_own_users:
        return offer.show(page, problem=NO_PASSWORDS)
    if not 0 < len(username) <= MAX_NAME or not 0 < len(password) <= MAX_PASSWORD:
        return offer.show(page, username=username, problem=EMPTY)
    try:
        outcome = sign_in_with_password(
            page.services,
            page.client,
            username,
            password,
            source=request.remote_addr or "",
            user_agent=request.user_agent.string,
        )
    except DomainError as refusal:
        return offer.show(page, username=username, problem=refusal.message)
    return page.go_on(outcome, username)


def name_field(user_pool: UserPool) -> tuple[str, str]:
    """Return what the pool's users call themselves by, and the input type that fits."""
    if user_pool.alias_attributes:
        return _ANY_NAME
    return _NAME_FIELDS.get(user_pool.username_attributes, _ANY_NAME)
