"""App clients and their secrets.  Source: spec USER_POOLS sections 11.11 and 12.2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from idp.aws.cognito_idp.resources import user_pool_arn, user_pool_of
from idp.aws.registry import operation
from idp.domain.client import DEFAULT_FLOWS, DEFAULT_REFRESH_DAYS
from idp.domain.errors import InvalidParameter
from idp.flows import clients as flow
from idp.flows.paging import list_page, open_page_token

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.aws.types.cognito_idp import (
        AddUserPoolClientSecretRequest,
        AddUserPoolClientSecretResponse,
        ClientSecretDescriptorType,
        CreateUserPoolClientRequest,
        CreateUserPoolClientResponse,
        DeleteUserPoolClientRequest,
        DeleteUserPoolClientSecretRequest,
        DeleteUserPoolClientSecretResponse,
        DescribeUserPoolClientRequest,
        DescribeUserPoolClientResponse,
        ListUserPoolClientSecretsRequest,
        ListUserPoolClientSecretsResponse,
        ListUserPoolClientsRequest,
        ListUserPoolClientsResponse,
        UpdateUserPoolClientRequest,
        UpdateUserPoolClientResponse,
        UserPoolClientDescription,
        UserPoolClientType,
    )
    from idp.domain.client import Client
    from idp.domain.client_secret import ClientSecret

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
    if request.get("ClientType") == "DCR":  # no client of ours registers itself
        return {"UserPoolClients": []}
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


@operation("cognito-idp", resource=user_pool_arn)
def add_user_pool_client_secret(
    context: Context, request: AddUserPoolClientSecretRequest
) -> AddUserPoolClientSecretResponse:
    chosen = request.get("ClientSecret")
    user_pool = user_pool_of(context, request)
    secret = flow.add_client_secret(context.services, user_pool, request["ClientId"], value=chosen)
    shown = _secret_descriptor(secret)
    if chosen is None:
        shown["ClientSecretValue"] = secret.value
    return {"ClientSecretDescriptor": shown}


@operation("cognito-idp", resource=user_pool_arn)
def list_user_pool_client_secrets(
    context: Context, request: ListUserPoolClientSecretsRequest
) -> ListUserPoolClientSecretsResponse:
    user_pool = user_pool_of(context, request)
    bound_to = ["ListUserPoolClientSecrets", context.account, user_pool.id]
    open_page_token(context.services, request.get("NextToken"), bound_to=bound_to)  # there is one page: none is good
    client = flow.describe_client(context.services, user_pool, request["ClientId"])
    return {"ClientSecrets": [_secret_descriptor(secret) for secret in client.secrets]}


@operation("cognito-idp", resource=user_pool_arn)
def delete_user_pool_client_secret(
    context: Context, request: DeleteUserPoolClientSecretRequest
) -> DeleteUserPoolClientSecretResponse:
    user_pool = user_pool_of(context, request)
    flow.delete_client_secret(context.services, user_pool, request["ClientId"], request["ClientSecretId"])
    return {}


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


def _secret_descriptor(secret: ClientSecret) -> ClientSecretDescriptorType:
    return {"ClientSecretId": secret.id, "ClientSecretCreateDate": secret.created_at}


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
