"""Who am I?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.aws.context import Context
from idp.aws.registry import operation

if TYPE_CHECKING:
    from idp.aws.types import sts as types


@operation("sts", authorizes_itself=True)
def get_caller_identity(
    context: Context,
    request: types.GetCallerIdentityRequest,  # noqa: ARG001 - it has no members
) -> types.GetCallerIdentityResponse:
    """Answer anybody who signs: no policy can refuse it.  Source: AWS API_GetCallerIdentity."""
    assert context.principal is not None, "a signed operation"
    return {
        "UserId": context.principal.user_id,
        "Account": context.principal.account,
        "Arn": context.principal.arn,
    }
