"""Triggers as webhooks: the event by POST, signed, and the event with its response back.

Signatures are those of Standard Webhooks 1.0 (https://www.standardwebhooks.com), symmetric, so that its libraries verify them.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

import orjson

from idp.domain.errors import AccessDenied, InternalFailure, ResourceNotFound, TooManyRequests
from idp.outbound.http import HttpAnswer, HttpFailed, HttpTimedOut
from idp.services import FunctionResult

if TYPE_CHECKING:
    from collections.abc import Mapping

    from idp.domain.errors import DomainError
    from idp.domain.trigger import TriggerCall
    from idp.outbound.http import HttpClient
    from idp.outbound.sealer import Sealer
    from idp.services import Clock, Random

QUEUED_TIMEOUT_S = 30.0
VERSION = "webhook"
REASONS: Mapping[int, type[DomainError]] = {
    401: AccessDenied,
    403: AccessDenied,
    404: ResourceNotFound,
    429: TooManyRequests,
}
"""What a status without an `errorMessage` stands for; any other is a failure of the server's."""

_TOO_SLOW = FunctionResult(
    orjson.dumps({"errorType": "Sandbox.Timedout", "errorMessage": "The webhook did not answer in time."}),
    "Unhandled",
    VERSION,
)


def webhook_secret(sealer: Sealer, pool_id: str) -> str:
    """Return the secret that a pool's events are signed with, in the form that Standard Webhooks libraries take.

    It is derived from the master key, so nothing is stored, and another pool's says nothing of it.
    """
    return "whsec_" + base64.b64encode(_key(sealer, pool_id)).decode()


class Webhooks:
    """Posts events to URLs."""

    def __init__(self, http: HttpClient, sealer: Sealer, clock: Clock, random: Random) -> None:
        self._http = http
        self._sealer = sealer
        self._clock = clock
        self._random = random

    def run(self, call: TriggerCall, payload: bytes, *, timeout_s: float | None) -> FunctionResult:
        """Post the event.

        A 2xx answer is the function's; another one whose JSON has an `errorMessage` is the function's refusal.

        Raises:
            AccessDenied, ResourceNotFound, TooManyRequests, InternalFailure: by status, or no connection.
        """
        try:
            answer = self._http.request(
                "POST",
                call.arn,
                headers=self._headers(call, payload),
                body=payload,
                timeout_s=timeout_s or QUEUED_TIMEOUT_S,
            )
        except HttpTimedOut:
            return _TOO_SLOW
        except HttpFailed as error:
            raise InternalFailure from error
        return _result_of(answer)

    def _headers(self, call: TriggerCall, payload: bytes) -> dict[str, str]:
        message_id, sent_at = self._random.uuid(), str(int(self._clock.now().timestamp()))
        signed = f"{message_id}.{sent_at}.".encode() + payload
        signature = hmac.digest(_key(self._sealer, call.pool_id), signed, hashlib.sha256)
        return {
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": sent_at,
            "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
        }


def _result_of(answer: HttpAnswer) -> FunctionResult:
    if answer.status // 100 == 2:
        return FunctionResult(answer.body, None, VERSION)
    if _has_message(answer.body):
        return FunctionResult(answer.body, "Unhandled", VERSION)
    raise REASONS.get(answer.status, InternalFailure)


def _has_message(body: bytes) -> bool:
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    return isinstance(said, dict) and isinstance(said.get("errorMessage"), str)


def _key(sealer: Sealer, pool_id: str) -> bytes:
    return sealer.mac("trigger-webhook", pool_id.encode())
