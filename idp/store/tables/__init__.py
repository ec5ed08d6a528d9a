"""All tables, gathered so that `metadata` is complete whoever imports it."""

from idp.store.tables import (
    apis,
    branding,
    cimd,
    devices,
    federation,
    functions,
    iam,
    identity_providers,
    jobs,
    messages,
    oauth,
    one_time,
    passkeys,
    risk,
    triggers,
    user_pools,
    users,
)
from idp.store.tables.metadata import metadata

__all__ = [
    "apis",
    "branding",
    "cimd",
    "devices",
    "federation",
    "functions",
    "iam",
    "identity_providers",
    "jobs",
    "messages",
    "metadata",
    "oauth",
    "one_time",
    "passkeys",
    "risk",
    "triggers",
    "user_pools",
    "users",
]
