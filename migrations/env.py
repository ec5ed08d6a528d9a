"""Alembic's environment: runs on the connection that `idp.store.migrate` gives, inside its transaction."""

from alembic import context

from idp.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=connection.dialect.name == "sqlite")
with context.begin_transaction():
    context.run_migrations()
