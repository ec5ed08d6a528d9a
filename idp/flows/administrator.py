"""The first administrator: an IAM user who may do everything, and the access key that is shown once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from idp.domain.errors import ResourceConflict
from idp.flows import iam_users
from idp.flows.access_keys import create_access_key
from idp.flows.inline_policies import put_policy, user_owner

if TYPE_CHECKING:
    from idp.domain.iam import AccessKey
    from idp.services import Services

NAME = "administrator"
MAY_DO_EVERYTHING = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


def create_first_administrator(services: Services) -> AccessKey | None:
    """Make the administrator of the default account, unless there is one.

    Returns:
        Their access key, to be shown and forgotten; None when another start made it.
    """
    account = services.settings.account
    try:
        iam_users.create_user(services, account, NAME, tags={})
    except ResourceConflict:
        return None
    put_policy(services, user_owner(account, NAME), "everything", json.dumps(MAY_DO_EVERYTHING))
    return create_access_key(services, account, NAME)
