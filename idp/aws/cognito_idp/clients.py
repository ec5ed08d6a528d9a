"""App clients: registering, reading, changing, deleting and listing them.  Source: spec USER_POOLS section 12.2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from idp.aws.cognito_idp.resources import user_pool_arn, user_pool_of
from idp.aws.registry import operation
from idp.domain.client import DEFAULT_FLOWS, DEFAULT_REFRESH_DAYS
from idp.domain.errors import InvalidParameter
from idp.flows import clients as flow
from idp.flows.paging import list_page

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.aws.types.cognito_idp import (
        CreateUserPoolClientRequest,
        CreateUserPoolClientResponse,
        DeleteUserPoolClientRequest,
        DescribeUserPoolClientRequest,
        DescribeUserPoolClientResponse,
        ListUserPoolClientsRequest,
        ListUserPoolClientsResponse,
        UpdateUserPoolClientRequest,
        UpdateUserPoolClientResponse,
        UserPoolClientDescription,
        UserPoolClientType,
    )
    from idp.domain.client import Client

DEFAULT_PAGE = 60
_NO_SETTINGS = frozenset(
    {"UserPoolId", "ClientId", "ClientName", "GenerateSecret", "ClientSecret", "PublishSecretsInAWSSecretsManager"}
)


@operation("cognito-idp", resource=user_pool_arn)
def create_user_pool_client(context: Context, request: CreateUserPoolClientRequest) -> CreateUserPoolClientResponse:
    client = flow.create_client(
        context.services,
        user_pool_of(context, request),
        name=request["ClientName"],
        settings=_settings(request),
        secret=request.get("ClientSecret"),
        generate_secret=request.get("GenerateSecret", False),
    )
    return {"UserPoolClient": client_type(client)}


@operation("cognito-idp", resource=user_pool_arn)
def describe_user_pool_client(
    context: Context, request: DescribeUserPoolClientRequest
) -> DescribeUserPoolClientResponse:
    client = flow.describe_client(context.services, user_pool_of(context, request), request["ClientId"])
    return {"UserPoolClient": client_type(client)}


@operation("cognito-idp", resource=user_pool_arn)
def update_user_pool_client(context: Context, request: UpdateUserPoolClientRequest) -> UpdateUserPoolClientResponse:
    client = flow.update_client(
        context.services,
        user_pool_of(context, request),
        request["ClientId"],
        name=request.get("ClientName"),
        settings=_settings(request),
    )
    return {"UserPoolClient": client_type(client)}


@operation("cognito-idp", resource=user_pool_arn)
def delete_user_pool_client(context: Context, request: DeleteUserPoolClientRequest) -> None:
    flow.delete_client(context.services, user_pool_of(context, request), request["ClientId"])


@operation("cognito-idp", resource=user_pool_arn)
def list_user_pool_clients(context: Context, request: ListUserPoolClientsRequest) -> ListUserPoolClientsResponse:
    user_pool = user_pool_of(context, request)
    page, token = list_page(
        context.services,
        lambda after, limit: flow.list_clients(context.services, user_pool, after=after, limit=limit),
        start="",
        place=lambda client: client.id,
        token=request.get("NextToken"),
        limit=request.get("MaxResults", DEFAULT_PAGE),
        bound_to=["ListUserPoolClients", context.account, user_pool.id],
    )
    answer: ListUserPoolClientsResponse = {"UserPoolClients": [_description(each) for each in page]}
    return {**answer, "NextToken": token} if token else answer


def client_type(client: Client) -> UserPoolClientType:
    """Return a client as DescribeUserPoolClient shows it: what was set, and the defaults of what was not."""
    shown: dict[str, Any] = {
        "RefreshTokenValidity": DEFAULT_REFRESH_DAYS,
        "TokenValidityUnits": {},
        "ExplicitAuthFlows": DEFAULT_FLOWS,
        "AllowedOAuthFlowsUserPoolClient": False,
        "EnableTokenRevocation": True,
        "EnablePropagateAdditionalUserContextData": False,
        "AuthSessionValidity": 3,
        **client.settings,
        "UserPoolId": client.pool_id,
        "ClientName": client.name,
        "ClientId": client.id,
        "CreationDate": client.created_at,
        "LastModifiedDate": client.updated_at,
    }
    if client.secret is not None:
        shown["ClientSecret"] = client.secret
    return cast("UserPoolClientType", shown)  # settings hold the API's own members


def _description(client: Client) -> UserPoolClientDescription:
    return {"ClientId": client.id, "UserPoolId": client.pool_id, "ClientName": client.name}


def _settings(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return a request's settings.

    Raises:
        InvalidParameter: secrets are to go to a service that is not here.
    """
    if request.get("PublishSecretsInAWSSecretsManager"):
        raise InvalidParameter("This server has no Secrets Manager to publish client secrets in.")
    return {name: value for name, value in request.items() if name not in _NO_SETTINGS}
