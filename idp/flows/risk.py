"""Threat protection in a sign-in: who is refused, who must give a second factor, and what is kept of it.

Pools without threat protection pay nothing for it; others one query more for each step, and one for what is kept.
Source: AWS "Advanced security with threat protection"; spec USER_POOLS section 11.7.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from idp.domain.auth_flow import CUSTOM, FEDERATED
from idp.domain.challenge import FIRST_FACTORS
from idp.domain.errors import SignInBlocked
from idp.domain.risk import (
    ACCOUNT_TAKEOVER,
    BLOCK,
    CONSIDERED,
    FAIL,
    IN_PROGRESS,
    NO_RISK,
    PASS,
    SIGN_IN,
    AuthEvent,
    Risk,
    assess,
)
from idp.domain.threat_protection import mode_of
from idp.flows import audit
from idp.flows.auth_events import record_event
from idp.flows.risk_configuration import load_configuration
from idp.flows.risk_notices import notify
from idp.flows.second_factors import may_give_second_factor

if TYPE_CHECKING:
    from idp.domain.errors import DomainError
    from idp.domain.threat_protection import Mode, RiskConfiguration
    from idp.domain.user import User
    from idp.flows.challenges.challenge import SignInContext

BLOCKED = Risk(decision=BLOCK)


def require_admitted(context: SignInContext) -> None:
    """Refuse addresses that the pool always refuses, whoever is named and before anything is proved.

    Raises:
        SignInBlocked.
    """
    if _mode(context) != "ENFORCED":
        return
    if load_configuration(context.services, context.user_pool, context.client.id).is_blocked(context.origin.address):
        record_sign_in(replace(context, risk=BLOCKED), FAIL)
        refusal = SignInBlocked()
        record_outcome(context, refusal)
        raise refusal


def with_risk(context: SignInContext, password: str | None) -> SignInContext:
    """Judge a sign-in whose first factor has been proved, once; until then it stays as it is.

    Args:
        password: None when the server has not seen it.

    Raises:
        SignInBlocked: it is refused, by a compromised password or by its risk.
    """
    mode, user = _mode(context), context.user
    if mode == "OFF" or user is None or not context.passed or context.risk is not None:
        return context
    configuration = load_configuration(context.services, context.user_pool, context.client.id)
    if configuration.is_skipped(context.origin.address):
        return replace(context, risk=Risk())
    risk, is_told = _judged(context, user, configuration, password)
    if mode == "AUDIT":  # which finds, and does nothing about it
        return replace(context, risk=replace(risk, decision=NO_RISK, demands_mfa=False))
    context = replace(context, risk=risk)
    if is_told:
        notify(context, user, configuration, risk)
    if risk.decision == BLOCK:
        record_sign_in(context, FAIL)
        raise SignInBlocked
    return context


def record_sign_in(context: SignInContext, response: str) -> None:
    """Keep how far a sign-in of a user has come."""
    if context.user is None or _mode(context) == "OFF":
        return
    event = AuthEvent(
        id=context.event_id,
        user_id=context.user.id,
        client_id=context.client.id,
        kind=SIGN_IN,
        created_at=context.services.clock.now(),
        response=response,
        source=context.origin.address,
        device_name=context.origin.device_name,
        risk=context.risk or Risk(),
        challenges=_challenges(context, response),
    )
    record_event(context.services, context.user_pool, event)


def record_progress(context: SignInContext) -> None:
    """Keep that a sign-in waits for more than its first factor."""
    if context.passed:
        record_sign_in(context, IN_PROGRESS)


def record_outcome(context: SignInContext, refusal: DomainError | None) -> None:
    """Write how a sign-in ended, or that an answer was wrong; what threat protection blocks was kept when it was."""
    audit.record_sign_in(
        "succeeded" if refusal is None else type(refusal).__name__,
        pool_id=context.user_pool.id,
        client_id=context.client.id,
        subject="-" if context.user is None else context.user.sub,
        event_id=context.event_id,
        source=context.source,
    )
    if not isinstance(refusal, SignInBlocked):
        record_sign_in(context, PASS if refusal is None else FAIL)


def _judged(
    context: SignInContext, user: User, configuration: RiskConfiguration, password: str | None
) -> tuple[Risk, bool]:
    """Return what was found and is to be done, and whether the user is told."""
    is_compromised = password is not None and context.services.compromised_passwords.contains(password)
    with context.services.reading() as work:
        history = work.auth_events.list_newest(user.id, limit=CONSIDERED)
    level = assess(history, context.origin, context.services.clock.now())
    risk = Risk(level, is_compromised=is_compromised)
    if is_compromised and configuration.blocks_compromised("SIGN_IN"):
        return replace(risk, decision=BLOCK), False
    if level is None:
        return risk, False
    action, is_told = configuration.action(level)
    return _acted(context, user, risk, action), is_told


def _acted(context: SignInContext, user: User, risk: Risk, action: str) -> Risk:
    """Return the risk with what the configured action comes to for this user."""
    if action == "BLOCK":
        return replace(risk, decision=BLOCK)
    if action == "NO_ACTION":
        return risk
    if may_give_second_factor(context.services, context.user_pool, user, context.passed):
        return replace(risk, decision=ACCOUNT_TAKEOVER, demands_mfa=True)
    return replace(risk, decision=BLOCK) if action == "MFA_REQUIRED" else risk


def _challenges(context: SignInContext, response: str) -> dict[str, str]:
    """Return what was asked and how it went, as the API tells it."""
    told = {"Password" if name in FIRST_FACTORS else "Mfa": "Success" for name in context.passed}
    is_blocked = context.risk is not None and context.risk.decision == BLOCK
    if response == FAIL and not is_blocked and context.flow != FEDERATED:
        told["Mfa" if context.passed else "Password"] = "Failure"
    return told


def _mode(context: SignInContext) -> Mode:
    return mode_of(context.user_pool.settings, is_custom=context.flow == CUSTOM)
