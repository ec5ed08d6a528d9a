"""What a SAML identity provider says of itself in its metadata document.

Source: OASIS "Metadata for the OASIS Security Assertion Markup Language (SAML) V2.0" sections 2.3.2 and 2.4.3; spec
USER_POOLS section 10.6.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from cryptography import x509

from idp.domain.errors import InvalidParameter
from idp.domain.saml.moments import read_moment
from idp.domain.saml.refusal import SamlRefused
from idp.domain.strict_xml import MalformedXml, parse_xml

METADATA = "{urn:oasis:names:tc:SAML:2.0:metadata}"
SIGNATURES = "{http://www.w3.org/2000/09/xmldsig#}"
PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"


@dataclass(frozen=True, slots=True)
class SamlMetadata:
    """A provider's own description.

    Attributes:
        entity_id: the issuer of its assertions.
        sign_on_url: where AuthnRequests go, by HTTP-Redirect.
        logout_url: where LogoutRequests go, by HTTP-Redirect; None when it takes none.
        certificates: DER of the certificates that sign its assertions; one of several counts.
        valid_until: when the document should have been read anew; None when it does not say.
    """

    entity_id: str
    sign_on_url: str
    logout_url: str | None
    certificates: tuple[bytes, ...]
    valid_until: datetime | None = None


def parse_metadata(document: str) -> SamlMetadata:
    """Read a metadata document.

    Raises:
        InvalidParameter: it is no XML that we read, no metadata, or lacks what signing in needs.

    Unknown: the sentences.
    """
    try:
        root = parse_xml(document)
    except MalformedXml as error:
        raise InvalidParameter(f"Invalid SAML metadata: {error}") from error
    entity, role = _identity_provider(root)
    sign_on_url = _endpoint(role, "SingleSignOnService")
    entity_id = entity.get("entityID")
    if not entity_id or sign_on_url is None:
        raise InvalidParameter(
            "Invalid SAML metadata: an entityID and a SingleSignOnService by HTTP-Redirect are needed."
        )
    certificates = tuple(_certificate(text) for text in _signing_certificates(role))
    if not certificates:
        raise InvalidParameter("Invalid SAML metadata: there is no signing certificate.")
    logout_url = _endpoint(role, "SingleLogoutService")
    return SamlMetadata(entity_id, sign_on_url, logout_url, certificates, _valid_until(root, entity, role))


def _identity_provider(root: Element) -> tuple[Element, Element]:
    """Return the first entity that is an identity provider of SAML 2.0, and its role."""
    for entity in root.iter(f"{METADATA}EntityDescriptor"):
        for role in entity.iterfind(f"{METADATA}IDPSSODescriptor"):
            if PROTOCOL in role.get("protocolSupportEnumeration", "").split():
                return entity, role
    raise InvalidParameter("Invalid SAML metadata: there is no IDPSSODescriptor.")


def _valid_until(*elements: Element) -> datetime | None:
    """Return the earliest validUntil of the document, the entity and its role."""
    told = [until for element in elements if (until := element.get("validUntil")) is not None]
    try:
        return min(map(read_moment, told), default=None)
    except SamlRefused as error:
        raise InvalidParameter("Invalid SAML metadata: a validUntil cannot be read.") from error


def _endpoint(role: Element, name: str) -> str | None:
    for service in role.iterfind(f"{METADATA}{name}"):
        location = service.get("Location", "")
        if service.get("Binding") == REDIRECT and _scheme(location) in {"http", "https"}:
            return location
    return None


def _scheme(location: str) -> str:
    try:
        return urlsplit(location).scheme
    except ValueError as error:
        raise InvalidParameter("Invalid SAML metadata: an address cannot be read.") from error


def _signing_certificates(role: Element) -> list[str]:
    return [
        certificate.text or ""
        for key in role.iterfind(f"{METADATA}KeyDescriptor")
        if key.get("use", "signing") == "signing"
        for certificate in key.iter(f"{SIGNATURES}X509Certificate")
    ]


def _certificate(text: str) -> bytes:
    try:
        der = base64.b64decode("".join(text.split()), validate=True)
        x509.load_der_x509_certificate(der)
    except (binascii.Error, ValueError) as error:
        raise InvalidParameter("Invalid SAML metadata: a certificate cannot be read.") from error
    return der
