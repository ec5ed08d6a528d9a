"""Signatures on SAML messages: what is believed is what was digested, and nothing beside it.

The signed element is cut out of its document first, so that the signature can be about nothing else: wherever it stood,
and whatever stood around it ("signature wrapping").  Keys come from the provider's metadata only; KeyInfo is not looked
at.  Whether a certificate has expired is not asked when a signature is verified, as Cognito asks it only when a provider
is set up.

Source: SAML Core section 5.4; XML Signature 1.1; J. Somorovsky et al., "On Breaking SAML: Be Whoever You Want to Be";
Amazon Cognito Developer Guide, "Things to know about SAML IdPs in Amazon Cognito user pools".
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, VerifyResult, XMLVerifier

from idp.domain.saml.documents import the_only
from idp.domain.saml.names import SIGNATURE
from idp.domain.saml.refusal import SamlRefused

ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
EXCLUSIVE = ("http://www.w3.org/2001/10/xml-exc-c14n#", "http://www.w3.org/2001/10/xml-exc-c14n#WithComments")

# SHA-1 is refused as broken; HMAC, DSA and shorter digests because no provider needs them.
METHODS = frozenset(
    {
        SignatureMethod.RSA_SHA256,
        SignatureMethod.RSA_SHA384,
        SignatureMethod.RSA_SHA512,
        SignatureMethod.SHA256_RSA_MGF1,
        SignatureMethod.SHA384_RSA_MGF1,
        SignatureMethod.SHA512_RSA_MGF1,
        SignatureMethod.ECDSA_SHA256,
        SignatureMethod.ECDSA_SHA384,
        SignatureMethod.ECDSA_SHA512,
    }
)
DIGESTS = frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512})
_FAILURES = (SignXMLException, etree.LxmlError, UnsupportedAlgorithm, ValueError, TypeError, AttributeError)


def is_signed(element: etree._Element) -> bool:
    """Say whether an element holds a signature of its own, good or bad."""
    return element.find(f"{SIGNATURE}Signature") is not None


def verified(element: etree._Element, certificates: Sequence[bytes]) -> etree._Element:
    """Return what an element's own signature vouches for, read from the very bytes that were digested.

    Args:
        certificates: DER; the signature of one of them counts.

    Raises:
        SamlRefused.
    """
    _require_enveloped(element)
    document = etree.tostring(element, with_tail=False)
    for certificate in certificates:
        signed = _signed_by(x509.load_der_x509_certificate(certificate), document)
        if signed is not None and _same(signed, element):
            return signed
    raise SamlRefused("The signature is not valid")


def _require_enveloped(element: etree._Element) -> None:
    """Require that the signature is about the whole element that it stands in, by nothing but the allowed transforms."""
    signature = the_only(element, f"{SIGNATURE}Signature")
    signed_info = the_only(signature, f"{SIGNATURE}SignedInfo")
    reference = the_only(signed_info, f"{SIGNATURE}Reference")
    canonicalization = the_only(signed_info, f"{SIGNATURE}CanonicalizationMethod")
    transforms = the_only(reference, f"{SIGNATURE}Transforms")
    algorithms = [transform.get("Algorithm") for transform in transforms]
    if reference.get("URI") != f"#{element.get('ID')}":
        raise SamlRefused("The signature is about another element")
    if algorithms[:1] != [ENVELOPED] or len(algorithms) != 2 or algorithms[1] not in EXCLUSIVE:
        raise SamlRefused("The signature uses other transforms than SAML allows")
    if canonicalization.get("Algorithm") not in EXCLUSIVE or signature.find(f"{SIGNATURE}Object") is not None:
        raise SamlRefused("The signature uses other means than SAML allows")


def _signed_by(certificate: x509.Certificate, document: bytes) -> etree._Element | None:
    """Return what was signed with a certificate's key; None when that cannot be shown."""
    expected = SignatureConfiguration(
        location="./",
        expect_references=1,
        signature_methods=METHODS,
        digest_algorithms=DIGESTS,
        ignore_ambiguous_key_info=True,
        verification_time=certificate.not_valid_before_utc,
    )
    try:
        result = XMLVerifier().verify(document, x509_cert=certificate, id_attribute="ID", expect_config=expected)
    except _FAILURES:
        return None
    assert isinstance(result, VerifyResult)
    return result.signed_xml


def _same(signed: etree._Element, element: etree._Element) -> bool:
    return signed.tag == element.tag and signed.get("ID") == element.get("ID")
