"""The pages of the second factor: a code by message or of an app, and the choice between factors.

Source: spec USER_POOLS section 1.7.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import orjson
from flask import request

from idp.domain.challenge import EMAIL_OTP, SMS_MFA, SOFTWARE_TOKEN_MFA
from idp.domain.errors import CodeExpired, CodeMismatch, DomainError, InvalidSession
from idp.flows.sign_in import ChallengeAnswer, answer_challenge
from idp.login.forms import FORM_TOO_OLD, FormPage
from idp.web.csrf import is_own_form
from idp.web.site import CHALLENGE

if TYPE_CHECKING:
    from flask import Response

    from idp.domain.browser_session import PendingChallenge

Show = Callable[[str | None], "Response"]

WRONG_CODE = "This is not the right code. Look at it again, and type it once more."
USED_CODE = "This code was used already. Wait for the next one."
OVER = "The time for this step is over. Go back to the application and sign in again."
NO_CODE = "Type the code."
MAX_CODE = 16

CHOICES: Mapping[str, str] = {
    SMS_MFA: "A text message to my phone",
    SOFTWARE_TOKEN_MFA: "A code of my authenticator app",
    EMAIL_OTP: "An e-mail to my address",
}


def answer_code(page: FormPage, pending: PendingChallenge) -> Response:
    """Show the form for a code, or take it."""

    def show(problem: str | None) -> Response:
        told = pending.parameters
        return page.show(
            "code.html",
            CHALLENGE,
            problem=problem,
            destination=told.get("CODE_DELIVERY_DESTINATION"),
            app_name=told.get("FRIENDLY_DEVICE_NAME"),
            max_length=MAX_CODE,
        )

    if request.method == "GET":
        return show(None)
    code = "".join(request.form.get("code", "").split())
    if not code or len(code) > MAX_CODE:
        return show(NO_CODE)
    return _take(page, pending, {f"{pending.name}_CODE": code}, show)


def answer_choice(page: FormPage, pending: PendingChallenge) -> Response:
    """Show what there is to choose from, or take the choice."""

    def show(problem: str | None) -> Response:
        offered: list[str] = orjson.loads(pending.parameters["MFAS_CAN_CHOOSE"])
        choices = [(factor, CHOICES[factor]) for factor in offered]
        return page.show("choose_factor.html", CHALLENGE, problem=problem, choices=choices)

    if request.method == "GET":
        return show(None)
    return _take(page, pending, {"ANSWER": request.form.get("answer", "")}, show)


def _take(page: FormPage, pending: PendingChallenge, responses: Mapping[str, str], show: Show) -> Response:
    """Answer the challenge and go on, or show the form again with what was wrong."""
    if not is_own_form(page.services, page.site):
        return show(FORM_TOO_OLD)
    answer = ChallengeAnswer(
        challenge=pending.name,
        responses={"USERNAME": pending.username, **responses},
        session=pending.sign_in_session,
        door="hosted",
        source=request.remote_addr or "",
    )
    try:
        outcome = answer_challenge(page.services, page.client, answer)
    except DomainError as refusal:
        return show(_sentence(refusal))
    return page.go_on(outcome, pending.username)


def _sentence(refusal: DomainError) -> str:
    """Return a refusal in words for people."""
    if isinstance(refusal, CodeMismatch):
        return WRONG_CODE
    if isinstance(refusal, CodeExpired):
        return USED_CODE
    return OVER if isinstance(refusal, InvalidSession) else refusal.message
