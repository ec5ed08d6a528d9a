"""Messages that travel in an address: SAML's HTTP-Redirect binding.  Source: SAML Bindings section 3.4.4.1."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable
from urllib.parse import urlencode

RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"

_RAW_DEFLATE = -zlib.MAX_WBITS


def redirect_url(endpoint: str, message: str, *, relay_state: str, sign: Callable[[bytes], bytes] | None) -> str:
    """Return the address that brings a request to an endpoint.

    Args:
        message: XML.
        sign: makes the RSA-SHA256 signature of what it is given; None sends the message unsigned.
    """
    sent = {"SAMLRequest": _encoded(message), "RelayState": relay_state}
    if sign is not None:
        sent["SigAlg"] = RSA_SHA256
        signature = sign(urlencode(sent).encode())
        sent["Signature"] = base64.b64encode(signature).decode()
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(sent)}"


def _encoded(message: str) -> str:
    compressor = zlib.compressobj(wbits=_RAW_DEFLATE)
    return base64.b64encode(compressor.compress(message.encode()) + compressor.flush()).decode()
