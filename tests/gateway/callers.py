"""Callers who sign their requests as AWS's clients do."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSPreparedRequest, AWSRequest
from botocore.credentials import Credentials
from flask import Flask
from werkzeug.test import TestResponse

from idp.domain.rest_api import RestApi
from tests.gateway.documents import policy
from tests.sdk import ENDPOINT, SIGNING_CLOCK, call, environ_of

Deploy = Callable[..., RestApi]
"""Deploys a document as API `api`."""
Get = Callable[..., TestResponse]
"""Calls a path of it, with an Authorization header."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Caller:
    """An access key and how to use it."""

    app: Flask
    iam: Any
    key: str
    secret: str = field(repr=False)
    token: str | None = field(default=None, repr=False)
    service: str = "execute-api"

    def may(self, *statements: dict[str, Any]) -> None:
        """Give the user a policy."""
        self.iam.put_user_policy(UserName="ann", PolicyName="may", PolicyDocument=json.dumps(policy(*statements)))

    def but(self, **changes: Any) -> Caller:
        """Return a caller who differs."""
        return replace(self, **changes)

    def get(self, path: str, **tampering: Any) -> Answer:
        """Call with GET."""
        return self.send("GET", path, **tampering)

    def send(self, method: str, path: str, body: bytes = b"", **given: Any) -> Answer:
        """Sign one request and send it; arguments are those of `signed`."""
        return self.sent(self.signed(method, path, body, **given))

    def sent(self, request: AWSPreparedRequest) -> Answer:
        """Send a request that was signed before."""
        return Answer(*call(self.app, environ_of(request)))

    def signed(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        sent_path: str | None = None,
        sent_body: bytes | None = None,
        host: str = "localhost:9229",
        prefix: str = "/_api/api/prod",
    ) -> AWSPreparedRequest:
        """Sign one request.

        Args:
            sent_path: put in place of the path that was signed.
            sent_body: put in place of the body that was signed.
        """
        base = ENDPOINT.replace("localhost:9229", host) + prefix
        request = AWSRequest(method, base + path, data=body, headers={"Content-Type": "application/json"})
        SIGNING_CLOCK.set(self.app.extensions["idp"].clock)
        SigV4Auth(Credentials(self.key, self.secret, self.token), self.service, "us-east-1").add_auth(request)
        SIGNING_CLOCK.set(None)
        prepared = request.prepare()
        prepared.url = base + (path if sent_path is None else sent_path)
        prepared.body = body if sent_body is None else sent_body
        return prepared
