"""The pool an operation names: for IAM its ARN, for the operation itself the pool, which must be the principal's account's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from idp.flows.lookups import get_user_pool

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.domain.user_pool import UserPool


def user_pool_arn(context: Context, request: Mapping[str, Any]) -> str:
    """Return the ARN that IAM decides on, whether the pool exists or not.  Source: AWS Service Authorization Reference."""
    return f"arn:aws:cognito-idp:{context.region}:{context.account}:userpool/{request['UserPoolId']}"


def user_pool_of(context: Context, request: Mapping[str, Any]) -> UserPool:
    """Return the pool named by UserPoolId; raises ResourceNotFound, also for another account's."""
    return get_user_pool(context.services, request["UserPoolId"], account=context.account)
