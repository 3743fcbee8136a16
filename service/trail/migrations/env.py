"""How Alembic runs our migrations: on the connection that `schema.migrate` gives it."""

from alembic import context
from sqlalchemy import Connection

from service.trail.tables import METADATA

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
