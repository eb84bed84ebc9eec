"""Incident rows: what failed and waits to be mended."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, select, update

from engine.kernel.work import Work
from engine.workflow.step import Failed
from engine.workflow.tables import incident


def settle(work: Work, instance_id: int, failures: Iterable[Failed], *, counted: int, actor: int | None) -> int:
    """Make the machine's open incidents exactly `failures`; how many stand. What is gone was resolved by `actor`."""
    wanted = {each.token: each for each in failures}
    if not wanted and not counted:
        return 0
    rows = work.connection.execute(_OPEN, {"of": instance_id}).all() if counted else []
    known = {row.token: row for row in rows if row.timer_id is None and row.task_id is None}
    gone = [{"of": known[token].id, "at": work.now, "by": actor} for token in known.keys() - wanted.keys()]
    if gone:
        work.connection.execute(_RESOLVE, gone)
    for token, each in wanted.items():
        if token in known:
            work.connection.execute(
                _AGAIN, {"of": known[token].id, **{f"new_{name}": value for name, value in _said(each).items()}}
            )
        else:
            work.connection.execute(incident.insert(), _row(work, instance_id, each))
    return len(wanted) + len(rows) - len(known)


def of_timer(work: Work, instance_id: int, timer: Any, error: Exception) -> None:
    """A timer that failed again and again waits for a person."""
    code = getattr(error, "code", "timer.failed")
    row = {"instance_id": instance_id, "token": timer.token, "node": timer.node, "name": timer.node, "code": code}
    said = {"message": str(error)[:2000], "fields": {"kind": timer.kind, "error": type(error).__name__}}
    state = {"status": "open", "timer_id": timer.id, "opened_at": work.now}
    work.connection.execute(incident.insert(), {**row, **said, **state})


def resolve(work: Work, incident_id: int, actor: int | None) -> None:
    work.connection.execute(_RESOLVE, {"of": incident_id, "at": work.now, "by": actor})


def resolve_all(work: Work, instance_id: int, actor: int | None) -> None:
    """An instance that ended has nothing to mend."""
    statement = update(incident).where(incident.c.instance_id == instance_id, incident.c.status == "open")
    work.connection.execute(statement.values(status="resolved", closed_at=work.now, closed_by=actor))


def _row(work: Work, instance_id: int, each: Failed) -> dict[str, Any]:
    row = {
        "instance_id": instance_id,
        "token": each.token,
        "node": each.node.id,
        "name": each.node.name or each.node.id,
    }
    return {**row, **_said(each), "status": "open", "timer_id": None, "task_id": None, "opened_at": work.now}


def _said(each: Failed) -> dict[str, Any]:
    return {"code": each.code, "message": each.message[:2000], "fields": dict(each.fields)}


_OPEN = select(incident.c.id, incident.c.token, incident.c.timer_id, incident.c.task_id).where(
    incident.c.instance_id == bindparam("of"), incident.c.status == "open"
)
_RESOLVE = (
    update(incident)
    .where(incident.c.id == bindparam("of"))
    .values(status="resolved", closed_at=bindparam("at"), closed_by=bindparam("by"))
)
_AGAIN = (
    update(incident)
    .where(incident.c.id == bindparam("of"))
    .values(code=bindparam("new_code"), message=bindparam("new_message"), fields=bindparam("new_fields"))
)
