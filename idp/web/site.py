"""A user pool's pages and OAuth endpoints, as a visitor reaches them: by host name, or below `/_domain/<domain>`.

Links and redirects are paths without a host and keep the form that the visitor used.
Source: spec USER_POOLS sections 9.1 and 11.3.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from flask import Response, request

if TYPE_CHECKING:
    from flask import Flask

    from idp.domain.user_pool import UserPool
    from idp.services import Services

PATH_PREFIX = "/_domain"
LOCAL_SUFFIX = ".auth.localhost"

AUTHORIZE = "/oauth2/authorize"
LOGIN = "/login"
CHALLENGE = "/login/challenge"
LOGOUT = "/logout"
ERROR = "/error"
OIDC_ANSWER = "/oauth2/idpresponse"
SAML_ANSWER = "/saml2/idpresponse"
SAML_LOGOUT = "/saml2/logout"


@dataclass(frozen=True, slots=True)
class Site:
    """A pool's domain, as this request reached it.

    Attributes:
        domain: its name, a prefix or a whole host name.
        prefix: what stands before the site's paths: `/_domain/<domain>`, or nothing by host name.
        url: the site's root as the world knows it, without a trailing slash: by host name as the visitor wrote it, else
            below the server's public URL.
    """

    domain: str
    prefix: str
    url: str
    user_pool: UserPool

    @property
    def cookie_path(self) -> str:
        """Return the `Path` that keeps cookies to this site."""
        return self.prefix or "/"

    def path(self, path: str, query: str = "") -> str:
        """Return a link to one of the site's own paths."""
        return f"{self.prefix}{path}?{query}" if query else f"{self.prefix}{path}"


def route(
    app: Flask, rule: str, answer: Callable[[str | None], Response], *, methods: Sequence[str], endpoint: str
) -> None:
    """Serve a path in both forms; `answer` gets the domain's name from the path, or None."""

    def serve(domain: str | None = None) -> Response:
        return answer(domain)

    for form, prefix in (("host", ""), ("path", f"{PATH_PREFIX}/<domain>")):
        app.add_url_rule(
            f"{prefix}{rule}", f"{endpoint} by {form}", serve, methods=methods, provide_automatic_options=False
        )


def find_site(services: Services, domain: str | None) -> Site | None:
    """Return the site a request is for; None when no pool has the domain."""
    name = domain_of_host(services, request.host) if domain is None else domain
    stored = services.catalog.domains.find(name) if name else None
    user_pool = None if stored is None else services.catalog.user_pools.find(stored.pool_id)
    if user_pool is None:
        return None
    if domain is None:
        return Site(name, request.script_root, request.root_url.rstrip("/"), user_pool)
    prefix = f"{PATH_PREFIX}/{quote(domain, safe='')}"
    return Site(name, request.script_root + prefix, f"{services.settings.base_url}{prefix}", user_pool)


def domain_of_host(services: Services, host: str) -> str:
    """Return the domain's name in a Host header: the prefix of one below our own name, else the whole host name."""
    hostname = host.partition(":")[0].lower()
    for suffix in (LOCAL_SUFFIX, f".auth.{urlsplit(services.settings.base_url).hostname}"):
        if hostname.endswith(suffix):
            return hostname.removesuffix(suffix)
    return hostname


def public_url(services: Services, domain: str) -> str:
    """Return the URL that documents give for a domain: the path form, which needs no name server."""
    return f"{services.settings.base_url}{PATH_PREFIX}/{domain}"
