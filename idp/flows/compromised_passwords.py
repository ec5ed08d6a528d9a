"""Refusing passwords that attackers know, where a pool says so.  Source: spec USER_POOLS sections 2.11 and 11.7."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.domain.errors import InvalidPassword
from idp.domain.threat_protection import mode_of
from idp.flows.risk_configuration import load_configuration

if TYPE_CHECKING:
    from idp.domain.threat_protection import Use
    from idp.domain.user_pool import UserPool
    from idp.services import Services

REFUSED = "Provided password cannot be used for security reasons."


def refuse_compromised(services: Services, user_pool: UserPool, client_id: str | None, password: str, use: Use) -> None:
    """Refuse a new password that attackers know.

    Raises:
        InvalidPassword.
    """
    if mode_of(user_pool.settings) != "ENFORCED" or not services.compromised_passwords.contains(password):
        return
    if load_configuration(services, user_pool, client_id).blocks_compromised(use):
        raise InvalidPassword(REFUSED)
