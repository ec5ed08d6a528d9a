"""What social providers tell of their users, each in its own form.

Source: Google People API, `people.get`; Facebook Graph API, `/me`; Sign in with Apple, "Configuring your webpage"; spec
USER_POOLS section 10.1, `attributes_url_add_attributes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from idp.domain.openid_claims import IdentityRefused

MAX_APPLE_USER = 4096
PERSON_FIELDS = frozenset(
    {
        "addresses", "ageRanges", "biographies", "birthdays", "calendarUrls", "clientData", "coverPhotos", "emailAddresses",
        "events", "externalIds", "genders", "imClients", "interests", "locales", "locations", "memberships", "metadata",
        "miscKeywords", "names", "nicknames", "occupations", "organizations", "phoneNumbers", "photos", "relations",
        "sipAddresses", "skills", "urls", "userDefined",
    }
)  # fmt: skip
_SHOWN_AS = ("value", "displayName", "formattedValue", "name", "url")


def google_fields(mapped: Iterable[str]) -> list[str]:
    """Return the mapped claims that the People API knows; the others are in the ID token.

    Unknown: how Cognito tells them apart; the API refuses whole requests for one field that it does not know.
    """
    return sorted(PERSON_FIELDS.intersection(mapped))


def facebook_fields(mapped: Iterable[str]) -> list[str]:
    """Return the fields to ask the Graph API for: the user's id, and whatever is mapped."""
    return sorted({"id", *mapped})


def person_claims(person: Mapping[str, Any], subject: str) -> dict[str, Any]:
    """Return an answer of the People API as claims: each field's primary entry, or its first.

    Raises:
        IdentityRefused: the answer is another user's than the ID token.

    Unknown: the form in which Cognito shows the entries; here the text in one, or a date as YYYY-MM-DD.
    """
    if person.get("resourceName", f"people/{subject}") != f"people/{subject}":
        raise IdentityRefused("The user of userInfo is not that of the id_token.")
    claims = {name: _primary(value) for name, value in person.items() if name in PERSON_FIELDS}
    return {name: value for name, value in claims.items() if value is not None}


def apple_name(user: str) -> dict[str, str]:
    """Return the name that Apple hands to the browser at the first sign-in, as `firstName`, `lastName` and `name`.

    Nobody signs it, so nothing else in it (an e-mail address) is taken.

    Args:
        user: the JSON of the parameter `user`.

    Raises:
        IdentityRefused: it is none.
    """
    try:
        document = orjson.loads(user) if len(user) <= MAX_APPLE_USER else None
    except orjson.JSONDecodeError:
        document = None
    name = document.get("name", {}) if isinstance(document, dict) else None
    if not isinstance(name, dict):
        raise IdentityRefused("The parameter user is malformed.")
    parts = {each: name[each] for each in ("firstName", "lastName") if isinstance(name.get(each), str) and name[each]}
    return {**parts, "name": " ".join(parts.values())} if parts else {}


def _primary(entries: object) -> Any:
    """Return the text of a field's primary entry; a field of other form as it is."""
    if not isinstance(entries, list):
        return entries
    known = [entry for entry in entries if isinstance(entry, dict)]
    chosen = next((entry for entry in known if _is_primary(entry)), known[0] if known else None)
    if chosen is None:
        return None
    shown = next((chosen[name] for name in _SHOWN_AS if isinstance(chosen.get(name), str)), None)
    return shown or _date(chosen.get("date")) or chosen


def _is_primary(entry: Mapping[str, Any]) -> bool:
    metadata = entry.get("metadata")
    return isinstance(metadata, dict) and metadata.get("primary") is True


def _date(value: object) -> str | None:
    """Return a whole date as YYYY-MM-DD; None when a part is missing."""
    parts = [value.get(each) for each in ("year", "month", "day")] if isinstance(value, dict) else []
    numbers = [each for each in parts if isinstance(each, int)]
    if len(numbers) != 3:
        return None
    year, month, day = numbers
    return f"{year:04}-{month:02}-{day:02}"
