"""Passkeys of users: public keys of WebAuthn authenticators."""

import sqlalchemy as sa

from idp.store.tables.metadata import metadata
from idp.store.types import Document, Moment

webauthn_credentials = sa.Table(
    "webauthn_credentials",
    metadata,
    sa.Column("pool_id", sa.ForeignKey("user_pools.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),  # the authenticator's, base64url
    sa.Column("user_id", sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    sa.Column("relying_party_id", sa.Text, nullable=False),
    sa.Column("public_key", sa.Text, nullable=False),  # COSE_Key, base64url
    sa.Column("sign_count", sa.BigInteger, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("attachment", sa.Text),
    sa.Column("transports", Document, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index(None, "user_id", "created_at", "id"),
)
