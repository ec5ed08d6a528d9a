"""Tokens that clients get for themselves by the API, without the token endpoint.  Source: AWS API_GetClientToken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from idp.domain.client import CLIENT_TOKEN_FLOW
from idp.domain.errors import (
    InternalFailure,
    InvalidParameter,
    NotAuthorized,
    TriggerAnswerInvalid,
    TriggerFailed,
    TriggerRefused,
)
from idp.flows.lookups import get_pool_of
from idp.flows.tokens import TokenSet, issue_client_token

if TYPE_CHECKING:
    from idp.domain.client import Client
    from idp.services import Services


def get_client_token(
    services: Services,
    client: Client,
    secret: str,
    *,
    scopes: Sequence[str],
    client_metadata: Mapping[str, str] | None,
) -> TokenSet:
    """Issue an access token to a client that proves one of its secrets.

    Args:
        scopes: those wanted; none for all custom ones of the client.

    Unknown: the sentences, whether a scope of the pool that is not the client's is given (it is not, as at the token
    endpoint), and what is said of a trigger's failure, for which the operation's model has no error.

    Raises:
        NotAuthorized: the secret is wrong, or the trigger refuses. InternalFailure: the trigger fails.
        InvalidParameter: the client has not the flow, or not the scopes.
    """
    if not client.has_secret(secret):
        raise NotAuthorized(f"Unable to verify secret for client {client.id}")
    if CLIENT_TOKEN_FLOW not in client.flows:
        raise InvalidParameter(f"{CLIENT_TOKEN_FLOW} is not enabled for the client.")
    granted = client.granted_custom_scopes(scopes)
    if not granted:
        raise InvalidParameter("Scopes must be custom scopes of the client.")
    scope = " ".join(granted)
    try:
        return issue_client_token(
            services, get_pool_of(services, client), client, scope=scope, client_metadata=client_metadata
        )
    except TriggerRefused as refusal:
        raise NotAuthorized(refusal.message) from refusal
    except (TriggerFailed, TriggerAnswerInvalid) as failure:
        raise InternalFailure from failure
