"""A script in any parameter of any page stays text, and would not run if it did not."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from tests.hosted import HostedPool, Visitor

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action {targets}; base-uri 'none'; frame-ancestors 'none'"
PAYLOADS = [
    "<script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "' onfocus=alert(1) autofocus='",
    '" onfocus=alert(1) autofocus="',
    "</title><svg onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 1337 * 7331 }}{% raw %}",
    "\r\n\r\n<script>alert(1)</script>",
    "\x00<img src=x onerror=alert(1)>",
    "\u2028<iframe srcdoc='<script>alert(1)</script>'>",
]
CALCULATED = str(1337 * 7331)
POLYGLOT = "\r\n\r\n\"'></title><script>alert(1)</script><svg onload=alert(1)> onfocus=alert(1) {{ 1337 * 7331 }}"
PARAMETERS = [
    "client_id",
    "response_type",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "login_hint",
    "lang",
    "identity_provider",
    "idp_identifier",
    "logout_uri",
    "error",
    "error_description",
    "user_name",
    "confirmation_code",
    "token",
    "value",
    "unheard_of",
]
PAGES = ["/oauth2/authorize", "/login", "/login/challenge", "/logout", "/error", "/confirmUser", "/authEventFeedback"]


class Dangers(HTMLParser):
    """What in a page could run, or leads elsewhere."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "iframe", "svg", "img", "object", "embed", "base", "style"}:
            self.found.append(f"<{tag}>")
        self.found += [name for name, _ in attrs if name.startswith("on") or name == "style"]
        targets = [value for name, value in attrs if name in {"href", "action", "src", "formaction"} and value]
        self.found += [target for target in targets if not target.startswith(("/_domain/", "/_assets/"))]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("parameter", PARAMETERS)
def test_a_script_in_a_parameter_stays_text(acme: HostedPool, visitor: Visitor, path: str, parameter: str) -> None:
    answer = visitor.open(path, acme.asking(**{parameter: POLYGLOT}))
    assert answer.status_code in {200, 302, 400}
    assert Dangers(answer.text).found == []
    assert CALCULATED not in answer.text
    assert "\n" not in answer.headers.get("Location", "")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_script_in_a_hint_stays_text(acme: HostedPool, visitor: Visitor, payload: str) -> None:
    page = visitor.open("/login", acme.asking(login_hint=payload))
    assert Dangers(page.text).found == []
    assert CALCULATED not in page.text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_script_in_a_field_stays_text(acme: HostedPool, visitor: Visitor, payload: str) -> None:
    page = visitor.submit(visitor.open("/login", acme.asking()), username=payload, password="wrong")
    assert page.status_code == 400
    assert Dangers(page.text).found == []
    assert CALCULATED not in page.text


def test_a_page_lets_nothing_run_load_or_frame_it(acme: HostedPool, visitor: Visitor) -> None:
    headers = visitor.open("/login", acme.asking()).headers
    assert headers["Content-Security-Policy"] == POLICY.format(targets="'self' https:")
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-cache, no-store, max-age=0, must-revalidate"


@pytest.mark.parametrize("path", ["/error", "/login", "/confirmUser"])
def test_the_error_pages_have_the_same_protection(acme: HostedPool, visitor: Visitor, path: str) -> None:
    answer = visitor.open(path)
    assert answer.status_code == 400
    assert answer.headers["Content-Security-Policy"] == POLICY.format(targets="'self'")


@pytest.mark.parametrize("error", ["redirect_mismatch", "Call+us+at+555-0100", "<b>"])
def test_the_error_page_says_only_words_of_ours(acme: HostedPool, visitor: Visitor, error: str) -> None:
    page = visitor.open("/error", {"error": error, "error_description": "Send us your password"}).text
    assert ("redirect_mismatch" in page) == (error == "redirect_mismatch")
    assert "555" not in page
    assert "your password" not in page
