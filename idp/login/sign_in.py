"""`/login`: name and password.  Source: spec USER_POOLS sections 9.1, 9.3 and 9.8."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from idp.domain.errors import DomainError
from idp.flows.client_metadata import find_client
from idp.flows.sign_in import sign_in_with_password
from idp.login.forms import FORM_TOO_OLD, FormPage
from idp.web.authorization import answer_authorization
from idp.web.csrf import is_own_form
from idp.web.page_routes import page_route
from idp.web.site import LOGIN, Site

if TYPE_CHECKING:
    from flask import Flask, Response

    from idp.domain.user_pool import UserPool
    from idp.services import Services
    from idp.web.pages import Pages

TEMPLATE = "sign_in.html"
MAX_NAME, MAX_PASSWORD = 128, 256
EMPTY = "Enter your name and your password."
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


def _answer(page: FormPage) -> Response:
    if request.method == "GET":
        return _show(page, username=request.args.get("login_hint", "")[:MAX_NAME])
    username, password = request.form.get("username", "").strip(), request.form.get("password", "")
    if not is_own_form(page.services, page.site):
        return _show(page, username=username, problem=FORM_TOO_OLD)
    if not 0 < len(username) <= MAX_NAME or not 0 < len(password) <= MAX_PASSWORD:
        return _show(page, username=username, problem=EMPTY)
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
        return _show(page, username=username, problem=refusal.message)
    return page.go_on(outcome, username)


def _show(page: FormPage, *, username: str, problem: str | None = None) -> Response:
    label, kind = name_field(page.site.user_pool)
    return page.show(
        TEMPLATE,
        LOGIN,
        problem=problem,
        client_name=page.client.name,
        name_label=label,
        name_type=kind,
        username=username[:MAX_NAME],
    )


def name_field(user_pool: UserPool) -> tuple[str, str]:
    """Return what the pool's users call themselves by, and the input type that fits."""
    if user_pool.alias_attributes:
        return _ANY_NAME
    return _NAME_FIELDS.get(user_pool.username_attributes, _ANY_NAME)
