"""Signing in somebody whom an upstream identity provider has vouched for.

The first time: InboundFederation, PreSignUp, the user is stored, PostConfirmation. Later, and for users whom an administrator
has linked: InboundFederation, PreAuthentication, what changed is written, PostAuthentication. Neither asks for a factor of
the pool's: that the provider did.  Source: spec USER_POOLS sections 8.3, 8.4 and 10.2-10.4.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from idp.domain.attributes import check_writable
from idp.domain.auth_flow import FEDERATED
from idp.domain.errors import (
    DomainError,
    ResourceConflict,
    TooManyRequests,
    UserDisabled,
    UsernameTaken,
    UserNotConfirmed,
)
from idp.domain.mapped_attributes import first_attributes, mapped_attributes
from idp.domain.oauth_error import AuthorizationRefused
from idp.domain.request_quota import FEDERATION
from idp.domain.schema import check_verified_flags
from idp.domain.standard_attributes import VERIFIED_FLAGS
from idp.domain.user import UserStatus
from idp.flows.challenges.challenge import SignInContext
from idp.flows.federated_users import (
    FederatedIdentity,
    add_federated,
    draft_user,
    federated_username,
    find_federated,
    update_federated,
)
from idp.flows.inbound_federation import inbound_claims
from idp.flows.lookups import get_pool_of
from idp.flows.risk import record_outcome, require_admitted
from idp.flows.sign_in_outcome import Authenticated
from idp.flows.sign_in_triggers import post_authentication, pre_authentication
from idp.flows.triggers import post_confirmation, pre_sign_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from idp.domain.client import Client
    from idp.domain.identity_provider import IdentityProvider
    from idp.domain.upstream import UpstreamIdentity
    from idp.domain.user import User
    from idp.services import Services


def federate(
    services: Services,
    client: Client,
    provider: IdentityProvider,
    identity: UpstreamIdentity,
    *,
    source: str,
    user_agent: str,
) -> Authenticated:
    """Sign in whom a provider has vouched for; whoever it never vouched for before becomes a user.

    Args:
        identity: verified.
        source: the browser's address.
        user_agent: what it says it is.

    Raises:
        AuthorizationRefused: `invalid_request` with the sentence of a trigger, of an attribute or of the user's state;
            `temporarily_unavailable` over the quota.
    """
    try:
        return _signed_in(services, client, provider, identity, source=source, user_agent=user_agent)
    except TooManyRequests as refusal:
        raise AuthorizationRefused("temporarily_unavailable", refusal.message) from refusal
    except DomainError as refusal:
        raise AuthorizationRefused("invalid_request", refusal.message.replace("\n", " ")) from refusal


def _signed_in(
    services: Services,
    client: Client,
    provider: IdentityProvider,
    identity: UpstreamIdentity,
    *,
    source: str,
    user_agent: str,
) -> Authenticated:
    user_pool = get_pool_of(services, client)
    services.request_quotas.take(FEDERATION, f"{user_pool.account}/{user_pool.region}", services.clock.now())
    context = SignInContext(
        services=services,
        user_pool=user_pool,
        client=client,
        door="hosted",
        username=federated_username(user_pool, provider, identity.subject),
        user=None,
        flow=FEDERATED,
        event_id=services.random.uuid(),
        source=source,
        user_agent=user_agent,
    )
    require_admitted(context)
    attributes = mapped_attributes(provider, inbound_claims(context, provider, identity))
    check_writable(client, attributes.keys() - VERIFIED_FLAGS)
    vouched = FederatedIdentity(user_pool, provider, identity.subject, attributes)
    user, is_new = find_federated(services, vouched), False
    if user is None:
        user, is_new = _stored(context, vouched)
    if is_new:
        post_confirmation(services, user_pool, "ConfirmSignUp", client_id=client.id, user=user, client_metadata=None)
    else:
        user = _returned(replace(context, user=user), vouched, user)
    return _authenticated(replace(context, user=user), user)


def _stored(context: SignInContext, vouched: FederatedIdentity) -> tuple[User, bool]:
    """Store somebody new, and say so; or return the user who is to be signed in, whom the identity is linked to by now.

    PreSignUp may link it, by the API: the sign-in goes to that user then, as a later one would. Unknown: which triggers AWS
    runs for that user at once; here the same as at any later sign-in. And when the same identity signs in twice at once for
    the first time, whoever comes second finds the user whom the other one made.

    Raises:
        UsernameTaken: somebody else has the name that the user would get.  Source: spec section 8.3, the sentence.
    """
    services, user_pool = context.services, context.user_pool
    attributes = first_attributes(user_pool.schema, vouched.attributes)
    verified = _granted(context, attributes)
    linked = find_federated(services, vouched)
    if linked is not None:
        return linked, False
    draft = draft_user(services, vouched, context.username, {**attributes, **verified})
    try:
        return add_federated(services, vouched, draft, force=bool(verified)), True
    except (UsernameTaken, ResourceConflict) as error:
        linked = find_federated(services, vouched)
        if linked is None:
            raise UsernameTaken(f"Already found an entry for username {context.username}") from error
        return linked, False


def _granted(context: SignInContext, attributes: Mapping[str, str]) -> dict[str, str]:
    """Ask PreSignUp, and return the verified flags that it grants.

    Source: spec section 8.3; `validationData` as observed in events of AWS, which is empty there, not null.
    """
    flags = pre_sign_up(
        context.services,
        context.user_pool,
        "ExternalProvider",
        client_id=context.client.id,
        username=context.username,
        attributes=attributes,
        validation_data={},
        client_metadata=None,
    )
    granted = {f"{name}_verified": "true" for name in flags.verified}
    check_verified_flags(granted, attributes)
    return granted


def _returned(context: SignInContext, vouched: FederatedIdentity, user: User) -> User:
    """Return a user who was known before, as the provider tells of them now.

    Unknown: whether PreAuthentication of AWS sees what is stored or what the provider says; here it sees the former, and may
    refuse before anything is written.
    """
    _require_may_sign_in(context, user)
    pre_authentication(context)
    user = update_federated(context.services, vouched)
    _require_may_sign_in(replace(context, user=user), user)  # the function may have disabled them
    post_authentication(context, user)
    return user


def _require_may_sign_in(context: SignInContext, user: User) -> None:
    """Refuse a user who is disabled, or linked but never confirmed.

    What the status says of the user's own password (FORCE_CHANGE_PASSWORD, RESET_REQUIRED) is of no concern here.
    Unknown: what AWS does about linked users who are UNCONFIRMED; whoever signed up so may not be whom the provider means.
    """
    try:
        if not user.enabled:
            raise UserDisabled
        if user.status is UserStatus.UNCONFIRMED:
            raise UserNotConfirmed
    except DomainError as refusal:
        record_outcome(context, refusal)
        raise


def _authenticated(context: SignInContext, user: User) -> Authenticated:
    """Record the sign-in and return it: an event of threat protection without challenges, since the pool asked none.

    Unknown: whether AWS keeps events of federated sign-ins; it neither judges their risk nor asks for MFA, nor do we.
    """
    record_outcome(context, None)
    return Authenticated(
        user_pool=context.user_pool,
        client=context.client,
        user=user,
        authenticated_at=context.services.clock.now(),
        event_id=context.event_id,
        passed=(),
        source=context.source,
        user_agent=context.user_agent,
    )
