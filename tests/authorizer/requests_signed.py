"""Requests for the signature tests: signed live by botocore, as clients send them."""

from typing import Final
from urllib.parse import urlsplit

from botocore.auth import BaseSigner, S3SigV4Auth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from idp.authorizer.sigv4 import WireRequest

ACCESS_KEY_ID: Final = "AKIAIOSFODNN7EXAMPLE"
SECRET_KEY: Final = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
REGION: Final = "eu-west-1"
API_URL: Final = (
    "https://abc123.execute-api.eu-west-1.amazonaws.com/prod/pets/us-east-1:1234/a*b(c)'d?age=2&species=axolotl"
)


def signed(
    url: str = API_URL,
    *,
    method: str = "POST",
    service: str = "execute-api",
    headers: dict[str, str] | None = None,
    body: bytes = b'{"name": "Ann"}',
    session_token: str | None = None,
    secret_key: str = SECRET_KEY,
) -> WireRequest:
    """Sign with the Authorization header."""
    credentials = Credentials(ACCESS_KEY_ID, secret_key, session_token)
    return _wire(
        SigV4Auth(credentials, service, REGION),
        AWSRequest(method, url, headers=headers, data=body),
        method=method,
        body=body,
    )


def presigned(
    url: str = API_URL,
    *,
    method: str = "GET",
    service: str = "execute-api",
    body: bytes = b"",
    session_token: str | None = None,
    expires_s: int = 3600,
) -> WireRequest:
    """Sign in the query."""
    credentials = Credentials(ACCESS_KEY_ID, SECRET_KEY, session_token)
    signer = SigV4QueryAuth(credentials, service, REGION, expires=expires_s)
    return _wire(signer, AWSRequest(method, url, data=body), method=method, body=body)


def signed_once_encoded(url: str) -> WireRequest:
    """Sign as S3's clients do: the path as it is on the wire, neither normalized nor encoded again."""
    signer = S3SigV4Auth(Credentials(ACCESS_KEY_ID, SECRET_KEY), "execute-api", REGION)
    return _wire(signer, AWSRequest("GET", url), method="GET", body=b"")


def _wire(signer: BaseSigner, request: AWSRequest, *, method: str, body: bytes) -> WireRequest:
    signer.add_auth(request)
    url = urlsplit(str(request.url))
    headers = (("Host", url.netloc), *((name, str(value)) for name, value in request.headers.items()))
    return WireRequest(method, url.path, url.query, headers, body)
