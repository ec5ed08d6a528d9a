"""The face that upstream providers answer to: sign-ins by OpenID Connect, social ones and SAML, and sign-outs by SAML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.federation import oidc, saml, saml_logout
from idp.web.pages import Pages

if TYPE_CHECKING:
    from flask import Flask

    from idp.services import Services


def mount(app: Flask, services: Services) -> None:
    """Serve every endpoint, by host name and below `/_domain/<domain>`."""
    pages = Pages("idp.web")
    for endpoint in (oidc, saml, saml_logout):
        endpoint.mount(app, services, pages)
