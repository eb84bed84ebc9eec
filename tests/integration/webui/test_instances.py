"""An instance as people read it: where it hangs without a click, seven tabs, values only for those who may see them."""

import gzip
import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.kernel.clock import ManualClock
from engine.people import roles
from engine.people.roles import Grant, Role
from engine.workflow import tasks
from engine.workflow.step import Answer
from tests.builders import counting
from tests.builders.site import Site
from tests.integration.webui.conftest import Person
from tests.integration.webui.test_exports import rows_of

SignIn = Callable[[str], Person]
TABS = ("history", "data", "timers", "incidents", "calls", "opinions", "outline")


@pytest.fixture
def instance(site: Site) -> str:
    """Where the page of a purchase that waits for its first review is."""
    task = site.start("purchase", "采购申请 01")
    with site.engine.start_work(reading=True) as work:
        return f"/processes/instances/{tasks.view(site.engine, work, task).instance.id}"


def part_of(page: str) -> str:
    """What the chosen tab shows."""
    return page[page.index('id="part"') :].partition("</section>")[0]


def test_where_it_hangs_is_there_without_a_click(instance: str, signed_in: SignIn) -> None:
    """ux.md §4.22: 0 clicks."""
    page = signed_in("chen").get(instance).text

    now = page[page.index("<h2>现在</h2>") :].partition("</section>")[0]
    assert "部门审核" in now
    assert "周文博" in now
    assert "催办" in page


def test_every_tab_opens_by_its_digit_and_says_why_it_is_empty(instance: str, signed_in: SignIn) -> None:
    """ux.md §4.22: keys 1–7."""
    chen = signed_in("chen")
    keys = re.findall(r'tab=(\w+)#part"[^>]*data-key="Digit(\d)"', chen.get(instance).text)

    parts = {tab: part_of(chen.get(f"{instance}?tab={tab}").text) for tab in TABS}

    assert keys == [(tab, str(nth)) for nth, tab in enumerate(TABS, start=1)]
    assert [tab for tab, part in parts.items() if len(re.sub(r"<[^>]+>|\s", "", part)) < 5] == []
    assert "该流程不调用其他流程" in parts["calls"]
    assert "没有异常" in parts["incidents"]


def test_u38_the_outline_lists_every_node_as_a_button_that_the_drawing_follows(
    instance: str, signed_in: SignIn
) -> None:
    """U38."""
    part = part_of(signed_in("chen").get(f"{instance}?tab=outline").text)

    named = re.findall(r'<button type="button" class="as-link" data-node="(\w+)">([^<]+)</button>', part)
    assert [name for _node, name in named] == ["开始", "部门审核", "总裁审批", "结束"]
    assert re.search(r'data-node="review">部门审核</button>.*?<span class="chip">', part)


def test_values_are_for_the_starter_and_overseers_names_for_all_who_take_part(site: Site, signed_in: SignIn) -> None:
    """ux.md §4.22: a missing right hides data values, not keys."""
    task = site.start("report", "十一月进展", starter="li")
    with site.engine.start_work(reading=True) as work:
        asked = f"/processes/instances/{tasks.view(site.engine, work, task).instance.id}?tab=data"

    starter, doer, auditor = (part_of(signed_in(each).get(asked).text) for each in ("li", "chen", "admin"))

    assert [part for part in (starter, doer, auditor) if "<code>president</code>" not in part] == []
    assert ["无权查看" in part for part in (starter, doer, auditor)] == [False, True, False]


def test_the_instance_page_is_small(instance: str, signed_in: SignIn) -> None:
    """ux.md §4.22: HTML ≤ 12 kB, whatever the tab."""
    chen = signed_in("chen")

    sizes = {tab: len(gzip.compress(chen.get(f"{instance}?tab={tab}").data)) for tab in TABS}

    assert {tab: size for tab, size in sizes.items() if size > 12_000} == {}


def test_the_process_list_names_version_publisher_and_duration_in_statements_that_do_not_grow(
    site: Site, instance: str, clock: ManualClock, signed_in: SignIn
) -> None:
    """ux.md §4.16: ≤ 10 kB; one answer for all processes."""
    with site.engine.start_work() as work:
        roles.grant(work, Grant(site.company.zhao, Role.PROCESS_OWNER))
        work.commit()
    task = site.start("report", "十一月进展")
    clock.move(timedelta(hours=30))
    tasks.complete_one(site.engine, task, Answer({"cause": "x"}), site.company.chen)
    zhao = signed_in("zhao")
    zhao.get("/processes/")

    with counting.statements() as sent:
        answer = zhao.get("/processes/")

    assert len(gzip.compress(answer.data)) <= 10_000
    assert sent.count <= 25, sent.texts
    row = answer.text[answer.text.index("采购申请") :].partition("</tr>")[0]
    assert "v1" in row
    assert "1.2 天" in answer.text  # thirty hours
    assert 1.25 in [row[-1] for row in rows_of(zhao.get("/processes/list.xlsx").data)]
