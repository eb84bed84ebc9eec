"""programs fetch work"""

import sqlalchemy as sa
from alembic import op

import engine.kernel.database

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OF_OPEN_TASKS = """
INSERT INTO work_item (task_id, instance_id, topic, state, ready_at, tries, failures)
SELECT id, instance_id, topic, 'open', opened_at, 3, 0 FROM task WHERE status = 'open' AND topic IS NOT NULL
"""


def upgrade() -> None:
    """Work for programs, of tasks that are open already too; incidents of it."""
    op.create_table(
        "work_item",
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("instance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("topic", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("ready_at", engine.kernel.database.Moment(timezone=True), nullable=False),
        sa.Column("worker", sa.String(length=120), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_work_item_instance_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_work_item_task_id")),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_work_item")),
    )
    with op.batch_alter_table("work_item", schema=None) as batch_op:
        batch_op.create_index(
            "ix_work_item_ready",
            ["topic", "ready_at"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.execute(OF_OPEN_TASKS)
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.add_column(sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_incident_task_id"), "task", ["task_id"], ["id"])
