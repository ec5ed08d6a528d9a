"""From a line of an import file to a user: what a line must hold, and what it makes.

Source: AWS Developer Guide, "Importing users into user pools from a CSV file"; spec USER_POOLS section 11.4.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from idp.domain.challenge import SMS_MFA
from idp.domain.first_factor import one_time_factors
from idp.domain.schema import check_verified_flags
from idp.domain.user import Credentials, MfaPreference, User, UserStatus
from idp.domain.user_import_file import MFA_ENABLED, OWN_COLUMNS, PASSWORD_HASH, USERNAME, LineRefused
from idp.domain.usernames import new_sub, resolve_new_username

if TYPE_CHECKING:
    from idp.domain.user_pool import UserPool
    from idp.services import Random

MAX_USERNAME = 128
_USERNAME_CATEGORIES = frozenset("LMSNP")  # the API's pattern of a Username
_MFA_ALLOWED: Mapping[str, tuple[str, ...]] = {"ON": ("true",), "OFF": ("false",), "OPTIONAL": ("true", "false")}


def make_user(
    user_pool: UserPool,
    values: Mapping[str, str],
    *,
    now: datetime,
    random: Random,
    is_hash: Callable[[str], bool],
) -> User:
    """Return the user that a line describes: to reset their password, or confirmed when the line has its hash.

    Args:
        values: by column, empty ones left out.
        is_hash: says whether a password hash can be taken over.

    Raises:
        LineRefused; InvalidParameter: an attribute does not conform to the pool's schema, or the name has a form that the
            pool does not take.
    """
    name = values.get(USERNAME, "")
    _check_username(name)
    password_hash = values.get(PASSWORD_HASH)
    if password_hash is not None and not is_hash(password_hash):
        raise LineRefused("The password hash is malformed, of another algorithm, or too expensive to verify.")
    wants_mfa = _wants_mfa(user_pool, values)
    username, attributes = resolve_new_username(user_pool, name, _attributes(values), random)
    user_pool.schema.check_new(attributes, required=user_pool.schema.required())
    attributes = user_pool.schema.normalized(attributes)
    check_verified_flags({name: value for name, value in attributes.items() if value == "true"}, attributes)
    _check_verified(user_pool, attributes)
    user = User(
        pool_id=user_pool.id,
        username=username,
        sub=new_sub(user_pool, username, random),
        status=UserStatus.CONFIRMED,
        created_at=now,
        updated_at=now,
        attributes=attributes,
        credentials=None if password_hash is None else Credentials(password_hash),
        mfa=_preference(attributes, wants_mfa=wants_mfa),
    )
    return user if may_sign_in_at_once(user_pool, user) else replace(user, status=UserStatus.RESET_REQUIRED)


def may_sign_in_at_once(user_pool: UserPool, user: User) -> bool:
    """Say whether the user has a password, or an address that a one-time code for a sign-in may go to.

    Unknown: whether AWS calls the latter CONFIRMED; the same users made by AdminCreateUser are.
    """
    verified = {name: value for name, value in user.attributes.items() if user.is_verified(name)}
    return user.credentials is not None or bool(one_time_factors(user_pool.first_factors, verified))


def _check_username(name: str) -> None:
    if not name:
        raise LineRefused("The User Record does not contain a username.")
    if len(name) > MAX_USERNAME or not all(unicodedata.category(each)[0] in _USERNAME_CATEGORIES for each in name):
        raise LineRefused("The username is malformed.")


def _wants_mfa(user_pool: UserPool, values: Mapping[str, str]) -> bool:
    wanted = values.get(MFA_ENABLED, "").lower()
    configuration = user_pool.settings.get("MfaConfiguration", "OFF")
    if wanted not in _MFA_ALLOWED[configuration]:
        possible = " or ".join(_MFA_ALLOWED[configuration])
        raise LineRefused(f"{MFA_ENABLED} must be {possible}: the user pool's MFA is {configuration}.")
    return wanted == "true"


def _attributes(values: Mapping[str, str]) -> dict[str, str]:
    attributes = {name: value for name, value in values.items() if name not in OWN_COLUMNS}
    if "birthdate" in attributes:
        attributes["birthdate"] = _birthdate(attributes["birthdate"])
    return attributes


def _birthdate(value: str) -> str:
    """Return mm/dd/yyyy as the attribute is kept: YYYY-MM-DD.  Source: OpenID Connect Core 1.0 section 5.1."""
    try:
        day = datetime.strptime(value, "%m/%d/%Y")  # noqa: DTZ007 - a date alone
    except ValueError as error:
        raise LineRefused("birthdate must be in the form mm/dd/yyyy.") from error
    return day.date().isoformat()


def _check_verified(user_pool: UserPool, attributes: Mapping[str, str]) -> None:
    if not any(attributes.get(f"{name}_verified") == "true" for name in user_pool.auto_verified_attributes):
        raise LineRefused(
            "The User Record does not set any of the auto verified attributes to true. "
            "(Example: email_verified to true)."
        )


def _preference(attributes: Mapping[str, str], *, wants_mfa: bool) -> MfaPreference:
    """Return the second factor that an import can switch on: SMS, to a verified number."""
    if wants_mfa and attributes.get("phone_number_verified") == "true":
        return MfaPreference().with_factor(SMS_MFA)
    return MfaPreference()
