"""Scopes of access tokens, and the attributes that OpenID Connect's scopes show.

Source: spec USER_POOLS sections 4.2 (attribute claims shown) and 4.8; OpenID Connect Core 1.0 section 5.4.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

SELF_SERVICE = "aws.cognito.signin.user.admin"
"""Lets an access token call the API's operations about its own user; all that an API sign-in gets."""

OPENID = "openid"
EMAIL = "email"
PHONE = "phone"
PROFILE = "profile"

_LIMITING = frozenset({EMAIL, PHONE, PROFILE})
_PAIRS = {
    EMAIL: frozenset({"email", "email_verified"}),
    PHONE: frozenset({"phone_number", "phone_number_verified"}),
}
_CONTACT_ATTRIBUTES = _PAIRS[EMAIL] | _PAIRS[PHONE]


def parse_scope(text: str) -> frozenset[str]:
    """Read a space-separated scope parameter or claim.  Source: RFC 6749 section 3.3."""
    return frozenset(text.split())


def narrowed(held: Sequence[str], kept: Collection[str]) -> list[str]:
    """Return those of a token's scopes that are kept, in their order, so that they show no more attributes than before.

    `openid` alone shows all, so it is not kept where the scopes that limit it are given up.
    """
    granted = [scope for scope in held if scope in kept]
    if _LIMITING.isdisjoint(granted) and not _LIMITING.isdisjoint(held):
        return [scope for scope in granted if scope != OPENID]
    return granted


def shows_attribute(scopes: frozenset[str], attribute: str) -> bool:
    """Say whether hosted sign-in with these scopes shows an attribute in the ID token.

    `openid` alone shows all; `email` and `phone` their pairs; `profile` everything else.
    """
    if scopes.isdisjoint(_LIMITING):
        return True
    if attribute in _CONTACT_ATTRIBUTES:
        return any(scope in scopes and attribute in pair for scope, pair in _PAIRS.items())
    return PROFILE in scopes
