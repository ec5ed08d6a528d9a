"""`/confirmUser`: the page behind the link of a confirmation message.

The link names client, user and code; it works on the server's own name as well as on a pool's domain.
Source: AWS Developer Guide, "Verifying contact information at sign-up" (confirmation link); spec USER_POOLS section 9.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from idp.domain.errors import DomainError, ResourceNotFound
from idp.flows.confirmation import confirm_sign_up
from idp.flows.lookups import get_client
from idp.flows.named_users import name_user
from idp.web.readable import require_readable
from idp.web.site import find_site, route

if TYPE_CHECKING:
    from flask import Flask, Response

    from idp.services import Services
    from idp.web.pages import Pages

TEMPLATE = "confirmation.html"


def mount(app: Flask, services: Services, pages: Pages) -> None:
    """Serve the page."""

    def confirm_user(domain: str | None) -> Response:
        require_readable()
        site = None if domain is None else find_site(services, domain)
        try:
            _confirm(services, pool_id=None if site is None else site.user_pool.id)
        except ResourceNotFound:  # whose sentence repeats what the link says
            return _show(pages, "Not confirmed", problem="Client does not exist.")
        except DomainError as refusal:
            return _show(pages, "Not confirmed", problem=refusal.message)
        return _show(pages, "Confirmed")

    route(app, "/confirmUser", confirm_user, methods=["GET"], endpoint="confirmation link")


def _show(pages: Pages, heading: str, *, problem: str | None = None) -> Response:
    return pages.page(TEMPLATE, status=200 if problem is None else 400, heading=heading, problem=problem)


def _confirm(services: Services, *, pool_id: str | None) -> None:
    client = get_client(services, request.args.get("client_id", ""), pool_id=pool_id)
    named = name_user(services, client, request.args.get("user_name", ""))
    confirm_sign_up(services, named, code=request.args.get("confirmation_code", ""))
