"""Links to a client's terms of use and privacy policy, by language.

Source: AWS API_CreateTerms, API_TermsType; spec USER_POOLS section 11.9.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from idp.domain.errors import InvalidParameter

DEFAULT_LANGUAGE = "cognito:default"


@dataclass(frozen=True, slots=True)
class Terms:
    """A stored document.

    Attributes:
        name: `terms-of-use` or `privacy-policy`.
        links: language, such as `cognito:english`, -> URL; `cognito:default` for all others.
    """

    id: str
    pool_id: str
    client_id: str
    name: str
    links: Mapping[str, str]
    created_at: datetime
    updated_at: datetime


def check_links(links: Mapping[str, str]) -> None:
    """Check that pages may link to it, whatever the visitor's language.

    Raises:
        InvalidParameter.

    Unknown: the sentences; that a link must be of the web keeps scripts out of the pages.
    """
    if DEFAULT_LANGUAGE not in links:
        raise InvalidParameter(f"Links must have {DEFAULT_LANGUAGE}.")
    for language, url in links.items():
        if not _is_web_address(url):
            raise InvalidParameter(f"The link of {language} must be an http or https URL.")


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)
