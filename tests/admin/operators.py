"""Operators' requests, signed by botocore for the service `idp` and sent without a socket."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from flask import Flask

from idp.services import Clock
from tests.sdk import ENDPOINT, SIGNING_CLOCK, call, environ_of

BASE = "/admin/v1"
TYPES = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Reply:
    """An answer; `json` is what its body says, None for none."""

    status: int
    headers: Mapping[str, str]
    json: Any


class Operator:
    """Somebody with an access key."""

    def __init__(
        self,
        app: Flask,
        *,
        key: str | None = "test",
        secret: str = "test",
        region: str = "us-east-1",
        clock: Clock | None = None,
    ) -> None:
        """Sign as the owner of a key, or not at all, at the time of a clock, or of the server's."""
        self._app = app
        self._clock: Clock = clock or app.extensions["idp"].clock
        self._credentials = None if key is None else Credentials(key, secret)
        self._region = region

    def get(self, path: str, **query: Any) -> Reply:
        return self.send("GET", path + (f"?{urlencode(query)}" if query else ""))

    def post(self, path: str, body: Any) -> Reply:
        return self.send("POST", path, json.dumps(body), TYPES)

    def delete(self, path: str) -> Reply:
        return self.send("DELETE", path)

    def send(self, method: str, path: str, body: str | bytes = b"", headers: Mapping[str, str] | None = None) -> Reply:
        request = AWSRequest(method, f"{ENDPOINT}{BASE}{path}", data=body, headers=dict(headers or {}))
        if self._credentials is not None:
            SIGNING_CLOCK.set(self._clock)
            SigV4Auth(self._credentials, "idp", self._region).add_auth(request)
            SIGNING_CLOCK.set(None)
        status, answered, content = call(self._app, environ_of(request.prepare()))
        return Reply(status, answered, json.loads(content) if content else None)
