"""The hourly step stays cheap: looking at many items costs as many queries as looking at a few."""

from datetime import timedelta

from engine.kernel.clock import ManualClock
from engine.letters import items
from engine.letters.drafting import copying
from engine.letters.watching import evaluating
from engine.workflow.engine import Engine
from tests.builders import counting, drafts, running
from tests.integration.people.company import Company


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


def test_ten_times_the_items_cost_no_more_queries(processes: Engine, company: Company, clock: ManualClock) -> None:
    clock.set(running.FIRST + timedelta(hours=1))
    add(processes, company, 1)
    evaluating.evaluate_due(processes)
    with counting.statements() as few:
        assert evaluating.evaluate_due(processes) == 1
    add(processes, company, 10)
    with counting.statements() as many:
        assert evaluating.evaluate_due(processes) == 11

    assert many.count <= few.count + 1
