"""Security headers of pages and JSON answers.

Source: OWASP HTTP Headers Cheat Sheet; CSP Level 3; RFC 9700 section 4.16 (clickjacking); spec USER_POOLS section 9.1.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from flask import Response

_FOREVER_S = 31_536_000
NEVER_STORED = (
    ("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate"),
    ("Pragma", "no-cache"),
    ("Expires", "0"),
)
SAFE_ANYWHERE = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-XSS-Protection", "1; mode=block"),
    ("X-Frame-Options", "DENY"),
    ("Strict-Transport-Security", f"max-age={_FOREVER_S} ; includeSubDomains"),
)
ANY_SERVER = ("https:", "http://localhost:*", "http://*.localhost:*", "http://127.0.0.1:*")
"""Wherever clients and providers may be: at HTTPS addresses, and on the same machine."""

_ORIGIN = re.compile(r"http://[a-z0-9.\[\]:-]+", re.ASCII | re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*", re.ASCII | re.IGNORECASE)


def secure_page(response: Response, *, form_targets: str = "'self'") -> None:
    """Set the headers of a page: nothing but our own style sheet and icon loads, no script runs, nobody frames it.

    Args:
        form_targets: where a form may lead; browsers hold redirects after it to the same list.
    """
    response.headers.extend([*NEVER_STORED, *SAFE_ANYWHERE])
    response.headers["Content-Security-Policy"] = content_security_policy(form_targets)
    # Addresses of these pages hold `state` and `nonce`.
    response.headers["Referrer-Policy"] = "no-referrer"


def content_security_policy(form_targets: str) -> str:
    """Return the policy."""
    directives = (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        f"form-action {form_targets}",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
    return "; ".join(directives)


def form_target(uri: str) -> str:
    """Return the source expression for the client that a form's redirects end at.

    Chromium holds every redirect after a form to `form-action`, those of the client's own included: a client that is
    itself a provider sends the browser on to others. So an HTTPS client allows HTTPS, and an HTTP client, which is on
    the same machine, what is on that machine, too.

    Returns:
        `https:`, the origin of an HTTP URI with `ANY_SERVER`, or a scheme of the client's own; nothing for a URI that
        has none of these, so that no URI can write a directive.
    """
    parts = urlsplit(uri)
    if parts.scheme == "http":
        origin = f"http://{parts.netloc}"
        return " ".join((*ANY_SERVER, origin)) if _ORIGIN.fullmatch(origin) else ""
    return f"{parts.scheme}:" if _SCHEME.fullmatch(parts.scheme) else ""
