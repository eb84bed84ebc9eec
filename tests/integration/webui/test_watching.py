"""The wall and the warnings as those who intervene use them: tiles, reds with cause and measure, acts, live numbers."""

import gzip
import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from engine.kernel import audit
from engine.kernel.clock import ManualClock
from engine.letters import items
from engine.letters import joining as letters
from engine.letters.letters import stream
from engine.letters.tracking import updating
from engine.letters.tracking.progress import Update
from engine.letters.watching import topics
from engine.people import orgs
from engine.people.orgs import NewOrg
from engine.workflow import definitions
from tests.builders import counting, drafts, running
from tests.builders.site import Site
from tests.integration.webui.conftest import Person
from tests.paths import ROOT

SignIn = Callable[[str], Person]


@pytest.fixture
def task(site: Site, clock: ManualClock) -> int:
    """A KEY task of 陈思远 that is far behind plan: its warning is orange, with a supervision order."""
    letters.join(site.engine)
    for key in ("approval", "escalation"):
        definitions.deploy(site.engine, ROOT / "processes" / key)
    with site.engine.start_work() as work:
        drafts.regulation(work)
        made = running.alone(work, site.company, running.task(site.company), running.REPORT)
        work.commit()
    clock.set(running.FIRST + timedelta(days=9))
    said = Update(percent=Decimal(5), reason="供货", measures="换供应商")
    updating.save(site.engine, made, said, site.company.chen)
    return made


def line_of(page: str, warning: int = 1) -> str:
    """The part of a list about one warning."""
    return page[page.index(f'id="warning-{warning}"') :].partition("</li>")[0]


@pytest.mark.usefixtures("task")
def test_a_tile_leads_to_the_warnings_of_its_unit_and_the_digits_to_levels(site: Site, signed_in: SignIn) -> None:
    """ux.md §4.13: red → cause 1 click; keys 1–4."""
    zhao, org = signed_in("zhao"), site.company.project

    wall = zhao.get("/status").text
    of_unit = zhao.get(f"/warnings?org={org}").text
    elsewhere = zhao.get(f"/warnings?org={site.company.finance}").text
    orange = zhao.get("/warnings?level=ORANGE").text

    assert f'href="/warnings?org={org}"' in wall
    assert "换供应商" in line_of(of_unit)
    assert "warning-1" not in elsewhere
    assert re.findall(r'data-key="(Digit\d)"', orange) == ["Digit1", "Digit2", "Digit3", "Digit4"]
    assert re.search(r'href="/warnings"[^>]*aria-current="page" data-key="Digit2"', orange), "pressed again: all levels"


@pytest.mark.usefixtures("task")
def test_the_wall_and_its_table_say_the_same(site: Site, signed_in: SignIn) -> None:
    """U39: every chart has a text and a table with the same numbers."""
    zhao = signed_in("zhao")

    wall, table = zhao.get("/status").text, zhao.get("/status?as=table").text

    names = [org.name for org in _graded(site)]
    assert [name for name in names if name not in wall or name not in table] == []
    assert wall.index("城东项目部") == min(wall.index(name) for name in names), "the worst first"
    assert '<th scope="col">趋势' in table


def test_ops_puts_a_warning_on_the_agenda_and_has_the_next_one_answer(site: Site, task: int, signed_in: SignIn) -> None:
    """ux.md §4.13: 上会, 升级; REQ-035."""
    zhao = signed_in("zhao")

    zhao.post("/warnings/1/agenda?from=list")
    without = zhao.post("/warnings/1/escalate?from=list", {"reason": ""})
    told = zhao.post("/warnings/1/escalate?from=list", {"reason": "两次未答"}, follow_redirects=True).text

    with site.engine.start_work(reading=True) as work:
        assert [topic.warning for topic in topics.waiting(work)] == [1]
        acts = [entry.act for entry in audit.of(work, stream(items.view(work, task).letter))]
    assert "已列入议题" in line_of(told)
    assert without.status_code == 422
    assert "李建国" in told[told.index("last-act") :].partition("</div>")[0]
    assert {"warning.agenda", "warning.climbed"} <= set(acts)


