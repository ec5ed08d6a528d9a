"""All tables, gathered so that `metadata` is complete whoever imports it."""

from idp.store.tables import (
    apis,
    devices,
    functions,
    iam,
    messages,
    oauth,
    one_time,
    passkeys,
    triggers,
    user_pools,
    users,
)
from idp.store.tables.metadata import metadata

__all__ = [
    "apis",
    "devices",
    "functions",
    "iam",
    "messages",
    "metadata",
    "oauth",
    "one_time",
    "passkeys",
    "triggers",
    "user_pools",
    "users",
]
