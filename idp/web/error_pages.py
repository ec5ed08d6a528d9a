"""The page that tells a user what stopped them, when nobody else may be told.

Its sentences are ours: whatever an address says, it puts no words into the page.  Source: spec USER_POOLS section 9.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.web.pages import Pages

if TYPE_CHECKING:
    from flask import Response

HEADING = "An error was encountered with the requested page."
UNKNOWN = "unknown_error"
SENTENCES = {
    "invalid_request": "The application's request is incomplete or malformed.",
    "invalid_client": "The application is not known here.",
    "redirect_mismatch": "The application asked to send you to an address that is not registered for it.",
    "unauthorized_client": "The application may not sign people in this way.",
    "invalid_state": "The sign-in took too long, was used already, or began in another browser. Please start again.",
    "logout_incomplete": "You are signed out here, but your identity provider did not confirm that you are there, too.",
    "server_error": "Something went wrong on our side. Please try again.",
    "not_found": "There is no page at this address.",
    "method_not_allowed": "This page cannot be used that way.",
    "too_large": "The form is too large.",
    UNKNOWN: "The request could not be completed.",
}


def error_page(pages: Pages, error: str, *, status: int = 400, detail: str = "") -> Response:
    """Return the error page.

    Args:
        error: one of `SENTENCES`; anything else is shown as an unknown error.
        detail: one more sentence, of ours.
    """
    name = error if error in SENTENCES else UNKNOWN
    return pages.page("error.html", status=status, heading=HEADING, error=name, sentence=SENTENCES[name], detail=detail)
