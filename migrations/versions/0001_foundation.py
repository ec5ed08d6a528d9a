"""The tables of the first version."""

import sqlalchemy as sa
from alembic import op

from idp.store.types import Document, Moment, Ordered, RowId

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Apply the migration."""
    op.create_table(
        "attempts",
        sa.Column("pool_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_at", Moment(), nullable=False),
        sa.Column("last_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("pool_id", "subject", "kind", name=op.f("pk_attempts")),
    )
    op.create_table(
        "functions",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("name", Ordered, nullable=False),
        sa.Column("runtime", sa.Text(), nullable=False),
        sa.Column("handler", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("timeout_s", sa.Integer(), nullable=False),
        sa.Column("memory_mb", sa.Integer(), nullable=False),
        sa.Column("environment", sa.Text(), nullable=True),
        sa.Column("tags", Document(), nullable=False),
        sa.Column("code_sha256", sa.Text(), nullable=False),
        sa.Column("code_size", sa.Integer(), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("revision_id", sa.Text(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("account", "region", "name", name=op.f("pk_functions")),
    )
    op.create_table(
        "iam_users",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("name", Ordered, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("tags", Document(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("account", "name", name=op.f("pk_iam_users")),
        sa.UniqueConstraint("id", name=op.f("uq_iam_users_id")),
    )
    op.create_table(
        "identity_pools",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("settings", Document(), nullable=False),
        sa.Column("roles", Document(), nullable=False),
        sa.Column("role_mappings", Document(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_pools")),
    )
    op.create_index(
        op.f("ix_identity_pools_account_region_id"), "identity_pools", ["account", "region", "id"], unique=False
    )
    op.create_table(
        "inline_policies",
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("name", Ordered, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "name", name=op.f("pk_inline_policies")),
    )
    op.create_table(
        "kept_sessions",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_kept_sessions")),
    )
    op.create_index(op.f("ix_kept_sessions_expires_at"), "kept_sessions", ["expires_at"], unique=False)
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("done_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("pool_id", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("medium", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("sent_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(op.f("ix_outbox_recipient_id"), "outbox", ["recipient", "id"], unique=False)
    op.create_index(op.f("ix_outbox_username_id"), "outbox", ["username", "id"], unique=False)
    op.create_table(
        "rest_apis",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("document", Document(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("deployed_at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rest_apis")),
    )
    op.create_table(
        "roles",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("name", Ordered, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("trust_policy", sa.Text(), nullable=False),
        sa.Column("max_session_s", sa.Integer(), nullable=False),
        sa.Column("tags", Document(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("account", "name", name=op.f("pk_roles")),
        sa.UniqueConstraint("id", name=op.f("uq_roles_id")),
    )
    op.create_table(
        "signing_keys",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("use", sa.Text(), nullable=False),
        sa.Column("private_key", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_signing_keys")),
        sa.UniqueConstraint("owner", "use", name=op.f("uq_signing_keys_owner_use")),
    )
    op.create_table(
        "spent_tickets",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spent_tickets")),
    )
    op.create_index(op.f("ix_spent_tickets_expires_at"), "spent_tickets", ["expires_at"], unique=False)
    op.create_table(
        "trigger_invocations",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("pool_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("function", sa.Text(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("duration_ms", sa.Float(), nullable=False),
        sa.Column("sealed_content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trigger_invocations")),
    )
    op.create_index(op.f("ix_trigger_invocations_pool_id_id"), "trigger_invocations", ["pool_id", "id"], unique=False)
    op.create_table(
        "user_pools",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("settings", Document(), nullable=False),
        sa.Column("session_configuration", Document(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_pools")),
    )
    op.create_index(op.f("ix_user_pools_account_region_id"), "user_pools", ["account", "region", "id"], unique=False)
    op.create_table(
        "access_keys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=True),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["iam_users.id"], name=op.f("fk_access_keys_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_keys")),
    )
    op.create_index(
        op.f("ix_access_keys_account_user_id_id"), "access_keys", ["account", "user_id", "id"], unique=False
    )
    op.create_table(
        "clients",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("pool_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("settings", Document(), nullable=False),
        sa.Column("sso_minutes", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["pool_id"], ["user_pools.id"], name=op.f("fk_clients_pool_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clients")),
    )
    op.create_index(op.f("ix_clients_pool_id_id"), "clients", ["pool_id", "id"], unique=False)
    op.create_table(
        "domains",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("pool_id", sa.Text(), nullable=False),
        sa.Column("managed_login_version", sa.Integer(), nullable=False),
        sa.Column("certificate_arn", sa.Text(), nullable=True),
        sa.Column("security_policy", sa.Text(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["pool_id"], ["user_pools.id"], name=op.f("fk_domains_pool_id")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_domains")),
    )
    op.create_index(op.f("ix_domains_pool_id"), "domains", ["pool_id"], unique=False)
    op.create_table(
        "groups",
        sa.Column("pool_id", sa.Text(), nullable=False),
        sa.Column("name", Ordered, nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("role_arn", sa.Text(), nullable=True),
        sa.Column("precedence", sa.BigInteger(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["pool_id"], ["user_pools.id"], name=op.f("fk_groups_pool_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("pool_id", "name", name=op.f("pk_groups")),
    )
    op.create_table(
        "identities",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("pool_id", sa.Text(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pool_id"], ["identity_pools.id"], name=op.f("fk_identities_pool_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identities")),
    )
    op.create_index(op.f("ix_identities_pool_id_id"), "identities", ["pool_id", "id"], unique=False)
    op.create_table(
        "identity_providers",
        sa.Column("pool_id", sa.Text(), nullable=False),
        sa.Column("name", Ordered, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("metadata", sa.Text(), nullable=True),
        sa.Column("attribute_mapping", Document(), nullable=False),
        sa.Column("acr_mapping", Document(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pool_id"], ["user_pools.id"], name=op.f("fk_identity_providers_pool_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pool_id", "name", name=op.f("pk_identity_providers")),
    )
    op.create_table(
        "log_deliveries",
        sa.Column("pool_id", sa.Text(), nullable=False),
        sa.Column("configurations", Document(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pool_id"], ["user_pools.id"], name=op.f("fk_log_deliveries_pool_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pool_id", name=op.f("pk_log_deliveries")),
    )
    op.create_table(
        "resource_servers",
        sa.Column("pool_id", sa.Text(), nullable=False),
        sa.Column("identifier", Ordered, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", Document(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pool_id"], ["user_pools.id"], name=op.f("fk_resource_servers_pool_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pool_id", "identifier", name=op.f("pk_resource_servers")),
    )
    op.create_table(
        "risk_configurations",
        sa.Column("pool_id", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("document", Document(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pool_id"], ["user_pools.id"], name=op.f("fk_risk_configurations_pool_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pool_id", "client_id", name=op.f("pk_risk_configurations")),
    )
    op.create_table(
        "ui_customizations",
        sa.Column("pool_id", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("css", sa.Text(), nullable=True),
        sa.Column("image", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pool_id"], ["user_pools.id"], name=op.f("fk_ui_customizations_pool_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pool_id", "client_id", name=op.f("pk_ui_customizations")),
    )
    op.create_table(
        "user_import_jobs",
        sa.Column("number", RowId, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("pool_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role_arn", sa.Text(), nullable=False),
        sa.Column("hashing_algorithm", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("started_at", Moment(), nullable=True),
        sa.Column("completed_at", Moment(), nullable=True),
        sa.Column("completion_message", sa.Text(), nullable=True),
        sa.Column("upload_id", sa.Text(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("imported", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("crashes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pool_id"], ["user_pools.id"], name=op.f("fk_user_import_jobs_pool_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_user_import_jobs")),
        sa.UniqueConstraint("id", name=op.f("uq_user_import_jobs_id")),
    )
    op.create_index(op.f("ix_user_import_jobs_pool_id_number"), "user_import_jobs", ["pool_id", "number"], unique=False)
    op.create_index(
        op.f("ix_user_import_jobs_status_created_at"), "user_import_jobs", ["status", "created_at"], unique=False
    )
    op.create_index(
        "uq_user_import_jobs_running",
        "user_import_jobs",
        ["pool_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('Pending', 'InProgress', 'Stopping')"),
        postgresql_where=sa.text("status IN ('Pending', 'InProgress', 'Stopping')"),
    )
    op.create_table(
        "users",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("pool_id", sa.Text(), nullable=False),
        sa.Column("username", Ordered, nullable=False),
        sa.Column("sub", Ordered, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("attributes", Document(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("srp_salt", sa.Text(), nullable=True),
        sa.Column("srp_verifier", sa.Text(), nullable=True),
        sa.Column("temporary_until", Moment(), nullable=True),
        sa.Column("signed_out_at", Moment(), nullable=True),
        sa.Column("mfa", Document(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("searched_email", Ordered, nullable=True),
        sa.Column("searched_phone_number", Ordered, nullable=True),
        sa.Column("searched_name", Ordered, nullable=True),
        sa.Column("searched_given_name", Ordered, nullable=True),
        sa.Column("searched_family_name", Ordered, nullable=True),
        sa.Column("searched_preferred_username", Ordered, nullable=True),
        sa.ForeignKeyConstraint(["pool_id"], ["user_pools.id"], name=op.f("fk_users_pool_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("pool_id", "sub", name=op.f("uq_users_pool_id_sub")),
        sa.UniqueConstraint("pool_id", "username", name=op.f("uq_users_pool_id_username")),
    )
    op.create_index(op.f("ix_users_pool_id_enabled_id"), "users", ["pool_id", "enabled", "id"], unique=False)
    op.create_index(op.f("ix_users_pool_id_id"), "users", ["pool_id", "id"], unique=False)
    op.create_index(op.f("ix_users_pool_id_status_id"), "users", ["pool_id", "status", "id"], unique=False)
    op.create_index(
        "ix_users_searched_email",
        "users",
        ["pool_id", "searched_email", "id"],
        unique=False,
        sqlite_where=sa.text("searched_email IS NOT NULL"),
        postgresql_where=sa.text("searched_email IS NOT NULL"),
    )
    op.create_index(
        "ix_users_searched_family_name",
        "users",
        ["pool_id", "searched_family_name", "id"],
        unique=False,
        sqlite_where=sa.text("searched_family_name IS NOT NULL"),
        postgresql_where=sa.text("searched_family_name IS NOT NULL"),
    )
    op.create_index(
        "ix_users_searched_given_name",
        "users",
        ["pool_id", "searched_given_name", "id"],
        unique=False,
        sqlite_where=sa.text("searched_given_name IS NOT NULL"),
        postgresql_where=sa.text("searched_given_name IS NOT NULL"),
    )
    op.create_index(
        "ix_users_searched_name",
        "users",
        ["pool_id", "searched_name", "id"],
        unique=False,
        sqlite_where=sa.text("searched_name IS NOT NULL"),
        postgresql_where=sa.text("searched_name IS NOT NULL"),
    )
    op.create_index(
        "ix_users_searched_phone_number",
        "users",
        ["pool_id", "searched_phone_number", "id"],
        unique=False,
        sqlite_where=sa.text("searched_phone_number IS NOT NULL"),
        postgresql_where=sa.text("searched_phone_number IS NOT NULL"),
    )
    op.create_index(
        "ix_users_searched_preferred_username",
        "users",
        ["pool_id", "searched_preferred_username", "id"],
        unique=False,
        sqlite_where=sa.text("searched_preferred_username IS NOT NULL"),
        postgresql_where=sa.text("searched_preferred_username IS NOT NULL"),
    )
    op.create_table(
        "auth_events",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user_id", RowId, nullable=False),
        sa.Column("client_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("device_name", sa.Text(), nullable=False),
        sa.Column("risk", Document(), nullable=False),
        sa.Column("challenges", Document(), nullable=True),
        sa.Column("feedback", Document(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_auth_events_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auth_events")),
    )
    op.create_index(op.f("ix_auth_events_created_at"), "auth_events", ["created_at"], unique=False)
    op.create_index(
        op.f("ix_auth_events_user_id_created_at_id"), "auth_events", ["user_id", "created_at", "id"], unique=False
    )
    op.create_table(
        "authorization_codes",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("client_url", sa.Text(), nullable=True),
        sa.Column("user_id", RowId, nullable=False),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("code_challenge", sa.Text(), nullable=True),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=True),
        sa.Column("authenticated_at", Moment(), nullable=False),
        sa.Column("browser_digest", sa.Text(), nullable=True),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("spent_at", Moment(), nullable=True),
        sa.Column("session_id", sa.Text(), nullable=True),
        sa.Column("replayed_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.id"], name=op.f("fk_authorization_codes_client_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_authorization_codes_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_authorization_codes")),
    )
    op.create_index(op.f("ix_authorization_codes_expires_at"), "authorization_codes", ["expires_at"], unique=False)
    op.create_table(
        "browser_sessions",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("pool_id", sa.Text(), nullable=False),
        sa.Column("user_id", RowId, nullable=True),
        sa.Column("state", Document(), nullable=False),
        sa.Column("authenticated_at", Moment(), nullable=True),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=True),
        sa.Column("is_fresh", sa.Boolean(), nullable=False),
        sa.Column("active_at", Moment(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("device_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pool_id"], ["user_pools.id"], name=op.f("fk_browser_sessions_pool_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_browser_sessions_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_browser_sessions")),
    )
    op.create_index(op.f("ix_browser_sessions_expires_at"), "browser_sessions", ["expires_at"], unique=False)
    op.create_index(op.f("ix_browser_sessions_user_id"), "browser_sessions", ["user_id"], unique=False)
    op.create_table(
        "cimd_policies",
        sa.Column("id", Ordered, nullable=False),
        sa.Column("pool_id", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("cache_s", sa.Integer(), nullable=False),
        sa.Column("url_patterns", Document(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.id"], name=op.f("fk_cimd_policies_client_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["pool_id"], ["user_pools.id"], name=op.f("fk_cimd_policies_pool_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cimd_policies")),
    )
    op.create_index(op.f("ix_cimd_policies_client_id"), "cimd_policies", ["client_id"], unique=False)
    op.create_index(op.f("ix_cimd_policies_pool_id_id"), "cimd_policies", ["pool_id", "id"], unique=False)
    op.create_table(
        "client_secrets",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.id"], name=op.f("fk_client_secrets_client_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_secrets")),
    )
    op.create_index(op.f("ix_client_secrets_client_id"), "client_secrets", ["client_id"], unique=False)
    op.create_table(
        "confirmation_codes",
        sa.Column("user_id", RowId, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("mac", sa.Text(), nullable=False),
        sa.Column("attribute", sa.Text(), nullable=False),
        sa.Column("pending_value", sa.Text(), nullable=True),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_confirmation_codes_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "purpose", name=op.f("pk_confirmation_codes")),
    )
    op.create_table(
        "devices",
        sa.Column("user_id", RowId, nullable=False),
        sa.Column("key", Ordered, nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("is_remembered", sa.Boolean(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=True),
        sa.Column("verifier", sa.Text(), nullable=True),
        sa.Column("last_source", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("authenticated_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_devices_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_devices")),
    )
    op.create_table(
        "group_members",
        sa.Column("user_id", RowId, nullable=False),
        sa.Column("pool_id", sa.Text(), nullable=False),
        sa.Column("group_name", Ordered, nullable=False),
        sa.ForeignKeyConstraint(
            ["pool_id", "group_name"],
            ["groups.pool_id", "groups.name"],
            name=op.f("fk_group_members_pool_id_group_name"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_group_members_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "pool_id", "group_name", name=op.f("pk_group_members")),
    )
    op.create_index(
        op.f("ix_group_members_pool_id_group_name_user_id"),
        "group_members",
        ["pool_id", "group_name", "user_id"],
        unique=False,
    )
    op.create_table(
        "identity_logins",
        sa.Column("pool_id", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("identity_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["identities.id"], name=op.f("fk_identity_logins_identity_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pool_id", "provider", "subject", name=op.f("pk_identity_logins")),
    )
    op.create_index(op.f("ix_identity_logins_identity_id"), "identity_logins", ["identity_id"], unique=False)
    op.create_table(
        "identity_provider_identifiers",
        sa.Column("pool_id", sa.Text(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("provider_name", Ordered, nullable=False),
        sa.ForeignKeyConstraint(
            ["pool_id", "provider_name"],
            ["identity_providers.pool_id", "identity_providers.name"],
            name=op.f("fk_identity_provider_identifiers_pool_id_provider_name"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("pool_id", "identifier", name=op.f("pk_identity_provider_identifiers")),
    )
    op.create_index(
        op.f("ix_identity_provider_identifiers_pool_id_provider_name"),
        "identity_provider_identifiers",
        ["pool_id", "provider_name"],
        unique=False,
    )
    op.create_table(
        "linked_identities",
        sa.Column("pool_id", sa.Text(), nullable=False),
        sa.Column("provider_name", Ordered, nullable=False),
        sa.Column("attribute", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("provider_type", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=True),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("user_id", RowId, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_linked_identities_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pool_id", "provider_name", "attribute", "value", name=op.f("pk_linked_identities")),
    )
    op.create_index(op.f("ix_linked_identities_user_id"), "linked_identities", ["user_id"], unique=False)
    op.create_table(
        "managed_login_brandings",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("pool_id", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("uses_provided_values", sa.Boolean(), nullable=False),
        sa.Column("settings", Document(), nullable=False),
        sa.Column("assets", Document(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.id"], name=op.f("fk_managed_login_brandings_client_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["pool_id"], ["user_pools.id"], name=op.f("fk_managed_login_brandings_pool_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_managed_login_brandings")),
        sa.UniqueConstraint("client_id", name=op.f("uq_managed_login_brandings_client_id")),
    )
    op.create_index(op.f("ix_managed_login_brandings_pool_id"), "managed_login_brandings", ["pool_id"], unique=False)
    op.create_table(
        "password_history",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("user_id", RowId, nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_password_history_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_history")),
    )
    op.create_index(op.f("ix_password_history_user_id_id"), "password_history", ["user_id", "id"], unique=False)
    op.create_table(
        "software_tokens",
        sa.Column("user_id", RowId, nullable=False),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("friendly_name", sa.Text(), nullable=True),
        sa.Column("pending_secret", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_software_tokens_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_software_tokens")),
    )
    op.create_table(
        "terms",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("pool_id", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("links", Document(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_terms_client_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["pool_id"], ["user_pools.id"], name=op.f("fk_terms_pool_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        sa.UniqueConstraint("client_id", "name", name=op.f("uq_terms_client_id_name")),
    )
    op.create_index(op.f("ix_terms_pool_id_id"), "terms", ["pool_id", "id"], unique=False)
    op.create_table(
        "user_aliases",
        sa.Column("pool_id", sa.Text(), nullable=False),
        sa.Column("value", Ordered, nullable=False),
        sa.Column("attribute", sa.Text(), nullable=False),
        sa.Column("user_id", RowId, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_aliases_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("pool_id", "value", "attribute", name=op.f("pk_user_aliases")),
    )
    op.create_index(op.f("ix_user_aliases_user_id"), "user_aliases", ["user_id"], unique=False)
    op.create_table(
        "user_import_chunks",
        sa.Column("upload_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["user_import_jobs.id"], name=op.f("fk_user_import_chunks_job_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("upload_id", "number", name=op.f("pk_user_import_chunks")),
    )
    op.create_index(op.f("ix_user_import_chunks_job_id"), "user_import_chunks", ["job_id"], unique=False)
    op.create_table(
        "user_import_lines",
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["user_import_jobs.id"], name=op.f("fk_user_import_lines_job_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", "line", name=op.f("pk_user_import_lines")),
    )
    op.create_table(
        "user_sessions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("pool_id", sa.Text(), nullable=False),
        sa.Column("user_id", RowId, nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("client_url", sa.Text(), nullable=True),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("hosted", sa.Boolean(), nullable=False),
        sa.Column("device_key", sa.Text(), nullable=True),
        sa.Column("nonce", sa.Text(), nullable=True),
        sa.Column("authenticated_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("active_at", Moment(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("device_name", sa.Text(), nullable=False),
        sa.Column("browser_digest", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.id"], name=op.f("fk_user_sessions_client_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_sessions_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_sessions")),
    )
    op.create_index(op.f("ix_user_sessions_client_id"), "user_sessions", ["client_id"], unique=False)
    op.create_index(op.f("ix_user_sessions_expires_at"), "user_sessions", ["expires_at"], unique=False)
    op.create_index(op.f("ix_user_sessions_user_id"), "user_sessions", ["user_id"], unique=False)
    op.create_table(
        "webauthn_credentials",
        sa.Column("pool_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user_id", RowId, nullable=False),
        sa.Column("relying_party_id", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("attachment", sa.Text(), nullable=True),
        sa.Column("transports", Document(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pool_id"], ["user_pools.id"], name=op.f("fk_webauthn_credentials_pool_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_webauthn_credentials_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pool_id", "id", name=op.f("pk_webauthn_credentials")),
    )
    op.create_index(
        op.f("ix_webauthn_credentials_user_id_created_at_id"),
        "webauthn_credentials",
        ["user_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "client_metadata_urls",
        sa.Column("policy_id", Ordered, nullable=False),
        sa.Column("url", Ordered, nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("cached_at", Moment(), nullable=True),
        sa.Column("expires_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["policy_id"],
            ["cimd_policies.id"],
            name=op.f("fk_client_metadata_urls_policy_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("policy_id", "url", name=op.f("pk_client_metadata_urls")),
    )
    op.create_table(
        "refresh_tokens",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("spent_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["user_sessions.id"], name=op.f("fk_refresh_tokens_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_refresh_tokens")),
    )
    op.create_index(op.f("ix_refresh_tokens_session_id"), "refresh_tokens", ["session_id"], unique=False)


def downgrade() -> None:
    """Undo the migration."""
    op.drop_index(op.f("ix_refresh_tokens_session_id"), table_name="refresh_tokens")
    op.drop_table("refresh_tokens")
    op.drop_table("client_metadata_urls")
    op.drop_index(op.f("ix_webauthn_credentials_user_id_created_at_id"), table_name="webauthn_credentials")
    op.drop_table("webauthn_credentials")
    op.drop_index(op.f("ix_user_sessions_user_id"), table_name="user_sessions")
    op.drop_index(op.f("ix_user_sessions_expires_at"), table_name="user_sessions")
    op.drop_index(op.f("ix_user_sessions_client_id"), table_name="user_sessions")
    op.drop_table("user_sessions")
    op.drop_table("user_import_lines")
    op.drop_index(op.f("ix_user_import_chunks_job_id"), table_name="user_import_chunks")
    op.drop_table("user_import_chunks")
    op.drop_index(op.f("ix_user_aliases_user_id"), table_name="user_aliases")
    op.drop_table("user_aliases")
    op.drop_index(op.f("ix_terms_pool_id_id"), table_name="terms")
    op.drop_table("terms")
    op.drop_table("software_tokens")
    op.drop_index(op.f("ix_password_history_user_id_id"), table_name="password_history")
    op.drop_table("password_history")
    op.drop_index(op.f("ix_managed_login_brandings_pool_id"), table_name="managed_login_brandings")
    op.drop_table("managed_login_brandings")
    op.drop_index(op.f("ix_linked_identities_user_id"), table_name="linked_identities")
    op.drop_table("linked_identities")
    op.drop_index(
        op.f("ix_identity_provider_identifiers_pool_id_provider_name"), table_name="identity_provider_identifiers"
    )
    op.drop_table("identity_provider_identifiers")
    op.drop_index(op.f("ix_identity_logins_identity_id"), table_name="identity_logins")
    op.drop_table("identity_logins")
    op.drop_index(op.f("ix_group_members_pool_id_group_name_user_id"), table_name="group_members")
    op.drop_table("group_members")
    op.drop_table("devices")
    op.drop_table("confirmation_codes")
    op.drop_index(op.f("ix_client_secrets_client_id"), table_name="client_secrets")
    op.drop_table("client_secrets")
    op.drop_index(op.f("ix_cimd_policies_pool_id_id"), table_name="cimd_policies")
    op.drop_index(op.f("ix_cimd_policies_client_id"), table_name="cimd_policies")
    op.drop_table("cimd_policies")
    op.drop_index(op.f("ix_browser_sessions_user_id"), table_name="browser_sessions")
    op.drop_index(op.f("ix_browser_sessions_expires_at"), table_name="browser_sessions")
    op.drop_table("browser_sessions")
    op.drop_index(op.f("ix_authorization_codes_expires_at"), table_name="authorization_codes")
    op.drop_table("authorization_codes")
    op.drop_index(op.f("ix_auth_events_user_id_created_at_id"), table_name="auth_events")
    op.drop_index(op.f("ix_auth_events_created_at"), table_name="auth_events")
    op.drop_table("auth_events")
    op.drop_index(
        "ix_users_searched_preferred_username",
        table_name="users",
        sqlite_where=sa.text("searched_preferred_username IS NOT NULL"),
        postgresql_where=sa.text("searched_preferred_username IS NOT NULL"),
    )
    op.drop_index(
        "ix_users_searched_phone_number",
        table_name="users",
        sqlite_where=sa.text("searched_phone_number IS NOT NULL"),
        postgresql_where=sa.text("searched_phone_number IS NOT NULL"),
    )
    op.drop_index(
        "ix_users_searched_name",
        table_name="users",
        sqlite_where=sa.text("searched_name IS NOT NULL"),
        postgresql_where=sa.text("searched_name IS NOT NULL"),
    )
    op.drop_index(
        "ix_users_searched_given_name",
        table_name="users",
        sqlite_where=sa.text("searched_given_name IS NOT NULL"),
        postgresql_where=sa.text("searched_given_name IS NOT NULL"),
    )
    op.drop_index(
        "ix_users_searched_family_name",
        table_name="users",
        sqlite_where=sa.text("searched_family_name IS NOT NULL"),
        postgresql_where=sa.text("searched_family_name IS NOT NULL"),
    )
    op.drop_index(
        "ix_users_searched_email",
        table_name="users",
        sqlite_where=sa.text("searched_email IS NOT NULL"),
        postgresql_where=sa.text("searched_email IS NOT NULL"),
    )
    op.drop_index(op.f("ix_users_pool_id_status_id"), table_name="users")
    op.drop_index(op.f("ix_users_pool_id_id"), table_name="users")
    op.drop_index(op.f("ix_users_pool_id_enabled_id"), table_name="users")
    op.drop_table("users")
    op.drop_index(
        "uq_user_import_jobs_running",
        table_name="user_import_jobs",
        sqlite_where=sa.text("status IN ('Pending', 'InProgress', 'Stopping')"),
        postgresql_where=sa.text("status IN ('Pending', 'InProgress', 'Stopping')"),
    )
    op.drop_index(op.f("ix_user_import_jobs_status_created_at"), table_name="user_import_jobs")
    op.drop_index(op.f("ix_user_import_jobs_pool_id_number"), table_name="user_import_jobs")
    op.drop_table("user_import_jobs")
    op.drop_table("ui_customizations")
    op.drop_table("risk_configurations")
    op.drop_table("resource_servers")
    op.drop_table("log_deliveries")
    op.drop_table("identity_providers")
    op.drop_index(op.f("ix_identities_pool_id_id"), table_name="identities")
    op.drop_table("identities")
    op.drop_table("groups")
    op.drop_index(op.f("ix_domains_pool_id"), table_name="domains")
    op.drop_table("domains")
    op.drop_index(op.f("ix_clients_pool_id_id"), table_name="clients")
    op.drop_table("clients")
    op.drop_index(op.f("ix_access_keys_account_user_id_id"), table_name="access_keys")
    op.drop_table("access_keys")
    op.drop_index(op.f("ix_user_pools_account_region_id"), table_name="user_pools")
    op.drop_table("user_pools")
    op.drop_index(op.f("ix_trigger_invocations_pool_id_id"), table_name="trigger_invocations")
    op.drop_table("trigger_invocations")
    op.drop_index(op.f("ix_spent_tickets_expires_at"), table_name="spent_tickets")
    op.drop_table("spent_tickets")
    op.drop_table("signing_keys")
    op.drop_table("roles")
    op.drop_table("rest_apis")
    op.drop_index(op.f("ix_outbox_username_id"), table_name="outbox")
    op.drop_index(op.f("ix_outbox_recipient_id"), table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("leases")
    op.drop_index(op.f("ix_kept_sessions_expires_at"), table_name="kept_sessions")
    op.drop_table("kept_sessions")
    op.drop_table("inline_policies")
    op.drop_index(op.f("ix_identity_pools_account_region_id"), table_name="identity_pools")
    op.drop_table("identity_pools")
    op.drop_table("iam_users")
    op.drop_table("functions")
    op.drop_table("attempts")
