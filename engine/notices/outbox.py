"""The outbox: what leaves the house, written beside the change, delivered later, at least once, under a stable key."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Column, Index, Integer, String, Table, Text, bindparam, delete, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.jobs.runner import Jobs
from engine.kernel.database import Base, Json, Key, Moment
from engine.kernel.errors import LetterflowError, NotFound
from engine.kernel.work import StartWork, Work

outbox = Table(
    "outbox",
    Base.metadata,
    Column("id", Key, primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("channel", String(40), nullable=False),
    Column("recipient", String(300), nullable=False),
    Column("payload", Json, nullable=False),
    Column("state", String(12), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("error", Text),
    Index(
        "ix_outbox_due", "due_at", sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'")
    ),
)
"""`state`: `waiting` for its next try, `sent`, `dead` after the last one."""

DELIVER = "outbox.deliver"
"""Name of the job that delivers one row."""

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))
"""How long to wait after each failed try; after the last one a row is dead until somebody sends it again."""


@dataclass(frozen=True)
class Parcel:
    """What a sender gets; `key` stays the same however often it is tried (Message-ID, Idempotency-Key)."""

    key: str
    recipient: str
    payload: Mapping[str, Any]


class Sender(Protocol):
    """Delivers parcels of one channel. Raises Unavailable when the other side does not answer."""

    def __call__(self, parcel: Parcel) -> None: ...


def put(  # noqa: PLR0913  (what, whereto, to whom, when: all of it makes a parcel)
    work: Work,
    *,
    key: str,
    channel: str,
    recipient: str,
    payload: Mapping[str, Any],
    not_before: datetime | None = None,
) -> bool:
    """Have something delivered once `work` commits, or at `not_before`; False when this key was put before."""
    insert = postgresql.insert if work.connection.dialect.name == "postgresql" else sqlite.insert
    row = {"key": key, "channel": channel, "recipient": recipient, "payload": dict(payload), "state": "waiting"}
    statement = insert(outbox).values(**row, due_at=not_before or work.now, created_at=work.now)
    fresh = statement.on_conflict_do_nothing(index_elements=["key"]).returning(outbox.c.id)
    return work.connection.execute(fresh).first() is not None


def sweep(start_work: StartWork, jobs: Jobs, *, limit: int = 50) -> int:
    """Hand what is due to workers; how many. With a durable queue they step back for a minute, so that one has them."""
    with start_work(reading=not jobs.durable) as work:
        due = select(outbox.c.id).where(outbox.c.state == "waiting", outbox.c.due_at <= work.now)
        query = due.order_by(outbox.c.due_at, outbox.c.id).limit(limit).with_for_update(skip_locked=True)
        found = list(work.connection.execute(query).scalars())
        if jobs.durable and found:
            work.connection.execute(_STEP_BACK, [{"of": each, "at": work.now + PAUSES[0]} for each in found])
        for each in found:
            jobs.enqueue(work, DELIVER, {"outbox_id": each})
        work.commit()
    return len(found)


def deliver(start_work: StartWork, senders: Mapping[str, Sender], outbox_id: int) -> bool:
    """Send one parcel; whether it arrived. Sending happens outside of any transaction, so it may happen twice."""
    with start_work(reading=True) as work:
        row = work.connection.execute(select(outbox).where(outbox.c.id == outbox_id)).first()
    if row is None or row.state != "waiting":
        return False
    sender = senders.get(row.channel)
    try:
        if sender is None:
            raise NotFound("outbox.channel", f"no channel '{row.channel}' is set up here", channel=row.channel)
        sender(Parcel(row.key, row.recipient, row.payload))
    except LetterflowError as error:
        _failed(start_work, row, error)
        return False
    with start_work() as work:
        sent = update(outbox).where(outbox.c.id == outbox_id)
        work.connection.execute(sent.values(state="sent", sent_at=work.now, error=None))
        work.commit()
    return True


def resend(start_work: StartWork, outbox_id: int) -> None:
    """Try a dead parcel again from the start. Raises NotFound `outbox.unknown`."""
    with start_work() as work:
        again = update(outbox).where(outbox.c.id == outbox_id, outbox.c.state == "dead")
        if not work.connection.execute(again.values(state="waiting", attempts=0, due_at=work.now)).rowcount:
            raise NotFound("outbox.unknown", f"there is no dead parcel {outbox_id}", id=outbox_id)
        work.commit()


def dead(work: Work) -> int:
    """How many parcels were given up."""
    return int(work.connection.execute(select(func.count()).where(outbox.c.state == "dead")).scalar_one())


def purge(start_work: StartWork, *, older_than: timedelta = timedelta(days=30)) -> int:
    """Forget what was sent long ago; how many."""
    with start_work() as work:
        old = delete(outbox).where(outbox.c.state == "sent", outbox.c.sent_at < work.now - older_than)
        count = work.connection.execute(old).rowcount
        work.commit()
    return int(count)


def _failed(start_work: StartWork, row: Any, error: LetterflowError) -> None:
    with start_work() as work:
        tried = row.attempts + 1
        dead = tried > len(PAUSES)
        due: datetime = work.now if dead else work.now + PAUSES[tried - 1]
        values = {
            "attempts": tried,
            "due_at": due,
            "state": "dead" if dead else "waiting",
            "error": error.message[:2000],
        }
        work.connection.execute(update(outbox).where(outbox.c.id == row.id).values(**values))
        work.commit()


_STEP_BACK = update(outbox).where(outbox.c.id == bindparam("of")).values(due_at=bindparam("at"))
