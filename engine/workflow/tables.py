"""The rows of the workflow engine: definitions, instances and where they stand, tasks, timers, incidents, messages."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from engine.kernel.database import Base, Json, Key, Moment

definition = Table(
    "definition",
    Base.metadata,
    Column("id", Key, primary_key=True),
    Column("key", String(120), nullable=False),
    Column("version", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("status", String(16), nullable=False),
    Column("calls", Json, nullable=False),
    Column("watches", Boolean, nullable=False, server_default=false()),
    Column("deployed_at", Moment, nullable=False),
    Column("deployed_by", Key),
    UniqueConstraint("key", "version"),
    UniqueConstraint("key", "sha256"),
    Index(
        "uq_definition_active",
        "key",
        unique=True,
        sqlite_where=text("status = 'active'"),
        postgresql_where=text("status = 'active'"),
    ),
)

"""`watches` says that conditions in it look at the clock: its instances are looked at again as time goes on."""

definition_file = Table(
    "definition_file",
    Base.metadata,
    Column("definition_id", Key, ForeignKey("definition.id"), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

instance = Table(
    "instance",
    Base.metadata,
    Column("id", Key, primary_key=True),
    Column("definition_id", Key, ForeignKey("definition.id"), nullable=False),
    Column("key", String(120), nullable=False),
    Column("pins", Json, nullable=False),
    Column("business_key", String(120)),
    Column("title", String(300), nullable=False),
    Column("subject", String(120)),
    Column("starter", Key),
    Column("status", String(16), nullable=False),
    Column("priority", Integer, nullable=False, server_default="50"),
    Column("armed", Integer, nullable=False, server_default="0"),
    Column("awaited", Integer, nullable=False, server_default="0"),
    Column("failed", Integer, nullable=False, server_default="0"),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index("ix_instance_starter", "starter", "status", "id"),
    Index("ix_instance_status", "status", "key", "id"),
    Index("ix_instance_business_key", "business_key"),
    Index("ix_instance_subject", "subject"),
    Index(
        "ix_instance_living",
        "definition_id",
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)
"""`armed`, `awaited`, `failed` count machine timers, message waits and incidents: what is 0 a step need not read."""

instance_state = Table(
    "instance_state",
    Base.metadata,
    Column("instance_id", Key, ForeignKey("instance.id"), primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("state", LargeBinary, nullable=False),
)

task = Table(
    "task",
    Base.metadata,
    Column("id", Key, primary_key=True),
    Column("instance_id", Key, ForeignKey("instance.id"), nullable=False),
    Column("token", String(40), nullable=False),
    Column("node", String(120), nullable=False),
    Column("name", String(200), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("form", String(120)),
    Column("page", String(120)),
    Column("topic", String(120)),
    Column("options", Json, nullable=False),
    Column("index", Integer),
    Column("priority", Integer, nullable=False, server_default="50"),
    Column("status", String(16), nullable=False),
    Column("due_at", Moment),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("closed_by", Key),
    Index("ix_task_instance", "instance_id", "status"),
    Index(
        "ix_task_topic",
        "topic",
        "status",
        sqlite_where=text("topic IS NOT NULL"),
        postgresql_where=text("topic IS NOT NULL"),
    ),
)

timer = Table(
    "timer",
    Base.metadata,
    Column("id", Key, primary_key=True),
    Column("instance_id", Key, ForeignKey("instance.id"), nullable=False),
    Column("task_id", Key, ForeignKey("task.id")),
    Column("token", String(40), nullable=False),
    Column("node", String(120), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("state", String(12), nullable=False),
    Column("queued_at", Moment),
    Column("fired_at", Moment),
    Column("attempts", Integer, nullable=False, server_default="0"),
    UniqueConstraint("instance_id", "token", "kind", "seq"),
    Index("ix_timer_due", "due_at", sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'")),
    Index(
        "ix_timer_queued", "queued_at", sqlite_where=text("state = 'queued'"), postgresql_where=text("state = 'queued'")
    ),
)

incident = Table(
    "incident",
    Base.metadata,
    Column("id", Key, primary_key=True),
    Column("instance_id", Key, ForeignKey("instance.id"), nullable=False),
    Column("token", String(40), nullable=False),
    Column("node", String(120), nullable=False),
    Column("name", String(200), nullable=False),
    Column("code", String(120), nullable=False),
    Column("message", Text, nullable=False),
    Column("fields", Json, nullable=False),
    Column("status", String(12), nullable=False),
    Column("timer_id", Key, ForeignKey("timer.id")),
    Column("task_id", Key, ForeignKey("task.id")),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("closed_by", Key),
    Index(
        "ix_incident_open",
        "instance_id",
        sqlite_where=text("status = 'open'"),
        postgresql_where=text("status = 'open'"),
    ),
)

message_wait = Table(
    "message_wait",
    Base.metadata,
    Column("id", Key, primary_key=True),
    Column("instance_id", Key, ForeignKey("instance.id"), nullable=False),
    Column("token", String(40), nullable=False),
    Column("node", String(120), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("name", String(120), nullable=False),
    Column("key", String(200)),
    Index("ix_message_wait_name", "kind", "name", "key"),
    Index("ix_message_wait_instance", "instance_id"),
)

message = Table(
    "message",
    Base.metadata,
    Column("id", Key, primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("name", String(120), nullable=False),
    Column("key", String(200)),
    Column("payload", Json, nullable=False),
    Column("sent_at", Moment, nullable=False),
    Column("state", String(12), nullable=False),
    Column("instance_id", Key, ForeignKey("instance.id")),
    Index(
        "ix_message_kept",
        "name",
        "key",
        sqlite_where=text("state <> 'delivered'"),
        postgresql_where=text("state <> 'delivered'"),
    ),
)
"""`state`: `pending` waits for its delivery, `kept` waits until somebody waits for it, `delivered` is done."""

start_event = Table(
    "start_event",
    Base.metadata,
    Column("id", Key, primary_key=True),
    Column("definition_id", Key, ForeignKey("definition.id"), nullable=False),
    Column("key", String(120), nullable=False),
    Column("node", String(120), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("name", String(120)),
    Column("schedule", Json, nullable=False),
    Column("seq", Integer, nullable=False, server_default="0"),
    Column("due_at", Moment),
    Column("attempts", Integer, nullable=False, server_default="0"),
    UniqueConstraint("definition_id", "node", "number"),
    Index("ix_start_event_key", "key"),
    Index("ix_start_event_name", "kind", "name"),
    Index("ix_start_event_due", "due_at", sqlite_where=text("due_at IS NOT NULL"),
          postgresql_where=text("due_at IS NOT NULL")),
)  # fmt: skip
"""What begins instances of the active versions: timers with the moment of the next one, messages, signals."""
