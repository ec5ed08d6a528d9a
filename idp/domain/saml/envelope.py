"""What every answer of an identity provider has, whatever it brings.  Source: SAML Core section 3.2.2."""

from __future__ import annotations

import re

from lxml import etree

from idp.domain.saml.documents import text_of, the_only
from idp.domain.saml.names import ASSERTION, PROTOCOL, SUCCESS, VERSION
from idp.domain.saml.refusal import SamlRefused

MAX_STATUS_MESSAGE = 200
_UNTOLD = re.compile(r"[^!#-\[\]-~]+")  # what RFC 6749 section 4.1.2.1 keeps out of descriptions


def require_envelope(
    answer: etree._Element, *, issuer: str, destination: str, request_id: str | None, is_signed: bool
) -> None:
    """Require that an answer comes from the provider, to the place where it was expected, for the request.

    Args:
        is_signed: a signed answer must tell its destination (SAML Bindings section 3.5.5.2).

    Raises:
        SamlRefused.
    """
    if answer.get("Version") != VERSION:
        raise SamlRefused("The message is not one of SAML 2.0")
    if any(text_of(each) != issuer for each in answer.findall(f"{ASSERTION}Issuer")):
        raise SamlRefused("The message has another issuer")
    if answer.get("Destination", None if is_signed else destination) != destination:
        raise SamlRefused("The message has another destination")
    if answer.get("InResponseTo") != request_id:
        raise SamlRefused("The message answers another request")


def require_success(answer: etree._Element) -> None:
    """Require the provider to have done what it was asked; the refusal tells why it did not."""
    status = the_only(answer, f"{PROTOCOL}Status")
    code = the_only(status, f"{PROTOCOL}StatusCode")
    if code.get("Value") == SUCCESS:
        return
    inner = code.find(f"{PROTOCOL}StatusCode")
    name = (code if inner is None else inner).get("Value", "").rpartition(":")[2]
    message = status.find(f"{PROTOCOL}StatusMessage")
    told = name if message is None else f"{name} {text_of(message)}"
    raise SamlRefused(f"The identity provider answered {_UNTOLD.sub(' ', told)[:MAX_STATUS_MESSAGE].strip(' .')}")
