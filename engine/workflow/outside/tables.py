"""The rows of work for programs: who holds it until when, and when it may be given out next."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, text

from engine.kernel.database import Base, Key, Moment

OPEN, STUCK = "open", "stuck"
"""`stuck` work has used up its tries and waits for a person to mend its incident."""

work_item = Table(
    "work_item",
    Base.metadata,
    Column("task_id", Key, ForeignKey("task.id"), primary_key=True, autoincrement=False),
    Column("instance_id", Key, ForeignKey("instance.id"), nullable=False),
    Column("topic", String(120), nullable=False),
    Column("state", String(8), nullable=False),
    Column("ready_at", Moment, nullable=False),
    Column("worker", String(120)),
    Column("person_id", Key),
    Column("tries", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("message", Text),
    Index(
        "ix_work_item_ready",
        "topic",
        "ready_at",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)
"""`ready_at` is when it may be given out: since it opened, the end of a lease, or of the pause after a failure."""
