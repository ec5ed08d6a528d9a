"""A SAML identity provider for tests: reads requests, and answers well or, told so by an `Answer`, badly."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureConstructionMethod, SignatureMethod
from signxml.signer import XMLSigner

from idp.outbound.certificates import certificate_of
from idp.outbound.keyring import generate_key
from tests.fakes import START

ENTITY_ID = "https://idp.example.com/metadata"
SIGN_ON = "https://idp.example.com/sso"
LOGOUT = "https://idp.example.com/slo"

NAMESPACES = {
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
}
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"

SigningKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
Change = Callable[[etree._Element], None]


def leave(element: etree._Element) -> None:
    """Change nothing."""


@dataclass(frozen=True)
class Answer:
    """What a provider says; everything is as it should be unless a test says otherwise.

    Attributes:
        request_id: InResponseTo; None begins a sign-in at the provider.
        callback_url: Destination and Recipient.
        now: when it is said.
        signed: "assertion", "response", "both" or "".
        encrypt: turns the (signed) assertion's XML into that of an EncryptedAssertion.
        before_signing, after_signing: change the Response.
    """

    request_id: str | None
    callback_url: str
    audience: str
    subject: str = "ann@corp.example"
    attributes: Mapping[str, Sequence[str]] = field(
        default_factory=lambda: {"email": ["ann@corp.example"], "groups": ["staff", "admins"]}
    )
    now: datetime = START
    issuer: str = ENTITY_ID
    session_index: str = "_session1"
    assertion_id: str = "_assertion1"
    status: str = SUCCESS
    status_message: str = ""
    signed: str = "assertion"
    key: SigningKey | bytes | None = None
    method: SignatureMethod = SignatureMethod.RSA_SHA256
    digest: DigestAlgorithm = DigestAlgorithm.SHA256
    canonicalization: CanonicalizationMethod = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
    encrypt: Callable[[bytes], bytes] | None = None
    before_signing: Change = leave
    after_signing: Change = leave


class AnySigner(XMLSigner):
    """Signs by any algorithm, broken ones too."""

    def check_deprecated_methods(self) -> None:
        """Let all pass."""


class SamlProvider:
    """An identity provider with a key and a certificate of its own."""

    def __init__(self, key: SigningKey | None = None, *, entity_id: str = ENTITY_ID) -> None:
        self.key: SigningKey = key or generate_key()
        self.certificate = _certificate(self.key)
        self.entity_id = entity_id

    def metadata(self, *certificates: bytes, attributes: str = "") -> str:
        """Return the metadata document, with its own certificate or others."""
        keys = "".join(_key_descriptor(each) for each in certificates or (self.certificate,))
        redirect = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
        return (
            f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{self.entity_id}"{attributes}>'
            '<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
            f"{keys}"
            f'<md:SingleLogoutService Binding="{redirect}" Location="{LOGOUT}"/>'
            f'<md:SingleSignOnService Binding="{redirect}" Location="{SIGN_ON}"/>'
            "</md:IDPSSODescriptor></md:EntityDescriptor>"
        )

    def answer(self, answer: Answer) -> str:
        """Return a SAMLResponse: base64, as the form field holds it."""
        return base64.b64encode(self.document(answer)).decode()

    def answer_to(self, location: str, *, now: datetime, **changes: Any) -> dict[str, str]:
        """Return the form that a browser posts back after it was sent to `location` by a service provider."""
        request = read_request(location)
        said = Answer(request.id, request.callback_url, request.issuer, now=now, **changes)
        return {"SAMLResponse": self.answer(said), "RelayState": request.relay_state}

    def document(self, answer: Answer) -> bytes:
        """Return the XML of a Response."""
        response = etree.fromstring(_response(answer))
        answer.before_signing(response)
        if answer.signed in {"assertion", "both"}:
            response = self._with_signed_assertion(response, answer)
        if answer.encrypt is not None:
            _replace(response, "saml:Assertion", etree.fromstring(answer.encrypt(_assertion_of(response))))
        if answer.signed in {"response", "both"}:
            response = self._signed(response, answer)
        answer.after_signing(response)
        return etree.tostring(response)

    def logout_response(self, request_id: str, destination: str, *, signed: bool = True, **changes: Any) -> str:
        """Return a SAMLResponse that ends a LogoutRequest."""
        answer = replace(Answer(request_id, destination, ""), **changes)
        response = etree.fromstring(_logout_response(answer))
        answer.before_signing(response)
        response = self._signed(response, answer) if signed else response
        answer.after_signing(response)
        return base64.b64encode(etree.tostring(response)).decode()

    def _with_signed_assertion(self, response: etree._Element, answer: Answer) -> etree._Element:
        signed = self._signed(etree.fromstring(_assertion_of(response)), answer)
        _replace(response, "saml:Assertion", signed)
        return response

    def _signed(self, element: etree._Element, answer: Answer) -> etree._Element:
        """Return an element with a signature after its Issuer, as SAML's schema wants it."""
        placeholder = etree.Element(
            f"{{{NAMESPACES['ds']}}}Signature", Id="placeholder", nsmap={"ds": NAMESPACES["ds"]}
        )
        element.insert(1, placeholder)
        signer = AnySigner(SignatureConstructionMethod.enveloped, answer.method, answer.digest, answer.canonicalization)
        certificate = x509.load_der_x509_certificate(self.certificate)
        return signer.sign(
            element,
            key=answer.key or self.key,
            cert=[certificate],
            reference_uri=f"#{element.get('ID')}",
            id_attribute="ID",
        )


