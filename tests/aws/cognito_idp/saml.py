"""SAML metadata for tests, with a certificate of its own."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from functools import cache

from idp.outbound.certificates import certificate_of
from idp.outbound.keyring import generate_key

ENTITY_ID = "https://idp.example.com/metadata"
SIGN_ON = "https://idp.example.com/sso"
LOGOUT = "https://idp.example.com/slo"
REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"


@cache
def a_certificate() -> str:
    """Return a certificate as metadata holds it."""
    return base64.b64encode(certificate_of(generate_key(), "upstream", datetime(2026, 1, 1, tzinfo=UTC))).decode()


def a_metadata_document(*, prologue: str = "", certificate: str | None = None, binding: str = REDIRECT) -> str:
    """Return the metadata document of an identity provider."""
    shown = a_certificate() if certificate is None else certificate
    return f"""<?xml version="1.0" encoding="UTF-8"?>{prologue}
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{ENTITY_ID}">
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
      <ds:X509Data><ds:X509Certificate>{shown}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
    <md:SingleLogoutService Binding="{binding}" Location="{LOGOUT}"/>
    <md:SingleSignOnService Binding="{binding}" Location="{SIGN_ON}"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>"""
