"""Whom a pair of tokens speaks of, and what the pool's PreTokenGeneration trigger makes of it.

Source: spec USER_POOLS sections 4.4, 4.10 and 8.3 (Pre token generation).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from idp.domain.claim_overrides import ClaimOverrides, parse_overrides
from idp.domain.claims import Membership, TokenSubject
from idp.flows.triggers import find_function, run_trigger, user_attributes, with_metadata

if TYPE_CHECKING:
    from idp.domain.client import Client
    from idp.domain.group import Group
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.domain.user_session import UserSession
    from idp.services import Services

TRIGGER = "PreTokenGeneration"
FOR_CLIENTS = "TokenGeneration_ClientCredentials"


def describe_subject(
    services: Services, user_pool: UserPool, client: Client, user: User, session: UserSession, groups: Sequence[Group]
) -> TokenSubject:
    """Return whom tokens of a session speak of at this moment."""
    return TokenSubject(
        issuer=services.settings.issuer(user_pool.id),
        client=client,
        user=user,
        session=session,
        membership=Membership.of(groups),
        issued_at=services.clock.now(),
        is_traceable=client.revokes_tokens
        or client.rotates_refresh_tokens
        or user_pool.session_tracking.is_enabled
        or client.metadata is not None,  # whose tokens lead to the app client by their session
    )


def customized(
    services: Services,
    user_pool: UserPool,
    subject: TokenSubject,
    *,
    source: str,
    client_metadata: Mapping[str, str] | None,
) -> tuple[TokenSubject, ClaimOverrides]:
    """Ask the trigger, if the pool has one, and return the subject with its groups and the changes of claims.

    Raises:
        TriggerRefused, TriggerFailed, TriggerAnswerInvalid.
    """
    function, version = find_function(user_pool, TRIGGER)
    if function is None:
        return subject, ClaimOverrides()
    answer = run_trigger(
        services,
        user_pool,
        TRIGGER,
        source,
        client_id=subject.client.id,
        username=subject.user.username,
        request=with_metadata(_request(user_pool, subject, version), client_metadata),
        response={"claimsOverrideDetails" if version == "1" else "claimsAndScopeOverrideDetails": None},
    )
    overrides = parse_overrides(answer, subject.membership, version=version)
    return replace(subject, membership=overrides.membership or subject.membership), overrides


def customized_for_client(
    services: Services, user_pool: UserPool, client: Client, *, scope: str, client_metadata: Mapping[str, str] | None
) -> ClaimOverrides:
    """Ask the trigger about a client's own token, if it takes events of version 3; the older ones are for users alone.

    Raises:
        TriggerRefused, TriggerFailed, TriggerAnswerInvalid.
    """
    function, version = find_function(user_pool, TRIGGER)
    if function is None or version != "3":
        return ClaimOverrides()
    request: dict[str, Any] = {"userAttributes": {}, "groupConfiguration": None, "scopes": scope.split()}
    answer = run_trigger(
        services,
        user_pool,
        TRIGGER,
        FOR_CLIENTS,
        client_id=client.id,
        username="ClientCredentials",
        request=with_metadata(request, client_metadata),
        response={"claimsAndScopeOverrideDetails": None},
    )
    return parse_overrides(answer, Membership.of(()), version=version)


def _request(user_pool: UserPool, subject: TokenSubject, version: str) -> dict[str, Any]:
    membership = subject.membership
    request: dict[str, Any] = {
        "userAttributes": user_attributes(user_pool, subject.user),
        "groupConfiguration": {
            "groupsToOverride": list(membership.groups),
            "iamRolesToOverride": list(membership.roles),
            "preferredRole": membership.preferred_role,
        },
    }
    return request if version == "1" else {**request, "scopes": subject.session.scope.split()}