@dataclass(frozen=True)
class Request:
    """What came by HTTP-Redirect.

    Attributes:
        signed: the signature algorithm; empty without a signature.
    """

    xml: etree._Element
    endpoint: str
    relay_state: str
    signed: str = ""

    @property
    def id(self) -> str:
        return self.xml.get("ID", "")

    @property
    def callback_url(self) -> str:
        return self.xml.get("AssertionConsumerServiceURL", "")

    @property
    def issuer(self) -> str:
        return self.xml.findtext("saml:Issuer", "", NAMESPACES)


def read_request(location: str, certificate: bytes | None = None) -> Request:
    """Return the request in a location; its signature must be good when a certificate (DER) is given."""
    endpoint, _, query = location.partition("?")
    sent = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
    if certificate is not None:
        signed, _, _ = query.partition("&Signature=")
        key = x509.load_der_x509_certificate(certificate).public_key()
        assert isinstance(key, rsa.RSAPublicKey)
        key.verify(base64.b64decode(sent["Signature"]), signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    message = zlib.decompress(base64.b64decode(sent["SAMLRequest"]), wbits=-zlib.MAX_WBITS)
    return Request(etree.fromstring(message), endpoint, sent.get("RelayState", ""), sent.get("SigAlg", ""))


def moment(when: datetime) -> str:
    """Return a time as SAML writes it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _response(answer: Answer) -> bytes:
    return f"""<samlp:Response xmlns:samlp="{NAMESPACES["samlp"]}" xmlns:saml="{NAMESPACES["saml"]}"
        ID="_response1" Version="2.0" IssueInstant="{moment(answer.now)}" Destination="{answer.callback_url}"
        {_in_response_to(answer)}><saml:Issuer>{answer.issuer}</saml:Issuer>{_status(answer)}
      <saml:Assertion ID="{answer.assertion_id}" Version="2.0" IssueInstant="{moment(answer.now)}">
        <saml:Issuer>{answer.issuer}</saml:Issuer>
        <saml:Subject><saml:NameID Format="{PERSISTENT}">{answer.subject}</saml:NameID>
          <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
            <saml:SubjectConfirmationData Recipient="{answer.callback_url}" {_in_response_to(answer)}
              NotOnOrAfter="{moment(answer.now + timedelta(minutes=5))}"/>
          </saml:SubjectConfirmation></saml:Subject>
        <saml:Conditions NotBefore="{moment(answer.now - timedelta(minutes=1))}"
            NotOnOrAfter="{moment(answer.now + timedelta(minutes=5))}">
          <saml:AudienceRestriction><saml:Audience>{answer.audience}</saml:Audience></saml:AudienceRestriction>
        </saml:Conditions>
        <saml:AuthnStatement AuthnInstant="{moment(answer.now)}" SessionIndex="{answer.session_index}"
            SessionNotOnOrAfter="{moment(answer.now + timedelta(hours=8))}"/>
        <saml:AttributeStatement>{_attributes(answer)}</saml:AttributeStatement>
      </saml:Assertion></samlp:Response>""".encode()


def _logout_response(answer: Answer) -> bytes:
    return f"""<samlp:LogoutResponse xmlns:samlp="{NAMESPACES["samlp"]}" xmlns:saml="{NAMESPACES["saml"]}"
        ID="_logout1" Version="2.0" IssueInstant="{moment(answer.now)}" Destination="{answer.callback_url}"
        {_in_response_to(answer)}><saml:Issuer>{answer.issuer}</saml:Issuer>{_status(answer)}
      </samlp:LogoutResponse>""".encode()


def _in_response_to(answer: Answer) -> str:
    return "" if answer.request_id is None else f'InResponseTo="{answer.request_id}"'


def _status(answer: Answer) -> str:
    message = f"<samlp:StatusMessage>{answer.status_message}</samlp:StatusMessage>" if answer.status_message else ""
    return f'<samlp:Status><samlp:StatusCode Value="{answer.status}"/>{message}</samlp:Status>'


def _attributes(answer: Answer) -> str:
    return "".join(
        f'<saml:Attribute Name="{name}">'
        + "".join(f"<saml:AttributeValue>{value}</saml:AttributeValue>" for value in values)
        + "</saml:Attribute>"
        for name, values in answer.attributes.items()
    )


def _assertion_of(response: etree._Element) -> bytes:
    assertion = response.find("saml:Assertion", NAMESPACES)
    assert assertion is not None
    return etree.tostring(assertion, with_tail=False)


def _replace(parent: etree._Element, name: str, replacement: etree._Element) -> None:
    child = parent.find(name, NAMESPACES)
    assert child is not None
    parent.replace(child, replacement)


def _key_descriptor(certificate: bytes) -> str:
    return (
        f'<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="{NAMESPACES["ds"]}"><ds:X509Data><ds:X509Certificate>'
        f"{base64.b64encode(certificate).decode()}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
    )


def _certificate(key: SigningKey) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return certificate_of(key, "upstream", datetime(2026, 1, 1, tzinfo=UTC))
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "upstream")])
    begins = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, begins, begins + timedelta(days=3650))
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
