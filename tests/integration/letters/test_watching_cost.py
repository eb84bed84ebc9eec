"""The hourly step stays cheap: looking at many items costs as many queries as looking at a few."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import event

from engine.kernel.clock import ManualClock
from engine.kernel.work import Store
from engine.letters import items
from engine.letters.drafting import copying
from engine.letters.watching import evaluating
from engine.workflow.engine import Engine
from tests.builders import drafts, running
from tests.integration.people.company import Company


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """The statements that the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(store.engine, "before_cursor_execute", note)


def add(engine: Engine, company: Company, number: int) -> None:
    with engine.start_work() as work:
        made = drafts.letter(work, company.project, period=f"2026{number:02d}"[:6])
        for nth in range(number):
            copying.add_item(
                work, made.id, running.task(company, name=f"t{nth}", starts_on=drafts.START), actor=company.li
            )
        running.in_force(work, made.id)
        assert len(items.of(work, made.id)) == number
        work.commit()


def test_ten_times_the_items_cost_no_more_queries(
    processes: Engine, company: Company, store: Store, clock: ManualClock
) -> None:
    clock.set(running.FIRST + timedelta(hours=1))
    add(processes, company, 1)
    evaluating.evaluate_due(processes)
    with counted(store) as few:
        assert evaluating.evaluate_due(processes) == 1
    add(processes, company, 10)
    with counted(store) as many:
        assert evaluating.evaluate_due(processes) == 11

    assert len(many) <= len(few) + 1
