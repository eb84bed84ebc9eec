"""REQ-009 工作台历: what is due on which day, for a person and for those who answer for units."""

import gzip
from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.kernel.clock import ManualClock
from engine.letters import deadlines, items, periods, regulations
from engine.letters import joining as letters
from engine.letters.kinds import Level
from engine.workflow import definitions
from tests.builders import counting, drafts, running
from tests.builders.site import Site
from tests.integration.webui.conftest import Person
from tests.integration.webui.test_exports import rows_of
from tests.paths import ROOT

SignIn = Callable[[str], Person]


@pytest.fixture
def task(site: Site, clock: ManualClock) -> int:
    """A task of 陈思远 due on 25 December, in a cycle whose deadlines are kept."""
    letters.join(site.engine)
    for key in ("approval", "escalation"):
        definitions.deploy(site.engine, ROOT / "processes" / key)
    with site.engine.start_work() as work:
        rules = drafts.regulation(work)
        made = running.alone(work, site.company, running.task(site.company), running.REPORT)
        parameters = regulations.view(work, rules if isinstance(rules, int) else rules.id).parameters
        month = periods.parse(Level.MONTH, "202612")
        deadlines.keep(work, month, deadlines.compute(month, parameters.cycle, site.engine.calendar(work)))
        work.commit()
    clock.set(running.FIRST + timedelta(days=9))
    return made


def day_of(page: str, day: str) -> str:
    """The part of the list about one day."""
    return page[page.index(f'id="d{day}"') :].partition("</section>")[0]


@pytest.mark.usefixtures("task")
def test_an_owner_finds_their_item_on_its_day_with_its_way_to_report(site: Site, signed_in: SignIn) -> None:
    """REQ-009."""
    page = signed_in("chen").get("/letters/deadlines?month=202612").text

    assert "主体结构封顶" in day_of(page, "2026-12-25")
    assert "/letters/progress?at=" in day_of(page, "2026-12-25")
    assert 'aria-current="date"' in page


@pytest.mark.usefixtures("task")
def test_a_head_sees_the_items_of_the_unit_and_others_do_not(site: Site, signed_in: SignIn) -> None:
    """REQ-009: the list of each role."""
    asked = "/letters/deadlines?month=202612&kind=ITEM"
    li, chen = signed_in("li"), signed_in("chen")

    mine, units, stranger = li.get(asked).text, li.get(f"{asked}&of=units").text, chen.get(f"{asked}&of=units").text

    assert "主体结构封顶" not in mine
    assert "主体结构封顶" in units
    assert "主体结构封顶" not in stranger


@pytest.mark.usefixtures("task")
def test_the_steps_of_the_cycle_stand_on_everybodys_calendar(signed_in: SignIn) -> None:
    """domain.md §5: submission of the next month's letters on the 25th of the month before."""
    page = signed_in("sun").get("/letters/deadlines?month=202611").text

    assert "周期节点" in day_of(page, "2026-11-25")
    assert "202612" in day_of(page, "2026-11-25")


@pytest.mark.usefixtures("task")
def test_a_month_that_is_none_is_this_one(signed_in: SignIn) -> None:
    page = signed_in("chen").get("/letters/deadlines?month=rubbish").text

    assert "2026-12" in page


@pytest.mark.usefixtures("task")
def test_the_calendar_is_downloaded_as_it_is_narrowed(signed_in: SignIn) -> None:
    rows = rows_of(signed_in("chen").get("/letters/deadlines.xlsx?month=202612&kind=ITEM").data)

    assert [row[2] for row in rows[1:]] == ["主体结构封顶"]


def test_more_items_cost_no_more_statements_and_the_page_stays_small(site: Site, task: int, signed_in: SignIn) -> None:
    chen = signed_in("chen")
    chen.get("/letters/deadlines?month=202612")
    with counting.statements() as few:
        chen.get("/letters/deadlines?month=202612")
    with site.engine.start_work() as work:
        letter = items.view(work, task).letter
        for number in range(12):
            running.add(work, letter, running.task(site.company, name=f"节点 {number}"), actor=site.company.li)
        work.commit()

    with counting.statements() as many:
        answer = chen.get("/letters/deadlines?month=202612")

    assert answer.text.count("节点") >= 12
    assert many.count <= few.count + 1
    assert len(gzip.compress(answer.data)) <= 15_000
