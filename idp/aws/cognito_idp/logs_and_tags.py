"""Where a pool's logs go, and its tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from idp.aws.cognito_idp.resources import user_pool_arn, user_pool_of
from idp.aws.registry import operation
from idp.flows import log_delivery, tags as flow

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.aws.types.cognito_idp import (
        GetLogDeliveryConfigurationRequest,
        GetLogDeliveryConfigurationResponse,
        ListTagsForResourceRequest,
        ListTagsForResourceResponse,
        SetLogDeliveryConfigurationRequest,
        SetLogDeliveryConfigurationResponse,
        TagResourceRequest,
        TagResourceResponse,
        UntagResourceRequest,
        UntagResourceResponse,
    )


def resource_arn(_context: Context, request: Any) -> str:
    """Return the ARN that the request names: IAM decides on it, and the flow reaches nothing else by it."""
    return cast("str", request["ResourceArn"])


@operation("cognito-idp", resource=user_pool_arn)
def get_log_delivery_configuration(
    context: Context, request: GetLogDeliveryConfigurationRequest
) -> GetLogDeliveryConfigurationResponse:
    user_pool = user_pool_of(context, request)
    configurations = log_delivery.get_log_delivery(context.services, user_pool)
    if not configurations:
        return {}
    # Kept in the API's own members.
    return {"LogDeliveryConfiguration": {"UserPoolId": user_pool.id, "LogConfigurations": cast("Any", configurations)}}


@operation("cognito-idp", resource=user_pool_arn)
def set_log_delivery_configuration(
    context: Context, request: SetLogDeliveryConfigurationRequest
) -> SetLogDeliveryConfigurationResponse:
    user_pool, configurations = user_pool_of(context, request), request["LogConfigurations"]
    log_delivery.set_log_delivery(context.services, user_pool, cast("Any", configurations))
    return {"LogDeliveryConfiguration": {"UserPoolId": user_pool.id, "LogConfigurations": configurations}}


@operation("cognito-idp", resource=resource_arn)
def tag_resource(context: Context, request: TagResourceRequest) -> TagResourceResponse:
    flow.tag_resource(context.services, request["ResourceArn"], account=context.account, tags=request["Tags"])
    return {}


@operation("cognito-idp", resource=resource_arn)
def untag_resource(context: Context, request: UntagResourceRequest) -> UntagResourceResponse:
    flow.untag_resource(context.services, request["ResourceArn"], account=context.account, keys=request["TagKeys"])
    return {}


@operation("cognito-idp", resource=resource_arn)
def list_tags_for_resource(context: Context, request: ListTagsForResourceRequest) -> ListTagsForResourceResponse:
    return {"Tags": dict(flow.list_tags(context.services, request["ResourceArn"], account=context.account))}
