"""Users: listing, creating, reading and deleting them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from idp.admin.call import Call
from idp.admin.user_pools import UserPoolPath
from idp.admin.user_records import NewUser, User, UserPage, UserQuery
from idp.domain.filtering import parse_filter
from idp.flows import users as flow
from idp.flows.invitations import Invitation, admin_create_user
from idp.flows.lookups import get_user as find_named
from idp.flows.paging import open_page_token, seal_page_token

if TYPE_CHECKING:
    from idp.domain import user as domain


class UserPath(UserPoolPath):
    """Which user of which user pool."""

    username: str


def list_users(call: Call, path: UserPoolPath, query: UserQuery) -> UserPage:
    """List a user pool's users, or those that one condition finds."""
    user_pool = call.user_pool(path.user_pool_id)
    condition = parse_filter(query.filter or "")
    bound_to = ["admin", "users", call.account, user_pool.id, query.filter]
    position = open_page_token(call.services, query.cursor, bound_to=bound_to)
    # Sealed below, in this form.
    after = cast("tuple[str, int] | None", None if position is None else tuple(position))
    users = flow.list_users(call.services, user_pool, condition, after=after, limit=query.limit + 1)
    page = users[: query.limit]
    cursor = None
    if len(users) > query.limit:
        cursor = seal_page_token(call.services, flow.place_of(page[-1], condition), bound_to=bound_to)
    return UserPage(items=[_shown(each) for each in page], next_cursor=cursor)


def create_user(call: Call, path: UserPoolPath, body: NewUser) -> User:
    """Create a user by invitation."""
    mediums = body.desired_delivery_mediums if "desired_delivery_mediums" in body.model_fields_set else []
    invitation = Invitation(
        username=body.username,
        attributes=body.attributes,
        temporary_password=body.temporary_password,
        mediums=tuple(mediums) or None,
        is_silent=body.message_action == "SUPPRESS",
        forces_alias=body.force_alias_creation,
    )
    return _shown(admin_create_user(call.services, call.user_pool(path.user_pool_id), invitation))


def get_user(call: Call, path: UserPath) -> User:
    """Return the user who goes by a username, an alias or a `sub`."""
    user_pool = call.user_pool(path.user_pool_id)
    with call.services.reading() as work:
        return _shown(find_named(work, user_pool, path.username))


def delete_user(call: Call, path: UserPath) -> None:
    """Delete the user who goes by a username, an alias or a `sub`, with all that is theirs."""
    flow.admin_delete_user(call.services, call.user_pool(path.user_pool_id), path.username)


def _shown(user: domain.User) -> User:
    return User(
        username=user.username,
        sub=user.sub,
        status=user.status,
        enabled=user.enabled,
        attributes=dict(user.attributes),
        created_at=user.created_at,
        updated_at=user.updated_at,
    )
