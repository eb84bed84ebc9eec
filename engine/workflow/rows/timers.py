"""Timer rows: what the machine armed, and the moments of tasks' limits."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.kernel.work import Work
from engine.workflow.limits import Limit
from engine.workflow.step import ArmedTimer
from engine.workflow.tables import timer

ARMED = ("waiting", "queued", "held", "failed")
"""States of a timer that has not taken effect yet; `held` ones wait for their instance to be resumed."""

Place = tuple[str, str, int]


def settle(work: Work, instance_id: int, armed: Iterable[ArmedTimer], *, counted: int) -> list[datetime]:
    """Make the machine's timers of an instance exactly `armed`; `counted` stood before. The moments that are new."""
    wanted = {_place(each): each for each in armed}
    if not wanted and not counted:
        return []
    rows = work.connection.execute(_OF_MACHINE, {"of": instance_id}).all() if counted else []
    known = {(row.token, row.kind, row.seq): row for row in rows}
    gone = [known[place].id for place in known.keys() - wanted.keys()]
    moved = [place for place in known.keys() & wanted.keys() if known[place].due_at != wanted[place].due]
    fresh = [place for place in wanted if place not in known]
    if gone:
        work.connection.execute(_CANCEL, [{"of": each} for each in gone])
    if moved:
        work.connection.execute(_MOVE, [{"of": known[place].id, "due": wanted[place].due} for place in moved])
    insert(work, [_row(instance_id, wanted[place]) for place in fresh])
    return [wanted[place].due for place in (*fresh, *moved)]


def of_limit(instance_id: int, task_id: int, node: str, limit: Limit) -> list[dict[str, Any]]:
    """The rows of a task's limit, numbered by kind."""
    count: dict[str, int] = {}
    rows = []
    for alarm in limit.alarms:
        seq = count.get(alarm.kind, 0)
        count[alarm.kind] = seq + 1
        row = {"instance_id": instance_id, "task_id": task_id, "token": f"task:{task_id}", "node": node}
        rows.append({**row, "kind": alarm.kind, "seq": seq, "due_at": alarm.due, "state": "waiting"})
    return rows


def insert(work: Work, rows: Sequence[Mapping[str, Any]]) -> None:
    """Arm timers; one that stood at the same place before (fired, cancelled) is armed anew."""
    if rows:
        arm = _ARM_POSTGRESQL if work.connection.dialect.name == "postgresql" else _ARM_SQLITE
        work.connection.execute(arm, list(rows))


def cancel_of_tasks(work: Work, task_ids: Iterable[int]) -> None:
    """The limits of tasks that ended are void."""
    work.connection.execute(_CANCEL_OF_TASKS, {"of": list(task_ids)})


def cancel_all(work: Work, instance_id: int) -> None:
    """An instance that ended waits for no moment."""
    statement = update(timer).where(timer.c.instance_id == instance_id, timer.c.state.in_(ARMED))
    work.connection.execute(statement.values(state="cancelled"))


def _place(each: ArmedTimer) -> Place:
    return (each.token, each.kind, each.seq)


def _row(instance_id: int, each: ArmedTimer) -> dict[str, Any]:
    row = {"instance_id": instance_id, "task_id": None, "token": each.token, "node": each.node.id}
    return {**row, "kind": each.kind, "seq": each.seq, "due_at": each.due, "state": "waiting"}


_OF_MACHINE = select(timer.c.id, timer.c.token, timer.c.kind, timer.c.seq, timer.c.due_at).where(
    timer.c.instance_id == bindparam("of"), timer.c.task_id.is_(None), timer.c.state.in_(ARMED)
)
_CANCEL = update(timer).where(timer.c.id == bindparam("of")).values(state="cancelled")
_MOVE = update(timer).where(timer.c.id == bindparam("of")).values(due_at=bindparam("due"), state="waiting")
_CANCEL_OF_TASKS = (
    update(timer)
    .where(timer.c.task_id.in_(bindparam("of", expanding=True)), timer.c.state.in_(ARMED))
    .values(state="cancelled")
)


def _arm(insert: Any) -> Any:
    statement = insert(timer)
    anew = {"due_at": statement.excluded.due_at, "state": "waiting", "queued_at": None, "fired_at": None, "attempts": 0}
    return statement.on_conflict_do_update(index_elements=["instance_id", "token", "kind", "seq"], set_=anew)


_ARM_POSTGRESQL = _arm(postgresql.insert)
_ARM_SQLITE = _arm(sqlite.insert)
