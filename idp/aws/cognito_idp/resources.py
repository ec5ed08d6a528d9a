"""The pool and user an operation names: for IAM the pool's ARN, for the operation what the principal's account has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from idp.aws.cognito_idp.origins import origin_of
from idp.flows.lookups import get_client, get_user, get_user_pool
from idp.flows.named_users import name_user_by_request

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.flows.named_users import NamedUser


def user_pool_arn(context: Context, request: Mapping[str, Any]) -> str:
    """Return the ARN that IAM decides on, whether the pool exists or not.  Source: AWS Service Authorization Reference."""
    pool_id: str = request["UserPoolId"]
    region = pool_id.partition("_")[0]  # the pool's own, whichever region was signed for: a Deny cannot be walked round
    return f"arn:aws:cognito-idp:{region}:{context.account}:userpool/{pool_id}"


def user_pool_of(context: Context, request: Mapping[str, Any]) -> UserPool:
    """Return the pool named by UserPoolId; raises ResourceNotFound, also for another account's."""
    return get_user_pool(context.services, request["UserPoolId"], account=context.account)


def user_of(context: Context, user_pool: UserPool, request: Mapping[str, Any]) -> User:
    """Return the user named by Username; raises UserNotFound, whatever a client may hide.  Source: spec section 2.2."""
    with context.services.reading() as work:
        return get_user(work, user_pool, request["Username"])


def named_user(context: Context, request: Mapping[str, Any]) -> NamedUser:
    """Return whom a public request names by ClientId and Username, which may be nobody.

    Raises:
        ResourceNotFound, NotAuthorized: no such client, or SecretHash does not prove its secret.
    """
    client = get_client(context.services, request["ClientId"])
    return name_user_by_request(
        context.services,
        client,
        request["Username"],
        secret_hash=request.get("SecretHash"),
        origin=origin_of(context, client, request),
    )
