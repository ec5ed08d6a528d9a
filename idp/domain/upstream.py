"""Somebody whom an upstream identity provider vouches for, and a sign-in that waits for the provider's word.

Source: spec USER_POOLS sections 10.2, 10.5 and 10.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

ROUND_TRIP = timedelta(minutes=5)
"""How long a user may take at the provider.  Source: spec sections 9.8 and 10.5."""

ASSERTION_REMEMBERED = timedelta(minutes=10)
"""How long an assertion that nobody asked for must be remembered, once it was spent: for longer than it is taken.

Source: spec section 10.6: such an assertion is six minutes old at most, by a provider's clock that may be a little wrong.
"""


class StateRefused(Exception):
    """A provider's answer belongs to no round trip that the browser has under way: nobody may be told more."""


@dataclass(frozen=True, slots=True)
class UpstreamIdentity:
    """What a provider said of somebody; only code that has verified the provider's answer makes one.

    Attributes:
        subject: the value of the claim that names the user there, for good (`Kind.subject_claim`).
        claims: claim -> JSON value, as the provider sent them; a SAML attribute of several values is a list of texts.
        evidence: what the event of InboundFederation shows as `attributes`: texts by claim, under `tokenResponse`, `idToken`
            and `userInfo`, or `samlResponse`.
        session_index: SAML's name of the session at the provider; None when it gave none.
        name_id: SAML's NameID element, as XML: a LogoutRequest must repeat it with its format and qualifiers.
        assertion_id: SAML's ID of the assertion, unique at the provider; one that nobody asked for is good once.
    """

    subject: str
    claims: Mapping[str, Any] = field(repr=False)
    evidence: Mapping[str, Mapping[str, str]] = field(repr=False)
    session_index: str | None = None
    name_id: str | None = field(default=None, repr=False)
    assertion_id: str | None = None


@dataclass(frozen=True, slots=True)
class UpstreamRequest:
    """A browser that has been sent to a provider.

    Attributes:
        state: 32 random bytes, base64url: OAuth's `state`, SAML's `RelayState`.
        query: the client's authorization request, urlencoded, with which the browser comes back to the dispatcher.
        callback_url: where the provider was told to send the answer.
        nonce: OpenID Connect's.
        code_verifier: RFC 7636's.
        request_id: SAML's AuthnRequest ID.
    """

    state: str = field(repr=False)
    pool_id: str
    client_id: str
    provider_name: str
    query: str = field(repr=False)
    callback_url: str
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)
    request_id: str
    expires_at: datetime