@pytest.mark.usefixtures("task")
def test_nobody_but_ops_escalates_or_sets_the_agenda(signed_in: SignIn) -> None:
    chen = signed_in("chen")

    assert chen.post("/warnings/1/agenda").status_code == 404
    assert chen.post("/warnings/1/escalate", {"reason": "x"}).status_code == 404
    assert "上会" not in chen.get("/warnings").text


@pytest.mark.usefixtures("task")
def test_an_order_from_a_warning_is_filled_in_already(signed_in: SignIn) -> None:
    """ux.md §4.13: 督办 begins with who answers, about what, until when."""
    page = signed_in("zhao").get("/orders/new?warning=1").text

    assert "主体结构封顶" in page
    assert 'name="warning" value="1"' in page
    assert re.search(r'name="receiver"[^>]*value="T\d+"', page)


def test_the_live_wall_answers_204_until_something_changed(site: Site, task: int, signed_in: SignIn) -> None:
    """U21: an unchanged poll swaps nothing."""
    zhao = signed_in("zhao")
    address = re.search(r'hx-get="(/status/live[^"]+)"', zhao.get("/status").text)
    assert address
    asked = address[1].replace("&amp;", "&")

    calm = zhao.get(asked)
    updating.save(site.engine, task, Update(percent=Decimal(60)), site.company.chen)
    updating.save(site.engine, task, Update(percent=Decimal(61)), site.company.chen)
    changed = zhao.get(asked)

    assert (calm.status_code, calm.data) == (204, b"")
    assert changed.status_code == 200
    assert 'hx-swap-oob="true"' in changed.text


@pytest.mark.usefixtures("task")
def test_the_wall_of_fourteen_units_is_small_and_asks_no_more_for_more_of_them(site: Site, signed_in: SignIn) -> None:
    """ux.md §4.13: 14 orgs ≤ 10 kB; statements do not depend on how many units there are."""
    zhao = signed_in("zhao")
    zhao.get("/status")
    with counting.statements() as few:
        zhao.get("/status")
    with site.engine.start_work() as work:
        for number in range(14 - len(_graded(site))):
            orgs.add(work, NewOrg(code=f"P{number}", name=f"项目 {number}", type=orgs.OrgType.PROJECT, parent=1))
        work.commit()

    with counting.statements() as many:
        answer = zhao.get("/status")

    assert answer.text.count('class="tile"') == 14
    assert len(gzip.compress(answer.data)) <= 10_000
    assert many.count <= few.count


def test_the_list_of_warnings_asks_no_more_for_more_of_them(site: Site, task: int, signed_in: SignIn) -> None:
    zhao = signed_in("zhao")
    zhao.get("/warnings")
    with counting.statements() as few:
        zhao.get("/warnings")
    with site.engine.start_work() as work:
        letter = items.view(work, task).letter
        more = [
            running.add(work, letter, running.task(site.company, name=f"节点 {nth}"), actor=site.company.li)
            for nth in range(5)
        ]
        work.commit()
    for item in more:
        said = Update(percent=Decimal(5), reason="人手", measures="加班")
        updating.save(site.engine, item, said, site.company.chen)

    with counting.statements() as many:
        page = zhao.get("/warnings").text

    assert page.count('class="warning-line"') == 6
    assert many.count <= few.count + 1


def _graded(site: Site) -> list[orgs.OrgView]:
    kinds = (orgs.OrgType.SUBSIDIARY, orgs.OrgType.CENTER, orgs.OrgType.DEPT, orgs.OrgType.PROJECT)
    with site.engine.start_work(reading=True) as work:
        return [org for org in orgs.tree(work) if org.type in kinds]
