"""Rows of migrations: what was asked for, and how it went with each instance."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, UniqueConstraint

from engine.kernel.database import Base, Json, Key, Moment

migration = Table(
    "migration",
    Base.metadata,
    Column("id", Key, primary_key=True),
    Column("key", String(120), nullable=False),
    Column("from_id", Key, ForeignKey("definition.id"), nullable=False),
    Column("to_id", Key, ForeignKey("definition.id"), nullable=False),
    Column("mapping", Json, nullable=False),
    Column("latest_called", Boolean, nullable=False),
    Column("trial", Boolean, nullable=False),
    Column("status", String(12), nullable=False),
    Column("actor", Key),
    Column("started_at", Moment, nullable=False),
    Column("touched_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index("ix_migration_versions", "from_id", "to_id", "id"),
)
"""`status`: `running`, `done` or `stopped`; a `trial` judges and changes no instance."""

migration_line = Table(
    "migration_line",
    Base.metadata,
    Column("id", Key, primary_key=True),
    Column("migration_id", Key, ForeignKey("migration.id"), nullable=False),
    Column("instance_id", Key, ForeignKey("instance.id"), nullable=False),
    Column("state", String(12), nullable=False),
    Column("findings", Json, nullable=False),
    Column("at", Moment),
    UniqueConstraint("migration_id", "instance_id"),
    Index("ix_migration_line_state", "migration_id", "state", "id"),
)
"""`state`: `waiting`, then `can` or `cannot` (trial), `moved` or `refused`, or `over` when it ended meanwhile."""
