"""One request on its way through an API, and what its authorizer found out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from idp.domain.principal import Principal
from idp.domain.rest_api import RestApi, Route
from idp.gateway.messages import Answer, Request


@dataclass(slots=True)
class Visit:
    """A request and the route that it found.

    Attributes:
        method: as routed, after X-HTTP-Method-Override.
        path: after the stage, percent-encoded, begins with a slash.
        arn: of the call.
        request_id: a UUID.
        extended_id: what `x-amz-apigw-id` says.
        domain_name: the API's own host.
    """

    request: Request
    rest_api: RestApi
    route: Route
    method: str
    path: str
    path_parameters: Mapping[str, str]
    arn: str
    request_id: str
    extended_id: str
    received_at: datetime
    domain_name: str

    @property
    def stage_variables(self) -> Mapping[str, str]:
        """Return the stage's variables."""
        return self.rest_api.definition.stage_variables


@dataclass(frozen=True, slots=True)
class Grant:
    """A caller was let in.

    Attributes:
        authorizer: `$context.authorizer`, and what payload 1.0 carries under that name; None without an authorizer.
        authorizer_v2: the same for payload 2.0.
        principal: who signed, for AWS_IAM.
        access_key_id: that signed.
    """

    authorizer: Mapping[str, Any] | None = field(default=None, repr=False)
    authorizer_v2: Mapping[str, Any] | None = field(default=None, repr=False)
    principal: Principal | None = None


NOBODY: Final = Grant()
"""What a route without an authorizer knows of its callers."""

Gate = Callable[[Visit], Grant]
"""Lets a caller in, or raises Refused."""

Backend = Callable[[Visit, Grant], Answer]
"""Answers a caller who was let in."""
