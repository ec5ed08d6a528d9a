"""The AuthFlow values of InitiateAuth: who may use which, what each needs, and what it begins with.

Source: AWS API_InitiateAuth; spec USER_POOLS section 1.2 and the texts of 3.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from idp.domain.errors import InvalidParameter, NotAuthorized

if TYPE_CHECKING:
    from idp.domain.client import Client

Door = Literal["public", "admin", "hosted"]
"""How a sign-in came in: an unsigned operation, its Admin form, or the hosted page."""

REFRESH = "REFRESH_TOKEN_AUTH"
HOSTED = "HOSTED"
FEDERATED = "FEDERATED"
"""A sign-in by an upstream provider's word: none of the API's flows."""

SRP = "USER_SRP_AUTH"
CUSTOM = "CUSTOM_AUTH"
CHOICE_BASED = "USER_AUTH"
CHOICE_PERMISSION = "ALLOW_USER_AUTH"
_NOT_ENABLED = "Auth flow not enabled for this client"
_NOT_SUPPORTED = "Initiate Auth method not supported."


@dataclass(frozen=True, slots=True)
class AuthFlow:
    """One way to begin a sign-in.

    Attributes:
        permission: the ExplicitAuthFlows value a client needs.
        required: parameters that must be there.
        challenge: what it begins with, or may; None for refreshing, which begins with none.
        is_answered: the request holds the answer already, so the challenge is not asked.
        refusal: what a client without the permission is told.
    """

    name: str
    permission: str
    required: tuple[str, ...]
    challenge: str | None
    is_answered: bool = False
    is_for_admins: bool = False
    refusal: str = _NOT_ENABLED


_FLOWS = (
    AuthFlow(SRP, "ALLOW_USER_SRP_AUTH", ("USERNAME", "SRP_A"), "PASSWORD_VERIFIER"),
    AuthFlow(
        "USER_PASSWORD_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        ("USERNAME", "PASSWORD"),
        "PASSWORD",
        is_answered=True,
        refusal="USER_PASSWORD_AUTH flow not enabled for this client",
    ),
    AuthFlow(
        "ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        ("USERNAME", "PASSWORD"),
        "PASSWORD",
        is_answered=True,
        is_for_admins=True,
    ),
    AuthFlow(
        CUSTOM,
        "ALLOW_CUSTOM_AUTH",
        ("USERNAME",),
        "CUSTOM_CHALLENGE",
        refusal="CUSTOM_AUTH is not enabled for the client.",
    ),
    AuthFlow(CHOICE_BASED, CHOICE_PERMISSION, ("USERNAME",), "SELECT_CHALLENGE", is_answered=True),
    AuthFlow(REFRESH, "ALLOW_REFRESH_TOKEN_AUTH", ("REFRESH_TOKEN",), None),
)
_BY_NAME: Mapping[str, AuthFlow] = {flow.name: flow for flow in _FLOWS}
_OLD_NAMES: Mapping[str, str] = {"REFRESH_TOKEN": REFRESH, "ADMIN_NO_SRP_AUTH": "ADMIN_USER_PASSWORD_AUTH"}

HOSTED_PAGE = AuthFlow(HOSTED, "", ("USERNAME", "PASSWORD"), "PASSWORD", is_answered=True)
"""The sign-in page's own: no client setting forbids it, and no operation can name it."""


def is_refresh(name: str) -> bool:
    """Say whether an AuthFlow refreshes tokens, which is no sign-in."""
    return _OLD_NAMES.get(name, name) == REFRESH


def get_flow(name: str, client: Client, door: Door) -> AuthFlow:
    """Return a flow that the client may use through the door.

    Raises:
        InvalidParameter: the flow is unknown, for administrators only, or not enabled for the client.
        NotAuthorized: refreshing by sign-in, while the client rotates its refresh tokens.
    """
    flow = _BY_NAME.get(_OLD_NAMES.get(name, name))
    if flow is None or (flow.is_for_admins and door != "admin"):
        raise InvalidParameter(_NOT_SUPPORTED)
    if flow.name == REFRESH and client.rotates_refresh_tokens:
        raise NotAuthorized("Refresh token rotation is enabled for this client")
    if flow.permission not in client.flows:
        raise InvalidParameter(flow.refusal)
    return flow


def require_parameters(given: Mapping[str, str], required: tuple[str, ...]) -> None:
    """Check that parameters are there and not empty; raises InvalidParameter for the first that is not."""
    for name in required:
        if not given.get(name):
            raise missing_parameter(name)


def refuse_step_up(flow: AuthFlow, parameters: Mapping[str, str]) -> None:
    """Refuse a choice-based sign-in that is to reach a level of authentication, for there are no such levels here.

    MAX_AGE is taken: it limits what an earlier sign-in is worth, and here none is worth anything.

    Raises:
        InvalidParameter.  Unknown: its sentence.

    Source: AWS API_InitiateAuth, AuthParameters (TARGET_ACR_VALUES, ACCESS_TOKEN, MAX_AGE).
    """
    asked = next((name for name in ("TARGET_ACR_VALUES", "ACCESS_TOKEN") if parameters.get(name)), None)
    if flow.name == CHOICE_BASED and asked is not None:
        raise InvalidParameter(f"Step-up authentication is not supported: {asked}")


def missing_parameter(name: str) -> InvalidParameter:
    """Return the refusal of a request without a parameter."""
    return InvalidParameter(f"Missing required parameter {name}")


def begun_with(flow: AuthFlow, parameters: Mapping[str, str]) -> AuthFlow:
    """Return the flow as the parameters begin it: a custom one may begin with SRP."""
    if flow.name == CUSTOM and parameters.get("CHALLENGE_NAME") == "SRP_A":
        return replace(flow, required=("USERNAME", "SRP_A"), challenge="PASSWORD_VERIFIER")
    return flow
