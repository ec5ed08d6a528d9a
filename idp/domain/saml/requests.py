"""What a user pool asks of an identity provider, as XML.  Source: SAML Core sections 3.4.1 and 3.7.1."""

from __future__ import annotations

from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from idp.domain.saml.moments import write_moment
from idp.domain.saml.names import ASSERTION_NAMESPACE, POST_BINDING, PROTOCOL_NAMESPACE, VERSION


def authentication_request(
    request_id: str, *, issuer: str, destination: str, callback_url: str, issued_at: datetime
) -> str:
    """Return the AuthnRequest that asks who a user is; the answer comes by POST.

    Unknown: whether Cognito sends a NameIDPolicy.  None is sent, so that the provider's own setting for us decides which
    kind of NameID users get.
    """
    attributes = {
        **_head(request_id, destination, issued_at),
        "AssertionConsumerServiceURL": callback_url,
        "ProtocolBinding": POST_BINDING,
    }
    return _message("AuthnRequest", attributes, issuer, "")


def logout_request(
    request_id: str, *, issuer: str, destination: str, name_id: str, session_index: str | None, issued_at: datetime
) -> str:
    """Return the LogoutRequest that ends a user's session at the provider.

    Args:
        name_id: the NameID element of the assertion that began the session, XML.
    """
    index = "" if session_index is None else f"<samlp:SessionIndex>{escape(session_index)}</samlp:SessionIndex>"
    return _message("LogoutRequest", _head(request_id, destination, issued_at), issuer, name_id + index)


def _head(request_id: str, destination: str, issued_at: datetime) -> dict[str, str]:
    return {"ID": request_id, "Version": VERSION, "IssueInstant": write_moment(issued_at), "Destination": destination}


def _message(name: str, attributes: dict[str, str], issuer: str, content: str) -> str:
    shown = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return (
        f'<samlp:{name} xmlns:samlp="{PROTOCOL_NAMESPACE}"{shown}>'
        f'<saml:Issuer xmlns:saml="{ASSERTION_NAMESPACE}">{escape(issuer)}</saml:Issuer>{content}</samlp:{name}>'
    )
