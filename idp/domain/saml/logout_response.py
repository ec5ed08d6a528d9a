"""An identity provider's answer to a LogoutRequest.  Source: SAML Core section 3.7.2, Profiles section 4.4.4.2."""

from __future__ import annotations

from idp.domain.saml.documents import parse_document
from idp.domain.saml.envelope import require_envelope, require_success
from idp.domain.saml.expectation import Expectation
from idp.domain.saml.names import PROTOCOL
from idp.domain.saml.refusal import SamlRefused
from idp.domain.saml.signature import verified


def require_logout_response(document: bytes, expected: Expectation) -> None:
    """Require an answer, signed as the profile demands of those that come by POST, that ends the session we named.

    Raises:
        SamlRefused: it is not that, or tells that the provider did not sign the user out.
    """
    response = parse_document(document)
    if response.tag != f"{PROTOCOL}LogoutResponse":
        raise SamlRefused("The message is not a LogoutResponse")
    response = verified(response, expected.certificates)
    require_envelope(
        response,
        issuer=expected.issuer,
        destination=expected.callback_url,
        request_id=expected.request_id,
        is_signed=True,
    )
    require_success(response)
