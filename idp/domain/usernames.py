"""What users may be called: usernames, and the addresses that stand for them.

Source: AWS "Working with user attributes", "Customizing sign-in attributes"; spec USER_POOLS section 2.2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from idp.domain.errors import InvalidParameter

if TYPE_CHECKING:
    from idp.domain.user_pool import UserPool
    from idp.services import Random

MAX_EMAIL_LENGTH = 320  # 64 before the @ and 255 after it: RFC 5321 section 4.5.3.1

# No part can match what the next one begins with, so that a scan is linear.
_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f<>,;]{1,64}@[^@\s\x00-\x1f\x7f<>,;.]+(?:\.[^@\s\x00-\x1f\x7f<>,;.]+)+")
_PHONE_NUMBER = re.compile(r"\+[0-9]{1,15}")

_SHOULD_BE = {
    ("email",): "an email",
    ("phone_number",): "a phone number",
    ("email", "phone_number"): "either an email or a phone number",
}


def is_email(text: str) -> bool:
    """Say whether the text has the form of an e-mail address with a dotted domain."""
    return len(text) <= MAX_EMAIL_LENGTH and _EMAIL.fullmatch(text) is not None


def is_phone_number(text: str) -> bool:
    """Say whether the text is an E.164 number: `+` and up to 15 digits."""
    return _PHONE_NUMBER.fullmatch(text) is not None


_HAS_FORM = {"email": is_email, "phone_number": is_phone_number}


def resolve_new_username(
    user_pool: UserPool, username: str, attributes: Mapping[str, str], random: Random
) -> tuple[str, dict[str, str]]:
    """Return the stored username of a new user, and their attributes with what the given name stands for.

    In a pool with UsernameAttributes the name is an address: it becomes an attribute, and the username is a new UUID.

    Raises:
        InvalidParameter: the name has a form that the pool does not take.
    """
    if not user_pool.username_attributes:
        refuse_alias_format(user_pool, username)
        return user_pool.fold(username), dict(attributes)
    attribute = _attribute_of(user_pool, username)
    given = attributes.get(attribute)
    if given is not None and user_pool.fold(given) != user_pool.fold(username):
        raise InvalidParameter(f"The username and the {attribute} attribute are not the same.")
    return random.uuid(), {attribute: username, **attributes}


def new_sub(user_pool: UserPool, username: str, random: Random) -> str:
    """Return a new user's subject: equal to the username where that is a generated UUID.  Source: spec section 0.5."""
    return username if user_pool.username_attributes else random.uuid()


def refuse_early_preferred_username(user_pool: UserPool, attributes: Mapping[str, str]) -> None:
    """Refuse preferred_username at sign-up where it is an alias: it can be set after confirmation only.

    Raises:
        InvalidParameter.
    """
    if "preferred_username" in user_pool.alias_attributes and "preferred_username" in attributes:
        raise InvalidParameter("The preferred_username attribute can be provided only after the user is confirmed.")


def refuse_alias_format(user_pool: UserPool, username: str) -> None:
    """Refuse a name that looks like an address which may be an alias in the pool.

    Raises:
        InvalidParameter.
    """
    for attribute, label in (("email", "email"), ("phone_number", "phone number")):
        if attribute in user_pool.alias_attributes and _HAS_FORM[attribute](username):
            raise InvalidParameter(
                f"Username cannot be of {label} format, since user pool is configured for {label} alias."
            )


def claimed_aliases(user_pool: UserPool, attributes: Mapping[str, str]) -> dict[str, str]:
    """Return attribute -> folded value of what a user with these attributes can sign in by, beside the username.

    Where addresses are usernames they count at once; as aliases only when verified. A preferred username needs no proof.
    """
    claimed = {name for name in user_pool.username_attributes if attributes.get(name)}
    for name in user_pool.alias_attributes:
        if attributes.get(name) and (name == "preferred_username" or attributes.get(f"{name}_verified") == "true"):
            claimed.add(name)
    return {name: user_pool.fold(attributes[name]) for name in sorted(claimed)}


def _attribute_of(user_pool: UserPool, username: str) -> str:
    for attribute in user_pool.username_attributes:
        if _HAS_FORM[attribute](username):
            return attribute
    raise InvalidParameter(f"Username should be {_SHOULD_BE[tuple(sorted(user_pool.username_attributes))]}.")
