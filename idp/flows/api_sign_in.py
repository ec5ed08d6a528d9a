"""The API's sign-in as a whole: the pipeline and then tokens, or tokens from a refresh token.

Source: spec USER_POOLS sections 1.1, 1.11 and 1.12.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from idp.domain import auth_flow, challenge as challenges
from idp.domain.auth_flow import get_flow, require_parameters
from idp.domain.errors import NotAuthorized
from idp.domain.origin import Origin
from idp.domain.scope import SELF_SERVICE
from idp.flows.device_sign_in import new_device
from idp.flows.lookups import get_pool_of
from idp.flows.sign_in import answer_challenge, begin_sign_in
from idp.flows.sign_in_outcome import Authenticated, ChallengeAnswer, Challenged, SignInAttempt, SignInOutcome
from idp.flows.tokens import RefreshGrant, TokenSet, begin_session, get_refresh_grant, refresh_from

if TYPE_CHECKING:
    from idp.domain.client import Client
    from idp.domain.device import NewDevice
    from idp.services import Services

AFTER_DEVICE = "TokenGeneration_AuthenticateDevice"
AFTER_NEW_PASSWORD = "TokenGeneration_NewPasswordChallenge"  # noqa: S105 - a trigger's source


def initiate_auth(services: Services, client: Client, flow_name: str, attempt: SignInAttempt) -> TokenSet | Challenged:
    """Begin a sign-in by one of the API's flows, or refresh.

    Raises:
        DomainError: with the sentences of spec sections 1.11 and 3.2.
    """
    if auth_flow.is_refresh(flow_name):
        return _refreshed(services, client, flow_name, attempt)
    return _with_tokens(services, begin_sign_in(services, client, flow_name, attempt))


def respond_to_auth_challenge(services: Services, client: Client, answer: ChallengeAnswer) -> TokenSet | Challenged:
    """Go on with a sign-in, to tokens or the next challenge.

    Raises:
        DomainError: with the sentences of spec sections 1.7, 1.10 and 3.2.
    """
    return _with_tokens(services, answer_challenge(services, client, answer))


def get_tokens_from_refresh_token(
    services: Services,
    client: Client,
    refresh_token: str,
    *,
    client_secret: str | None,
    device_key: str | None,
    client_metadata: Mapping[str, str] | None,
    origin: Origin,
) -> TokenSet:
    """Refresh by the operation that takes the plain client secret, and rotates where the client does.

    Unknown: the sentence for a wrong secret; ours is that of a wrong SECRET_HASH.

    Raises:
        NotAuthorized: the secret is missing or wrong; and as `tokens.refresh`.
    """
    is_proved = client_secret is None if client.secret is None else client.has_secret(client_secret or "")
    if not is_proved:
        raise NotAuthorized(f"Unable to verify secret for client {client.id}")
    grant = get_refresh_grant(services, client, refresh_token, device_key=device_key)
    device = None if device_key is not None else _unconfirmed_device(services, client, grant)
    if device is not None:
        grant = replace(grant, session=replace(grant.session, device_key=device.key))
    tokens = refresh_from(services, client, refresh_token, grant, client_metadata=client_metadata, origin=origin)
    if device is not None:
        with services.unit_of_work() as work:
            work.user_sessions.give_device(grant.session.id, device.key)
            work.commit()
    return replace(tokens, new_device=device)


def _with_tokens(services: Services, outcome: SignInOutcome) -> TokenSet | Challenged:
    if isinstance(outcome, Challenged):
        return outcome
    return _tokens_of(services, outcome)


def _tokens_of(services: Services, signed_in: Authenticated) -> TokenSet:
    known, unknown = signed_in.device, None
    if known is None and signed_in.user_pool.device_tracking is not None:
        unknown = new_device(services, signed_in.user_pool, signed_in.user)
    device = known or unknown
    tokens = begin_session(
        services,
        signed_in.user_pool,
        signed_in.client,
        signed_in.user,
        scope=SELF_SERVICE,
        hosted=False,
        authenticated_at=signed_in.authenticated_at,
        event_id=signed_in.event_id,
        source=_token_source(signed_in),
        client_metadata=signed_in.client_metadata,
        device_key=None if device is None else device.key,
        device_source=None if known is None else signed_in.source,
        origin=signed_in.origin,
    )
    return replace(tokens, new_device=unknown)


def _token_source(signed_in: Authenticated) -> str | None:
    """Return the PreTokenGeneration trigger's source; None for that of an ordinary sign-in."""
    if challenges.NEW_PASSWORD_REQUIRED in signed_in.passed:
        return AFTER_NEW_PASSWORD
    return AFTER_DEVICE if challenges.DEVICE_PASSWORD_VERIFIER in signed_in.passed else None


def _unconfirmed_device(services: Services, client: Client, grant: RefreshGrant) -> NewDevice | None:
    """Return the device that the client may still confirm: its session's, or a new one; the hosted pages' have none."""
    user_pool = get_pool_of(services, client)
    if user_pool.device_tracking is None or grant.session.hosted or grant.has_device:
        return None
    device = new_device(services, user_pool, grant.user)
    return device if grant.session.device_key is None else replace(device, key=grant.session.device_key)


def _refreshed(services: Services, client: Client, flow_name: str, attempt: SignInAttempt) -> TokenSet:
    """Refresh by InitiateAuth, whose SECRET_HASH is made over the user's own name or `sub`."""
    flow = get_flow(flow_name, client, attempt.door)
    require_parameters(attempt.parameters, flow.required)
    secret_hash = attempt.parameters.get("SECRET_HASH")
    if secret_hash is None:
        client.check_secret_hash(None)
    refresh_token = attempt.parameters["REFRESH_TOKEN"]
    grant = get_refresh_grant(services, client, refresh_token, device_key=attempt.parameters.get("DEVICE_KEY"))
    client.check_secret_hash(secret_hash, grant.user.username, grant.user.sub)
    origin = Origin.of(attempt.source, attempt.user_agent)
    return refresh_from(services, client, refresh_token, grant, origin=origin)
