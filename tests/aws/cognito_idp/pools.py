"""User pools, clients and people for tests that come in by the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

PASSWORD = "Passw0rd!"
NEW_PASSWORD = "N3w-passw0rd"


def a_user_pool(idp: CognitoIdentityProviderClient, **settings: Any) -> str:
    """Make a user pool and return its id."""
    identifier: str = idp.create_user_pool(PoolName="people", **settings)["UserPool"]["Id"]
    return identifier


def a_client(idp: CognitoIdentityProviderClient, user_pool_id: str, **settings: Any) -> str:
    """Make a client without a secret, unless the settings say otherwise, and return its id."""
    made = idp.create_user_pool_client(UserPoolId=user_pool_id, ClientName="app", **settings)
    identifier: str = made["UserPoolClient"]["ClientId"]
    return identifier


def named_values(**attributes: str) -> list[Any]:
    """Return attributes as the API lists them."""
    return [{"Name": name, "Value": value} for name, value in attributes.items()]


def an_application(username: str, **attributes: str) -> dict[str, Any]:
    """Return SignUp's parameters, without the client."""
    return {"Username": username, "Password": PASSWORD, "UserAttributes": named_values(**attributes)}
