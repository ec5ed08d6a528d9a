"""The first administrator: an IAM user who may do everything, and the access key that is shown once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from idp.domain.errors import ResourceConflict
from idp.domain.iam import ACCESS_KEY_ID, USER_ID, AccessKey, IamUser
from idp.flows.iam_ids import KEY_ID_CHARACTERS, new_id, new_secret

if TYPE_CHECKING:
    from idp.services import Services

NAME = "administrator"
MAY_DO_EVERYTHING = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


def create_first_administrator(services: Services) -> AccessKey | None:
    """Make the administrator of the default account, with policy and key at once, unless the account has IAM users.

    So an administrator who was deleted in favour of others does not come back.

    Returns:
        Their access key, to be shown and forgotten; None when there is somebody already, or another start was first.
    """
    account, now = services.settings.account, services.clock.now()
    user = IamUser(account, NAME, new_id(services, USER_ID), "/", now, {})
    key_id = new_id(services, ACCESS_KEY_ID, characters=KEY_ID_CHARACTERS)
    key = AccessKey(key_id, account, new_secret(services), now, user.id)
    with services.unit_of_work() as work:
        if work.iam_users.list_page(account, limit=1):
            return None
        try:
            work.iam_users.add(user)
        except ResourceConflict:
            return None
        work.inline_policies.put(user.id, "everything", json.dumps(MAY_DO_EVERYTHING))
        work.access_keys.add(key)
        work.commit()
    return key
