"""Create, read, change, list and delete functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.aws.errors import ServiceError
from idp.aws.lambda_.naming import function_resource, named_function
from idp.aws.lambda_.shapes import configuration, decline_unserved, listed_configuration, settings_of
from idp.aws.registry import operation
from idp.flows import functions
from idp.flows.execution_roles import require_passable

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.aws.types.lambda_ import (
        CreateFunctionRequest,
        DeleteFunctionRequest,
        DeleteFunctionResponse,
        FunctionConfiguration,
        GetFunctionConfigurationRequest,
        GetFunctionRequest,
        GetFunctionResponse,
        ListFunctionsRequest,
        ListFunctionsResponse,
        UpdateFunctionCodeRequest,
        UpdateFunctionConfigurationRequest,
    )

PAGE = 50


@operation("lambda", resource=function_resource)
def create_function(context: Context, request: CreateFunctionRequest) -> FunctionConfiguration:
    name = named_function(context, request, "lambda:CreateFunction")
    if name.qualifier is not None:
        raise ServiceError("InvalidParameterValueException", "A new function has no qualifier.")
    decline_unserved(request["Code"])
    settings = settings_of(request)
    _require_passable(context, request.get("Role"))
    if "ZipFile" not in request["Code"]:
        raise ServiceError("InvalidParameterValueException", "Please provide a source for function code.")
    return configuration(functions.create_function(context.services, name, request["Code"]["ZipFile"], **settings))


@operation("lambda", resource=function_resource)
def get_function(context: Context, request: GetFunctionRequest) -> GetFunctionResponse:
    name = named_function(context, request, "lambda:GetFunction")
    function = functions.get_function(context.services, name)
    answer: GetFunctionResponse = {"Configuration": configuration(function), "Code": {"RepositoryType": "S3"}}
    if function.tags:
        answer["Tags"] = function.tags
    return answer


@operation("lambda", resource=function_resource)
def get_function_configuration(context: Context, request: GetFunctionConfigurationRequest) -> FunctionConfiguration:
    name = named_function(context, request, "lambda:GetFunctionConfiguration")
    return configuration(functions.get_function(context.services, name))


@operation("lambda", resource=function_resource)
def update_function_code(context: Context, request: UpdateFunctionCodeRequest) -> FunctionConfiguration:
    name = named_function(context, request, "lambda:UpdateFunctionCode")
    decline_unserved(request)
    if "ZipFile" not in request:
        raise ServiceError("InvalidParameterValueException", "Please provide a source for function code.")
    changed = functions.update_function_code(
        context.services,
        name,
        request["ZipFile"],
        revision_id=request.get("RevisionId"),
        is_dry_run=request.get("DryRun", False),
    )
    return configuration(changed)


@operation("lambda", resource=function_resource)
def update_function_configuration(
    context: Context, request: UpdateFunctionConfigurationRequest
) -> FunctionConfiguration:
    name = named_function(context, request, "lambda:UpdateFunctionConfiguration")
    settings = settings_of(request)
    _require_passable(context, request.get("Role"))
    changed = functions.update_function_configuration(
        context.services, name, revision_id=request.get("RevisionId"), **settings
    )
    return configuration(changed)


@operation("lambda", resource=function_resource)
def delete_function(context: Context, request: DeleteFunctionRequest) -> DeleteFunctionResponse:
    functions.delete_function(context.services, named_function(context, request, "lambda:DeleteFunction"))
    return {"StatusCode": 204}


@operation("lambda")
def list_functions(context: Context, request: ListFunctionsRequest) -> ListFunctionsResponse:
    """List by name; the marker is the last name of the page before, which the caller has read anyway."""
    limit = min(request.get("MaxItems", PAGE), PAGE)
    found = functions.list_functions(
        context.services, context.account, context.region, after=request.get("Marker", ""), limit=limit + 1
    )
    answer: ListFunctionsResponse = {"Functions": [listed_configuration(each) for each in found[:limit]]}
    if len(found) > limit:
        answer["NextMarker"] = found[limit - 1].name
    return answer


def _require_passable(context: Context, role: str | None) -> None:
    if role is not None and context.principal is not None:
        require_passable(context.services, context.principal, role)
