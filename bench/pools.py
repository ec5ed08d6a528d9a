"""The pools in which listings are measured: one user pool and one identity pool, and much or little in them."""

from __future__ import annotations

from bench import rows
from bench.scenarios import World
from bench.wire import Connection
from idp.settings import Settings


def a_pool_of(world: World, settings: Settings, size: int) -> World:
    """Make a user pool and an identity pool, and store as many of everything in them."""
    connection = Connection(world.url)
    made = World(world.url, world.key)
    made.pool_id = world.administer(
        connection,
        "cognito-idp",
        "CreateUserPool",
        PoolName="many",
        AliasAttributes=["email"],
        UserPoolAddOns={"AdvancedSecurityMode": "AUDIT"},
        DeviceConfiguration={"ChallengeRequiredOnNewDevice": True},
    )["UserPool"]["Id"]
    client = {"UserPoolId": made.pool_id, "ClientName": "many"}
    registered = world.administer(connection, "cognito-idp", "CreateUserPoolClient", **client)["UserPoolClient"]
    made.client_id = registered["ClientId"]
    tracking = {"UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 20}, "UserPoolId": made.pool_id}
    world.administer(connection, "cognito-idp", "SetUserPoolSessionConfiguration", **tracking)
    guests = {"IdentityPoolName": "many", "AllowUnauthenticatedIdentities": True}
    identity_pool = world.administer(connection, "cognito-identity", "CreateIdentityPool", **guests)
    made.identity_pool_id = identity_pool["IdentityPoolId"]
    connection.close()
    rows.fill(settings, made, size)
    return made
