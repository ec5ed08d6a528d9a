"""Upstream identity providers for tests that come in by the API."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.aws.cognito_idp.saml import a_metadata_document

OIDC = {
    "client_id": "ours",
    "client_secret": "hush-hush-secret",
    "attributes_request_method": "GET",
    "oidc_issuer": "https://login.example.com",
    "authorize_scopes": "openid email",
}
GOOGLE = {"client_id": "ours", "client_secret": "hush", "authorize_scopes": "email profile openid"}
FACEBOOK = {**GOOGLE, "authorize_scopes": "public_profile, email"}


def in_pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    """Return a private key as its file holds it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


APPLE_KEY = ec.generate_private_key(ec.SECP256R1())
APPLE = {
    "client_id": "c",
    "team_id": "t",
    "key_id": "k",
    "private_key": in_pem(APPLE_KEY),
    "authorize_scopes": "email name",
}


def an_oidc_provider(idp: Any, pool_id: str, name: str = "Corp", **given: Any) -> Any:
    """Make an OpenID Connect provider and return it."""
    settings = {"ProviderDetails": OIDC, "AttributeMapping": {"email": "email"}, **given}
    made = idp.create_identity_provider(UserPoolId=pool_id, ProviderName=name, ProviderType="OIDC", **settings)
    return made["IdentityProvider"]


def a_social_provider(idp: Any, pool_id: str, name: str = "Google", details: Any = None) -> Any:
    """Make a social provider and return it."""
    made = idp.create_identity_provider(
        UserPoolId=pool_id, ProviderName=name, ProviderType=name, ProviderDetails=details or GOOGLE
    )
    return made["IdentityProvider"]


def a_saml_provider(idp: Any, pool_id: str, document: str | None = None, **details: str) -> Any:
    """Make a SAML provider from a metadata document and return it."""
    made = idp.create_identity_provider(
        UserPoolId=pool_id,
        ProviderName="Work",
        ProviderType="SAML",
        ProviderDetails={"MetadataFile": document or a_metadata_document(), **details},
    )
    return made["IdentityProvider"]
