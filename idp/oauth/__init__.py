"""The OAuth 2.0 and OpenID Connect face: the browser flow's dispatcher, tokens, userInfo, revocation, logout, discovery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.oauth import authorize, discovery, logout, revoke, token, userinfo

if TYPE_CHECKING:
    from flask import Flask

    from idp.services import Services


def mount(app: Flask, services: Services) -> None:
    """Serve every endpoint, by host name and below `/_domain/<domain>`; keys and configuration below the pool's id."""
    for endpoint in (authorize, token, userinfo, revoke, logout, discovery):
        endpoint.mount(app, services)
