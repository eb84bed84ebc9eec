"""The rows of the approvals floor; `assignment` repeats what the inbox shows, so that a page of it is one query."""

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from engine.kernel import audit
from engine.kernel.database import Base, Exact, Json, Key, Moment

_OPEN = text("state IN ('PENDING', 'POOLED')")

assignment = Table(
    "assignment",
    Base.metadata,
    Column("id", Key, primary_key=True),
    Column("task_id", Key, ForeignKey("task.id"), nullable=False),
    Column("instance_id", Key, ForeignKey("instance.id"), nullable=False),
    Column("person_id", Key, ForeignKey("person.id"), nullable=False),
    Column("owner_id", Key),
    Column("source", String(12), nullable=False),
    Column("parent_id", Key, ForeignKey("assignment.id")),
    Column("position", Integer, nullable=False),
    Column("weight", Exact, nullable=False),
    Column("within", String(8)),
    Column("state", String(12), nullable=False),
    Column("reason", Json, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("read_at", Moment),
    Column("decided_at", Moment),
    Column("decided_by", Key),
    Column("opinion", Text),
    Column("answer", Json),
    Column("reminded_at", Moment),
    Column("due_at", Moment),
    Column("due_sort", Moment, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("key", String(120), nullable=False),
    Column("title", String(300), nullable=False),
    Column("business_key", String(120)),
    Column("subject", String(120)),
    Column("starter_id", Key),
    Column("node", String(120), nullable=False),
    Column("name", String(200), nullable=False),
    Column("kind", String(16), nullable=False),
    Index("ix_assignment_task", "task_id"),
    Index("ix_assignment_instance", "instance_id", "person_id"),
    Index("ix_assignment_inbox", "person_id", "state", "due_sort", "rank", "id",
          sqlite_where=_OPEN, postgresql_where=_OPEN),
)  # fmt: skip
"""`due_sort` is the due moment or the end of time, `rank` 100 − priority: both ascend, so one index gives the order."""

approval_act = Table(
    "approval_act",
    Base.metadata,
    Column("id", Key, primary_key=True),
    Column("instance_id", Key, nullable=False),
    Column("task_id", Key),
    Column("assignment_id", Key),
    Column("actor", Key),
    Column("on_behalf_of", Key),
    Column("act", String(16), nullable=False),
    Column("opinion", Text),
    Column("detail", Json, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_approval_act_instance", "instance_id", "id"),
    Index("ix_approval_act_actor", "actor", "id"),
    Index("ix_approval_act_behalf", "on_behalf_of", "id", sqlite_where=text("on_behalf_of IS NOT NULL"),
          postgresql_where=text("on_behalf_of IS NOT NULL")),
    info=audit.APPEND_ONLY,
)  # fmt: skip
"""Append-only (APR-35); the database refuses to change it."""

copy = Table(
    "copy",
    Base.metadata,
    Column("id", Key, primary_key=True),
    Column("instance_id", Key, ForeignKey("instance.id"), nullable=False),
    Column("person_id", Key, ForeignKey("person.id"), nullable=False),
    Column("task_id", Key),
    Column("by", Key),
    Column("note", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("read_at", Moment),
    UniqueConstraint("instance_id", "person_id"),
    Index("ix_copy_person", "person_id", "id"),
)
"""抄送: never twice to one person for one instance (APR-20)."""

substitute = Table(
    "substitute",
    Base.metadata,
    Column("id", Key, primary_key=True),
    Column("person_id", Key, ForeignKey("person.id"), nullable=False, index=True),
    Column("substitute_id", Key, ForeignKey("person.id"), nullable=False, index=True),
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False),
    Column("keys", Json, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("made_by", Key),
    Column("revoked_at", Moment),
)
"""代理: `keys` are the kinds of process, none means all; both days are included (APR-08)."""

draft_answer = Table(
    "draft_answer",
    Base.metadata,
    Column("task_id", Key, ForeignKey("task.id"), primary_key=True),
    Column("person_id", Key, ForeignKey("person.id"), primary_key=True),
    Column("answer", Json, nullable=False),
    Column("saved_at", Moment, nullable=False),
)

saved_filter = Table(
    "saved_filter",
    Base.metadata,
    Column("id", Key, primary_key=True),
    Column("person_id", Key, ForeignKey("person.id"), nullable=False),
    Column("name", String(40), nullable=False),
    Column("query", String(500), nullable=False),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint("person_id", "name"),
)
"""A list that somebody looks at often; `query` is the part of its address behind the question mark (APR-33)."""

looking = Table(
    "looking",
    Base.metadata,
    Column("task_id", Key, ForeignKey("task.id"), primary_key=True),
    Column("person_id", Key, ForeignKey("person.id"), primary_key=True),
    Column("seen_at", Moment, nullable=False),
)
"""Who has a task open on their screen, as their page last said; rows grow stale within a minute."""

way_back = Table(
    "way_back",
    Base.metadata,
    Column("id", Key, primary_key=True),
    Column("instance_id", Key, ForeignKey("instance.id"), nullable=False, index=True),
    Column("from_node", String(120), nullable=False),
    Column("to_node", String(120), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("used_at", Moment),
)
"""After a DIRECT return: who answers `from_node` again goes straight back to `to_node` (APR-15)."""
