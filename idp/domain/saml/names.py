"""The names that SAML's documents are made of."""

ASSERTION_NAMESPACE = "urn:oasis:names:tc:SAML:2.0:assertion"
PROTOCOL_NAMESPACE = "urn:oasis:names:tc:SAML:2.0:protocol"
ASSERTION = f"{{{ASSERTION_NAMESPACE}}}"
PROTOCOL = f"{{{PROTOCOL_NAMESPACE}}}"
SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}"
ENCRYPTION = "{http://www.w3.org/2001/04/xmlenc#}"
ENCRYPTION_11 = "{http://www.w3.org/2009/xmlenc11#}"

POST_BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
VERSION = "2.0"


def service_provider(pool_id: str) -> str:
    """Return the entity id of a user pool: the issuer of its requests, the audience of assertions for it.

    Source: spec USER_POOLS section 10.6.
    """
    return f"urn:amazon:cognito:sp:{pool_id}"
