"""User pools: listing, making, reading and deleting them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from idp.admin.call import Call
from idp.admin.records import PageQuery, Record, members_of, settings_of
from idp.admin.user_pool_records import NewUserPool, UserPool, UserPoolPage, UserPoolSettings, UserPoolSummary
from idp.flows import user_pools as flow
from idp.flows.user_pools import UserPoolState

if TYPE_CHECKING:
    from idp.domain import user_pool as domain


class UserPoolPath(Record):
    """Which user pool."""

    user_pool_id: str


def list_user_pools(call: Call, query: PageQuery) -> UserPoolPage:
    """List the account's user pools in the region signed for."""
    rows, cursor = call.page(
        query,
        lambda after, limit: flow.list_user_pools(
            call.services, account=call.account, region=call.region, after=after, limit=limit
        ),
        start="",
        place=lambda user_pool: user_pool.id,
        of="user-pools",
    )
    return UserPoolPage(items=[UserPoolSummary(**_head(each)) for each in rows], next_cursor=cursor)


def create_user_pool(call: Call, body: NewUserPool) -> UserPool:
    """Make a user pool in the region signed for."""
    settings = settings_of(body)
    name = settings.pop("PoolName")
    created = flow.create_user_pool(
        call.services, account=call.account, region=call.region, name=name, settings=settings
    )
    return _shown(UserPoolState(created))


def get_user_pool(call: Call, path: UserPoolPath) -> UserPool:
    """Return a user pool."""
    return _shown(flow.describe_user_pool(call.services, path.user_pool_id, account=call.account))


def delete_user_pool(call: Call, path: UserPoolPath) -> None:
    """Delete a user pool with everything in it, unless it is protected or has a domain."""
    flow.delete_user_pool(call.services, path.user_pool_id, account=call.account)


def _shown(state: UserPoolState) -> UserPool:
    user_pool = state.user_pool
    return UserPool.model_validate(
        {
            **members_of(UserPoolSettings, user_pool.settings),
            **_head(user_pool),
            "policies": {"passwordPolicy": _password_policy(user_pool)},
            "estimated_number_of_users": state.user_count,
            "domains": [domain.name for domain in state.domains],
        }
    )


def _head(user_pool: domain.UserPool) -> dict[str, Any]:
    return {
        "id": user_pool.id,
        "pool_name": user_pool.name,
        "arn": user_pool.arn,
        "created_at": user_pool.created_at,
        "updated_at": user_pool.updated_at,
    }


def _password_policy(user_pool: domain.UserPool) -> dict[str, Any]:
    """Return the policy with the defaults that apply to it."""
    policy = user_pool.password_policy
    return {
        "minimumLength": policy.minimum_length,
        "requireUppercase": policy.require_uppercase,
        "requireLowercase": policy.require_lowercase,
        "requireNumbers": policy.require_numbers,
        "requireSymbols": policy.require_symbols,
        "passwordHistorySize": policy.history_size,
        "temporaryPasswordValidityDays": user_pool.temporary_password_lifetime.days,
    }
