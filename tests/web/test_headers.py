"""A redirect URI widens a page's policy by itself, never by a directive of its own."""

from __future__ import annotations

import pytest

from idp.web.headers import form_target

LOCAL = "https: http://localhost:* http://*.localhost:* http://127.0.0.1:*"


@pytest.mark.parametrize(
    ("redirect_uri", "target"),
    [
        ("https://app.example.com/callback", "https:"),
        ("http://localhost:3000/callback", f"{LOCAL} http://localhost:3000"),
        ("http://[::1]:3000/callback", f"{LOCAL} http://[::1]:3000"),
        ("myapp://callback", "myapp:"),
        ("com.example.app:/callback", "com.example.app:"),
        ("http://localhost; script-src *", ""),
        ("http://localhost script-src", ""),
        ("//app.example.com", ""),
        ("", ""),
    ],
)
def test_a_form_may_lead_to_the_client(redirect_uri: str, target: str) -> None:
    assert form_target(redirect_uri) == target
