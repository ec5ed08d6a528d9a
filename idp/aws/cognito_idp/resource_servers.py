"""Resource servers: registering, reading, changing, deleting and listing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.aws.cognito_idp.resources import user_pool_arn, user_pool_of
from idp.aws.registry import operation
from idp.domain.errors import InvalidParameter
from idp.domain.resource_server import ResourceServer
from idp.flows import resource_servers as flow
from idp.flows.paging import list_page

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.aws.types.cognito_idp import (
        CreateResourceServerRequest,
        CreateResourceServerResponse,
        DeleteResourceServerRequest,
        DescribeResourceServerRequest,
        DescribeResourceServerResponse,
        ListResourceServersRequest,
        ListResourceServersResponse,
        ResourceServerType,
        UpdateResourceServerRequest,
        UpdateResourceServerResponse,
    )

DEFAULT_PAGE = 50


@operation("cognito-idp", resource=user_pool_arn)
def create_resource_server(context: Context, request: CreateResourceServerRequest) -> CreateResourceServerResponse:
    created = flow.create_resource_server(context.services, _server(context, request))
    return {"ResourceServer": _resource_server_type(created)}


@operation("cognito-idp", resource=user_pool_arn)
def describe_resource_server(
    context: Context, request: DescribeResourceServerRequest
) -> DescribeResourceServerResponse:
    server = flow.get_resource_server(context.services, user_pool_of(context, request), request["Identifier"])
    return {"ResourceServer": _resource_server_type(server)}


@operation("cognito-idp", resource=user_pool_arn)
def update_resource_server(context: Context, request: UpdateResourceServerRequest) -> UpdateResourceServerResponse:
    changed = flow.update_resource_server(context.services, _server(context, request))
    return {"ResourceServer": _resource_server_type(changed)}


@operation("cognito-idp", resource=user_pool_arn)
def delete_resource_server(context: Context, request: DeleteResourceServerRequest) -> None:
    flow.delete_resource_server(context.services, user_pool_of(context, request), request["Identifier"])


@operation("cognito-idp", resource=user_pool_arn)
def list_resource_servers(context: Context, request: ListResourceServersRequest) -> ListResourceServersResponse:
    user_pool = user_pool_of(context, request)
    page, token = list_page(
        context.services,
        lambda after, limit: flow.list_resource_servers(context.services, user_pool, after=after, limit=limit),
        start="",
        place=lambda server: server.identifier,
        token=request.get("NextToken"),
        limit=request.get("MaxResults", DEFAULT_PAGE),
        bound_to=["ListResourceServers", context.account, user_pool.id],
    )
    answer: ListResourceServersResponse = {"ResourceServers": [_resource_server_type(each) for each in page]}
    return {**answer, "NextToken": token} if token else answer


def _server(context: Context, request: CreateResourceServerRequest | UpdateResourceServerRequest) -> ResourceServer:
    """Return the resource server a request describes.

    Raises:
        InvalidParameter: a scope comes twice.
    """
    given = request.get("Scopes", ())
    scopes = {scope["ScopeName"]: scope["ScopeDescription"] for scope in given}
    if len(scopes) < len(given):
        raise InvalidParameter("The scopes of a resource server must have different names.")
    return ResourceServer(user_pool_of(context, request).id, request["Identifier"], request["Name"], scopes)


def _resource_server_type(server: ResourceServer) -> ResourceServerType:
    return {
        "UserPoolId": server.pool_id,
        "Identifier": server.identifier,
        "Name": server.name,
        "Scopes": [{"ScopeName": name, "ScopeDescription": description} for name, description in server.scopes.items()],
    }
