"""Fills a database with copies of one real instance, in a few statements: what years of use leave behind."""

from collections.abc import Mapping

from sqlalchemy import Table, func, select, text

from benchmarks.company import Company
from engine.approvals.tables import approval_act, assignment
from engine.kernel.audit import audit_head, history
from engine.kernel.work import Work
from engine.workflow.tables import instance, instance_state, task, timer

_NUMBERED = (instance, instance_state, task, timer, assignment, approval_act)
_POINTS_AT = {"instance_id": instance, "task_id": task, "assignment_id": assignment}


def copy(place: Company, instance_id: int, count: int, *, mine_every: int = 1) -> None:
    """`count` copies of the instance that was played last, with everything that belongs to it.

    Every `mine_every`-th belongs to the approver of the benchmark, the others to somebody else.
    """
    with place.engine.start_work() as work:
        steps = {table: _step(work, table, instance_id) for table in _NUMBERED if "id" in table.c}
        for table in _NUMBERED:
            persons = {"person_id": f"CASE WHEN n.k % {mine_every} = 0 THEN person_id ELSE {place.starter} END"}
            _copy(work, table, {**_moved(table, steps), **(persons if mine_every > 1 else {})}, instance_id, count)
        _copy_history(work, steps[instance], instance_id, count)
        _count_on(work)
        work.commit()
    if place.database.dialect.name == "postgresql":  # as its own housekeeping does before long
        with place.database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _step(work: Work, table: Table, instance_id: int) -> tuple[int, int]:
    """How far the first copy's numbers are from the original's, and how far each further copy's from the last."""
    own = table.c.id == instance_id if table is instance else table.c.instance_id == instance_id
    low, high = work.connection.execute(select(func.min(table.c.id), func.max(table.c.id)).where(own)).one()
    top = work.connection.execute(select(func.max(table.c.id))).scalar() or 0
    return (0, 0) if low is None else (top - low + 1, high - low + 1)


def _moved(table: Table, steps: Mapping[Table, tuple[int, int]]) -> dict[str, str]:
    """SQL for the columns that are numbers of rows."""
    points = {name: target for name, target in _POINTS_AT.items() if name in table.c}
    numbers = {**points, **({"id": table} if "id" in table.c else {})}
    return {name: f"o.{name} + {steps[of][0]} + (n.k - 1) * {steps[of][1]}" for name, of in numbers.items()}


def _copy(work: Work, table: Table, changed: Mapping[str, str], instance_id: int, count: int) -> None:
    own = "id" if table is instance else "instance_id"
    _insert(work, table, changed, f"o.{own} = {instance_id}", count)


def _copy_history(work: Work, step: tuple[int, int], instance_id: int, count: int) -> None:
    stream = f"'instance:' || ({instance_id} + {step[0]} + (n.k - 1) * {step[1]})"
    for table in (history, audit_head):
        _insert(work, table, {"stream": stream, "id": ""}, f"o.stream = 'instance:{instance_id}'", count)


def _insert(work: Work, table: Table, changed: Mapping[str, str], where: str, count: int) -> None:
    columns = [column.name for column in table.c if changed.get(column.name) != ""]
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(changed.get(name, f'o."{name}"') for name in columns)
    numbers = f"WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < {count})"
    rows = f'SELECT {values} FROM n CROSS JOIN "{table.name}" o WHERE {where}'
    work.connection.execute(text(f'{numbers} INSERT INTO "{table.name}" ({names}) {rows}'))


def _count_on(work: Work) -> None:
    """PostgreSQL counts rows up by itself, and has to be told how far it has come."""
    if work.connection.dialect.name == "postgresql":
        for table in (each for each in _NUMBERED if "id" in each.c):
            work.connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), (SELECT max(id) FROM {table.name}))")
            )
