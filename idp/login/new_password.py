"""The page of NEW_PASSWORD_REQUIRED: a password of one's own in place of a temporary one, and what is missing of the profile.

Source: spec USER_POOLS section 1.7.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
from flask import request

from idp.domain.errors import DomainError, InvalidSession
from idp.flows.sign_in import ChallengeAnswer, answer_challenge
from idp.login.forms import FORM_TOO_OLD, FormPage
from idp.web.csrf import is_own_form
from idp.web.site import CHALLENGE

if TYPE_CHECKING:
    from flask import Response

    from idp.domain.browser_session import PendingChallenge
    from idp.domain.password import PasswordPolicy

TEMPLATE = "new_password.html"
ATTRIBUTE = "userAttributes."
DIFFERENT = "The two passwords are not the same."
OVER = "The time for setting a password is over. Go back to the application and sign in again."
_AUTOCOMPLETE = {"email": "email", "phone_number": "tel", "name": "name", "given_name": "given-name"}


@dataclass(frozen=True, slots=True)
class AttributeField:
    """An input for a required attribute that the user lacks."""

    name: str
    label: str
    value: str
    autocomplete: str


def answer(page: FormPage, pending: PendingChallenge) -> Response:
    """Show the form, or take it."""
    if request.method == "GET":
        return _show(page, pending)
    if not is_own_form(page.services, page.site):
        return _show(page, pending, problem=FORM_TOO_OLD)
    password = request.form.get("new_password", "")
    if password != request.form.get("repeated_password", ""):
        return _show(page, pending, problem=DIFFERENT)
    try:
        outcome = answer_challenge(page.services, page.client, _challenge_answer(pending, password))
    except InvalidSession:
        return _show(page, pending, problem=OVER)
    except DomainError as refusal:
        return _show(page, pending, problem=refusal.message)
    return page.go_on(outcome, pending.username)


def _challenge_answer(pending: PendingChallenge, password: str) -> ChallengeAnswer:
    given = {field.name: request.form.get(field.name, "") for field in _attribute_fields(pending)}
    return ChallengeAnswer(
        challenge=pending.name,
        responses={"USERNAME": pending.username, "NEW_PASSWORD": password, **given},
        session=pending.sign_in_session,
        door="hosted",
        source=request.remote_addr or "",
        user_agent=request.user_agent.string,
    )


def _show(page: FormPage, pending: PendingChallenge, *, problem: str | None = None) -> Response:
    return page.show(
        TEMPLATE,
        CHALLENGE,
        problem=problem,
        username=pending.username,
        attribute_fields=_attribute_fields(pending),
        rules=rules_of(page.site.user_pool.password_policy),
    )


def _attribute_fields(pending: PendingChallenge) -> list[AttributeField]:
    names: list[str] = orjson.loads(pending.parameters["requiredAttributes"])
    return [_field(name) for name in names]


def _field(name: str) -> AttributeField:
    attribute = name.removeprefix(ATTRIBUTE)
    label = attribute.removeprefix("custom:").replace("_", " ").capitalize()
    return AttributeField(name, label, request.form.get(name, ""), _AUTOCOMPLETE.get(attribute, "off"))


def rules_of(policy: PasswordPolicy) -> list[str]:
    """Return what a password needs, as a list for people."""
    wanted = (
        (True, f"at least {policy.minimum_length} characters"),
        (policy.require_lowercase, "a lowercase letter"),
        (policy.require_uppercase, "an uppercase letter"),
        (policy.require_numbers, "a digit"),
        (policy.require_symbols, "a symbol such as ! or %"),
    )
    return [rule for is_wanted, rule in wanted if is_wanted]
