"""`/authEventFeedback`: the page behind the links of a notification about a risky sign-in.

A link in an e-mail may be opened by whatever looks through the mail, so opening it changes nothing: the page asks, and its
button says it.  Source: AWS "Adaptive authentication" (one-click links).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from idp.domain.errors import DomainError, InvalidParameter
from idp.flows.auth_events import give_feedback_by_link
from idp.flows.risk_notices import FEEDBACK_PATH
from idp.web.readable import require_readable
from idp.web.site import route

if TYPE_CHECKING:
    from flask import Flask, Response

    from idp.services import Services
    from idp.web.pages import Pages

TEMPLATE = "feedback.html"
QUESTIONS = {"Valid": "Was this sign-in yours?", "Invalid": "Was this sign-in not yours?"}


def mount(app: Flask, services: Services, pages: Pages) -> None:
    """Serve the page."""

    def feedback(domain: str | None) -> Response:
        del domain
        require_readable()
        value = request.args.get("value", "")
        if request.method == "GET" and value in QUESTIONS:
            return _show(pages, QUESTIONS[value], asks=True)
        try:
            _take(services, value)
        except DomainError as refusal:
            return _show(pages, "Not noted", problem=refusal.message)
        return _show(pages, "Thank you")

    route(app, FEEDBACK_PATH, feedback, methods=["GET", "POST"], endpoint="feedback link")


def _show(pages: Pages, heading: str, *, problem: str | None = None, asks: bool = False) -> Response:
    return pages.page(TEMPLATE, status=200 if problem is None else 400, heading=heading, problem=problem, asks=asks)


def _take(services: Services, value: str) -> None:
    if value not in QUESTIONS:
        raise InvalidParameter("The link is malformed.")
    give_feedback_by_link(services, request.args.get("token", ""), value)
