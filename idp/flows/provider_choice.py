"""By which provider somebody is to sign in: the request may say so, else the client's only one, else the user chooses.

Source: spec USER_POOLS sections 9.3 and 10.1; AWS Developer Guide, "SAML user pool IdP names and identifiers".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.domain.oauth_error import AuthorizationRefused
from idp.domain.provider_kinds import OWN_USERS, SOCIAL

if TYPE_CHECKING:
    from idp.domain.authorization_request import AuthorizationRequest
    from idp.domain.client import Client
    from idp.domain.identity_provider import IdentityProvider
    from idp.domain.user_pool import UserPool
    from idp.services import Services

NOT_OFFERED = "The identity provider is not enabled for the client."


def choose_provider(
    services: Services, user_pool: UserPool, client: Client, request: AuthorizationRequest
) -> str | None:
    """Return the name of the provider by which the user is to sign in; None lets the user choose.

    The store is asked only for an identifier. A name wins over an identifier; Unknown: what Cognito does with both.

    Returns:
        COGNITO for the pool's own users.

    Raises:
        AuthorizationRefused: the client does not have the provider; Unknown: the sentence.
    """
    name = request.identity_provider
    if name is None and request.idp_identifier is not None:
        name = find_provider_name(services, user_pool, client, request.idp_identifier)
        if name is None:
            raise AuthorizationRefused("invalid_request", NOT_OFFERED)
    if name is None:
        return client.identity_providers[0] if len(client.identity_providers) == 1 else None
    if name not in client.identity_providers:
        raise AuthorizationRefused("invalid_request", NOT_OFFERED)
    return name


def get_chosen_provider(services: Services, user_pool: UserPool, client: Client, name: str) -> IdentityProvider:
    """Return one of the client's upstream providers; raises AuthorizationRefused."""
    if name not in client.identity_providers:
        raise AuthorizationRefused("invalid_request", NOT_OFFERED)
    return get_provider(services, user_pool, name)


def get_provider(services: Services, user_pool: UserPool, name: str) -> IdentityProvider:
    """Return an upstream provider, whoever's; raises AuthorizationRefused."""
    with services.reading() as work:
        provider = work.identity_providers.find(user_pool.id, name)
    if provider is None:
        raise AuthorizationRefused("invalid_request", NOT_OFFERED)
    return provider


def find_provider_name(services: Services, user_pool: UserPool, client: Client, identifier: str) -> str | None:
    """Return which of the client's providers has an identifier, or the domain of an e-mail address as one.

    Domains are looked for as they are written, and in lower case.
    """
    domain = identifier.rpartition("@")[2]
    wanted = list(dict.fromkeys((identifier, domain, domain.lower())))
    with services.reading() as work:
        owners = work.identity_providers.owners(user_pool.id, wanted)
    names = (owners[each] for each in wanted if each in owners)
    return next((name for name in names if name in client.identity_providers), None)


def asks_for_company(services: Services, user_pool: UserPool, client: Client) -> bool:
    """Say whether users may be led to their company's provider by their e-mail address: one of the client's has identifiers.

    The store is asked only for clients with OIDC or SAML providers.
    """
    names = [name for name in client.identity_providers if name != OWN_USERS and name not in SOCIAL]
    if not names:
        return False
    with services.reading() as work:
        return work.identity_providers.are_identified(user_pool.id, names)
