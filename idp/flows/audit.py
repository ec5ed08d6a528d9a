"""The trail of sign-ins: one log line each, for operators' log collectors.  No secret and no attribute is in it."""

from __future__ import annotations

import logging

_LOGGER = logging.getLogger("idp.audit")


def record_sign_in(outcome: str, *, pool_id: str, client_id: str, subject: str, event_id: str, source: str) -> None:
    """Write that a sign-in came to an outcome.

    Args:
        outcome: `succeeded`, or the name of the fact that refused it.
        subject: the user's `sub`; `-` when there is no such user.
        source: the client's address.
    """
    _LOGGER.info(
        "sign-in %s pool=%s client=%s sub=%s event=%s source=%s",
        outcome,
        pool_id,
        client_id,
        subject,
        event_id,
        source,
    )
