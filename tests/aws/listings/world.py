"""A server with three of everything that is listed, so that a listing in pages of one has a first, a middle and a last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from idp.domain.browser_session import BrowserSession
from idp.domain.cimd_policy import ClientMetadataUrl
from idp.domain.device import Device
from idp.domain.identity import Identity, Login
from idp.domain.passkey import Passkey
from idp.services import Services
from idp.store.engine import Database
from tests.aws.cognito_idp.device_users import ALWAYS
from tests.aws.cognito_idp.imports import ROLE
from tests.aws.cognito_idp.people import Pool, a_pool
from tests.aws.cognito_idp.pools import named_values
from tests.aws.cognito_idp.providers import APPLE, FACEBOOK, GOOGLE, a_social_provider
from tests.aws.iam.policies import TRUST_LAMBDA, allow
from tests.aws.lambda_.code import created
from tests.fakes import START
from tests.sdk import client_of

THREE = ("1", "2", "3")
PEOPLE = ("ann", "annette", "annika")
ALIKE = {
    "email": "ann@example.com",
    "phone_number": "+15555550100",
    "name": "Ann",
    "given_name": "Ann",
    "family_name": "Lee",
    "preferred_username": "Ann",
}
LINKS = {"cognito:default": "https://example.com/terms"}


@dataclass(frozen=True)
class World:
    """A server, what is in it, and its database.

    Attributes:
        pool: tracks sessions and keeps what users did; ann has signed in three times, by `access_token` the last time.
        policy_id: of a CIMD policy.
    """

    app: Flask
    database: Database
    pool: Pool
    sub: str
    policy_id: str
    identity_pool_id: str
    access_token: str = field(repr=False)

    def client(self, service: str) -> Any:
        """Return a boto3 client."""
        return client_of(self.app, service)


Statement = tuple[str, Any]


@contextmanager
def selects() -> Iterator[list[Statement]]:
    """Gather the SELECTs, with their parameters, that this process sends to its databases meanwhile."""
    seen: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith("SELECT"):
            seen.append((statement, parameters))

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def fill(app: Flask, services: Services, database: Database) -> World:
    """Make three of everything."""
    idp = client_of(app, "cognito-idp")
    settings = {"UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}, "DeviceConfiguration": ALWAYS}
    pool = a_pool(idp, settings=settings)
    for name in THREE[1:]:
        idp.create_user_pool(PoolName=name)
        idp.create_user_pool_client(UserPoolId=pool.pool_id, ClientName=name, GenerateSecret=True)
    sub = _people(pool)
    _settings_of_pool(pool)
    policy_id, identity_pool_id = _policies(pool), _identities(client_of(app, "cognito-identity"))
    _rows(services, pool, sub, policy_id, identity_pool_id)
    _iam(client_of(app, "iam"))
    for name in THREE:
        created(client_of(app, "lambda"), FunctionName=name)
    tokens = [pool.tokens() for _ in THREE][-1]
    return World(app, database, pool, sub, policy_id, identity_pool_id, tokens["AccessToken"])


def _people(pool: Pool) -> str:
    """Let three people be in three groups each, who have got messages; return the `sub` of ann."""
    tracking: Mapping[str, Any] = {"UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 20}}
    pool.idp.set_user_pool_session_configuration(UserPoolId=pool.pool_id, **tracking)
    subs = [pool.sign_up(name, **ALIKE) for name in PEOPLE]
    for group in THREE:
        pool.idp.create_group(UserPoolId=pool.pool_id, GroupName=group)
        for name in PEOPLE:
            pool.idp.admin_add_user_to_group(UserPoolId=pool.pool_id, Username=name, GroupName=group)
    for name in THREE:
        pool.idp.admin_create_user(
            UserPoolId=pool.pool_id,
            Username=f"invited{name}",
            DesiredDeliveryMediums=["EMAIL"],
            UserAttributes=named_values(email="invited@example.com"),
        )
        pool.idp.admin_disable_user(UserPoolId=pool.pool_id, Username=f"invited{name}")
    return subs[0]


def _settings_of_pool(pool: Pool) -> None:
    mine = {"UserPoolId": pool.pool_id}
    for name, details in (("Google", GOOGLE), ("Facebook", FACEBOOK), ("SignInWithApple", APPLE)):
        a_social_provider(pool.idp, pool.pool_id, name, details)
    for name in THREE:
        pool.idp.create_resource_server(**mine, Identifier=name, Name=name)
        pool.idp.create_user_import_job(**mine, JobName=name, CloudWatchLogsRoleArn=ROLE)
        client_id = pool.idp.create_user_pool_client(**mine, ClientName=name)["UserPoolClient"]["ClientId"]
        terms = {"TermsName": "terms-of-use", "TermsSource": "LINK", "Enforcement": "NONE", "Links": LINKS}
        pool.idp.create_terms(**mine, ClientId=client_id, **terms)


def _policies(pool: Pool) -> str:
    """Make three CIMD policies; return the id of one."""
    given = {"UserPoolId": pool.pool_id, "ClientId": pool.client_id, "URLPatterns": ["https://*.example.com/*"]}
    made = [pool.idp.create_cimd_policy(PolicyName=name, **given)["CIMDPolicy"] for name in THREE]
    identifier: str = made[0]["CIMDPolicyId"]
    return identifier


def _rows(services: Services, pool: Pool, sub: str, policy_id: str, identity_pool_id: str) -> None:
    """Store what only long exchanges would make: devices, passkeys, URLs of metadata documents, a browser's session ..."""
    with services.unit_of_work() as work:
        ann = work.users.find_by_sub(pool.pool_id, sub)
        assert ann is not None
        for name in THREE:
            work.devices.add(Device(ann.id, name, name, True, None, START, START, START, "192.0.2.1"))
            work.passkeys.add_within(
                Passkey(pool.pool_id, ann.id, name, "example.com", "", 0, name, None, (), START), limit=len(THREE)
            )
            url = f"https://www.example.com/{name}"
            work.cimd_policies.put_url(ClientMetadataUrl(policy_id, url, url, None, None, None))
        work.users.claim_alias(ann, "preferred_username", "annie")
        work.browser_sessions.add(
            BrowserSession("d1", pool.pool_id, ann.id, None, START, START + timedelta(hours=1), active_at=START)
        )
        login = Login("accounts.google.com", "108")
        work.identities.add(
            Identity(f"{identity_pool_id}-1", identity_pool_id, START, START, logins=frozenset({login}))
        )
        work.commit()


def _iam(iam: Any) -> None:
    """Make roles and users below a path; each `1` has three policies, and the user `1` two keys."""
    for name in THREE:
        iam.create_role(RoleName=name, Path=f"/app/{name}/", AssumeRolePolicyDocument=TRUST_LAMBDA)
        iam.create_user(UserName=name, Path=f"/app/{name}/")
    for name in THREE:
        iam.put_role_policy(RoleName="1", PolicyName=name, PolicyDocument=allow("s3:*"))
        iam.put_user_policy(UserName="1", PolicyName=name, PolicyDocument=allow("s3:*"))
    iam.create_access_key(UserName="1")
    iam.create_access_key(UserName="1")


def _identities(identity: Any) -> str:
    """Make three identity pools, one of them with three identities; return its id."""
    pools = [
        identity.create_identity_pool(IdentityPoolName=name, AllowUnauthenticatedIdentities=True) for name in THREE
    ]
    identifier: str = pools[0]["IdentityPoolId"]
    for _ in THREE:
        identity.get_id(IdentityPoolId=identifier)
    return identifier
