"""What an identity of an identity pool gets: credentials (enhanced flow) or an OpenID token (classic flow).

Source: spec IDENTITY_POOLS sections 5 and 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from idp.domain.errors import InvalidIdentityPoolConfiguration, InvalidParameter
from idp.domain.identity_pool import select_role
from idp.flows.credentials import find_role, issue_role_session, trusts_web_identity
from idp.flows.identities import get_identity, prove_identity
from idp.flows.identity_pools import get_identity_pool
from idp.flows.openid_tokens import issue_openid_token

if TYPE_CHECKING:
    from idp.domain.iam import Role
    from idp.domain.identity import Identity
    from idp.domain.role_session import TemporaryCredentials
    from idp.domain.web_identity import WebIdentity
    from idp.services import Services

SESSION_NAME = "CognitoIdentityCredentials"
LIFETIME = timedelta(hours=1)
CLASSIC_FLOW_OFF = "Basic (classic) flow is not enabled, please use enhanced flow."


def get_credentials_for_identity(
    services: Services, identity_id: str, logins: Mapping[str, str], *, custom_role_arn: str | None = None
) -> tuple[Identity, TemporaryCredentials]:
    """Return credentials of the role that the pool gives to this caller, and the identity they are for.

    Guests are scoped down: `idp.domain.guest_scope`.

    Raises:
        ResourceNotFound, NotAuthorized, InvalidParameter, ResourceConflict: as `prove_identity` and `select_role` say.
        InvalidIdentityPoolConfiguration: there is no such role, or it does not trust the identity.
    """
    proven = prove_identity(services, identity_id, logins)
    role = _trusting_role(services, select_role(proven.pool, proven.logins, custom_role_arn), proven.web_identity)
    credentials = issue_role_session(
        services,
        role,
        session_name=SESSION_NAME,
        lifetime=LIFETIME,
        guest=not proven.logins,
        context=proven.web_identity.context,
    )
    return proven.identity, credentials


def get_open_id_token(services: Services, identity_id: str, logins: Mapping[str, str]) -> tuple[Identity, str]:
    """Return a token by which the client itself assumes a role, and the identity it is for.

    Raises:
        InvalidParameter: the pool does not allow the classic flow.
        ResourceNotFound, NotAuthorized, ResourceConflict: as `prove_identity` says.
    """
    pool = get_identity_pool(services, get_identity(services, identity_id).pool_id)
    if not pool.allows_classic_flow:
        raise InvalidParameter(CLASSIC_FLOW_OFF)
    proven = prove_identity(services, identity_id, logins)
    return proven.identity, issue_openid_token(services, proven.web_identity)


def _trusting_role(services: Services, arn: str, identity: WebIdentity) -> Role:
    try:
        role = find_role(services, arn)
    except InvalidParameter as error:
        raise InvalidIdentityPoolConfiguration from error
    if role is None or not trusts_web_identity(role, identity):
        raise InvalidIdentityPoolConfiguration
    return role
