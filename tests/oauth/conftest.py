"""Tokens that ann has from the token endpoint."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.hosted import CALLBACK, SITE, VERIFIER, HostedPool, Visitor


class Exchange:
    """Signs ann in on the page and exchanges the code."""

    def __init__(self, acme: HostedPool, visitor: Visitor, web: FlaskClient) -> None:
        self._acme = acme
        self._visitor = visitor
        self._web = web

    def tokens(self, *, client_id: str | None = None, scope: str = "openid email") -> dict[str, Any]:
        """Return what the token endpoint answers."""
        asked = self._acme.asking(client_id=client_id or self._acme.client_id, scope=scope)
        form = {
            "grant_type": "authorization_code",
            "client_id": asked["client_id"],
            "code": self._visitor.get_code(asked),
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }
        answer: dict[str, Any] = self._web.post(f"{SITE}/oauth2/token", data=form).get_json()
        return answer


@pytest.fixture
def ann(acme: HostedPool, visitor: Visitor, web: FlaskClient) -> Exchange:
    """Gets tokens for ann, by the whole browser flow."""
    return Exchange(acme, visitor, web)
