"""Rows of who waits for which message or signal, and the messages that wait for somebody."""

from collections.abc import Iterable

from sqlalchemy import and_, bindparam, delete, exists, or_, select

from engine.kernel.work import Work
from engine.workflow.step import Thrown, Waiting
from engine.workflow.tables import instance, message, message_wait


def settle(work: Work, instance_id: int, waits: Iterable[Waiting], *, counted: int) -> list[int]:
    """Make the waits of an instance exactly `waits`; ids of kept messages that one of the new ones waits for."""
    wanted = {(each.token, each.kind, each.name, each.key): each for each in waits}
    if not wanted and not counted:
        return []
    rows = work.connection.execute(_OF, {"of": instance_id}).all() if counted else []
    known = {(row.token, row.kind, row.name, row.key): row.id for row in rows}
    gone = [{"of": known[each]} for each in known.keys() - wanted.keys()]
    if gone:
        work.connection.execute(_DELETE, gone)
    fresh = [wanted[each] for each in wanted if each not in known]
    if fresh:
        work.connection.execute(message_wait.insert(), [_row(instance_id, each) for each in fresh])
    return [kept for each in fresh if each.kind == "message" for kept in kept_for(work, each.name, each.key)]


def kept_for(work: Work, name: str, key: str | None) -> list[int]:
    """Messages that were sent before anybody waited, oldest first; key None takes any."""
    query = select(message.c.id).where(message.c.state == "kept", message.c.name == name).order_by(message.c.id)
    if key is not None:
        query = query.where(or_(message.c.key == key, message.c.key.is_(None)))
    return list(work.connection.execute(query.limit(20)).scalars())


def kept_for_instance(work: Work, instance_id: int) -> list[int]:
    """Messages that were kept while the instance could not take them."""
    rows = work.connection.execute(_OF, {"of": instance_id}).all()
    return [kept for row in rows if row.kind == "message" for kept in kept_for(work, row.name, row.key)]


def overdue(work: Work, *, limit: int) -> list[int]:
    """Messages whose delivery was lost with a process, or that were kept at the moment somebody began to wait."""
    same_key = or_(message_wait.c.key.is_(None), message.c.key.is_(None), message_wait.c.key == message.c.key)
    awaited = exists().where(
        message_wait.c.kind == "message",
        message_wait.c.name == message.c.name,
        same_key,
        instance.c.id == message_wait.c.instance_id,
        instance.c.status == "running",
    )
    lost = or_(message.c.state == "pending", and_(message.c.state == "kept", awaited))
    query = select(message.c.id).where(message.c.state != "delivered", lost).order_by(message.c.id).limit(limit)
    return list(work.connection.execute(query).scalars())


def clear(work: Work, instance_id: int) -> None:
    """An instance that ended waits for nobody."""
    work.connection.execute(delete(message_wait).where(message_wait.c.instance_id == instance_id))


def keep(work: Work, thrown: Thrown, state: str) -> int:
    """Write a message down as `pending` or `kept`; its id."""
    values = {"kind": thrown.kind, "name": thrown.name, "key": thrown.key, "payload": dict(thrown.data)}
    made = message.insert().returning(message.c.id)
    message_id: int = work.connection.execute(made, {**values, "sent_at": work.now, "state": state}).scalar_one()
    return message_id


def _row(instance_id: int, each: Waiting) -> dict[str, object]:
    row = {"instance_id": instance_id, "token": each.token, "node": each.node.id}
    return {**row, "kind": each.kind, "name": each.name, "key": each.key}


_OF = select(message_wait).where(message_wait.c.instance_id == bindparam("of"))
_DELETE = delete(message_wait).where(message_wait.c.id == bindparam("of"))
