"""Alembic's entry: runs the steps on the connection that `engine.upgrade` hands it."""

from alembic import context

import engine.tables  # noqa: F401  (declares every table)
from engine.kernel.database import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
