"""The kinds of upstream providers: which details each is described by, and which answers add.

Source: AWS API_IdentityProviderType, ProviderDetails; spec USER_POOLS section 10.1, the table, and section 10.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

OWN_USERS = "COGNITO"
OIDC = "OIDC"
SAML = "SAML"
SOCIAL = ("Facebook", "Google", "LoginWithAmazon", "SignInWithApple")

SHOWN_NAMES = {"LoginWithAmazon": "Amazon", "SignInWithApple": "Apple"}
"""What people call social providers that have other names here."""

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")
NAME_ID = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier"
_TRUTH = ("true", "false")
_DEFAULT_FACEBOOK_API = "v17.0"


@dataclass(frozen=True, slots=True)
class Kind:
    """What providers of one type have in common.

    Attributes:
        subject_claim: the claim that names the user there, for good.
        required: details that must be sent.
        optional: details that may be sent.
        added: what answers hold beside them; `{api_version}` stands for the detail of that name.
        hidden: details that no answer holds.
        urls: details that are addresses which this server calls or sends browsers to.
        choices: detail -> its possible values.
    """

    subject_claim: str
    required: frozenset[str]
    optional: frozenset[str] = frozenset()
    added: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    urls: frozenset[str] = frozenset()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def sent(self) -> frozenset[str]:
        """Return the details that a request may hold."""
        return self.required | self.optional

    def added_to(self, details: Mapping[str, str]) -> dict[str, str]:
        """Return what answers hold beside the details that were sent."""
        version = details.get("api_version", _DEFAULT_FACEBOOK_API)
        return {name: value.format(api_version=version) for name, value in self.added.items() if value}


_OIDC_ENDPOINTS = frozenset({"authorize_url", "token_url", "attributes_url", "jwks_uri"})

KINDS: Mapping[str, Kind] = {
    OIDC: Kind(
        subject_claim="sub",
        required=frozenset({"client_id", "attributes_request_method", "oidc_issuer", "authorize_scopes"}),
        optional=_OIDC_ENDPOINTS | {"client_secret"},
        added={"attributes_url_add_attributes": "false"},
        urls=_OIDC_ENDPOINTS | {"oidc_issuer"},
        choices={"attributes_request_method": ("GET", "POST")},
    ),
    SAML: Kind(
        subject_claim=NAME_ID,
        required=frozenset(),
        optional=frozenset(
            {"MetadataURL", "MetadataFile", "IDPSignout", "IDPInit", "EncryptedResponses", "RequestSigningAlgorithm"}
        ),
        added={"ActiveEncryptionCertificate": "", "SSORedirectBindingURI": "", "SLORedirectBindingURI": ""},
        urls=frozenset({"MetadataURL"}),
        choices={
            "IDPSignout": _TRUTH,
            "IDPInit": _TRUTH,
            "EncryptedResponses": _TRUTH,
            "RequestSigningAlgorithm": ("rsa-sha256",),
        },
    ),
    "Google": Kind(
        subject_claim="sub",
        required=frozenset({"client_id", "client_secret", "authorize_scopes"}),
        added={
            "attributes_url": "https://people.googleapis.com/v1/people/me?personFields=",
            "attributes_url_add_attributes": "true",
            "authorize_url": "https://accounts.google.com/o/oauth2/v2/auth",
            "oidc_issuer": "https://accounts.google.com",
            "token_request_method": "POST",
            "token_url": "https://www.googleapis.com/oauth2/v4/token",
        },
    ),
    "Facebook": Kind(
        subject_claim="id",
        required=frozenset({"client_id", "client_secret", "authorize_scopes"}),
        optional=frozenset({"api_version"}),
        added={
            "attributes_url": "https://graph.facebook.com/{api_version}/me?fields=",
            "attributes_url_add_attributes": "true",
            "authorize_url": "https://www.facebook.com/{api_version}/dialog/oauth",
            "token_request_method": "GET",
            "token_url": "https://graph.facebook.com/{api_version}/oauth/access_token",
        },
        choices={"api_version": tuple(f"v{major}.0" for major in range(2, 100))},
    ),
    "LoginWithAmazon": Kind(
        subject_claim="user_id",
        required=frozenset({"client_id", "client_secret", "authorize_scopes"}),
        added={
            "attributes_url": "https://api.amazon.com/user/profile",
            "attributes_url_add_attributes": "false",
            "authorize_url": "https://www.amazon.com/ap/oa",
            "token_request_method": "POST",
            "token_url": "https://api.amazon.com/auth/o2/token",
        },
    ),
    "SignInWithApple": Kind(
        subject_claim="sub",
        required=frozenset({"client_id", "team_id", "key_id", "private_key", "authorize_scopes"}),
        added={
            "attributes_url_add_attributes": "false",
            "authorize_url": "https://appleid.apple.com/auth/authorize",
            "oidc_issuer": "https://appleid.apple.com",
            "token_request_method": "POST",
            "token_url": "https://appleid.apple.com/auth/token",
        },
        hidden=frozenset({"private_key"}),
    ),
}
"""By ProviderType."""


def is_endpoint(url: str) -> bool:
    """Say whether a URL is fit to be called: https, or a server of the same machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.fragment or not url.isprintable() or " " in url:
        return False
    is_local = host in LOOPBACK_HOSTS or host.endswith(".localhost")
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_local))
