"""Progress, deliverables, warnings and the wall as people see them, without scripts."""

import gzip
import io
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from engine.kernel.clock import ManualClock
from engine.letters import deliverable_specs, items
from engine.letters import joining as letters
from engine.letters.tracking import updating
from engine.letters.tracking.progress import Update
from engine.letters.watching import evaluating
from engine.workflow import definitions
from tests.builders import counting, drafts, running
from tests.builders.site import Site
from tests.integration.webui.conftest import Person
from tests.paths import ROOT

SignIn = Callable[[str], Person]


@pytest.fixture
def task(site: Site, clock: ManualClock) -> int:
    """A KEY task of 陈思远, due on 25 December, on its tenth day."""
    letters.join(site.engine)
    for key in ("approval", "escalation"):
        definitions.deploy(site.engine, ROOT / "processes" / key)
    with site.engine.start_work() as work:
        drafts.regulation(work)
        document = {**running.REPORT, "reviewer_id": site.company.zhao}
        made = running.alone(work, site.company, running.task(site.company), document)
        work.commit()
    clock.set(running.FIRST + timedelta(days=9))
    return made


def lag(site: Site, task: int, percent: int = 10) -> None:
    said = Update(percent=Decimal(percent), reason="供货", measures="换供应商")
    updating.save(site.engine, task, said, site.company.chen)


def spec_of(site: Site, task: int) -> int:
    with site.engine.start_work(reading=True) as work:
        return deliverable_specs.of_item(work, task)[0].id


def test_the_sheet_lists_my_items_and_saves_what_is_on_plan(site: Site, task: int, signed_in: SignIn) -> None:
    """U23: a progress update works without scripts."""
    chen = signed_in("chen")
    assert "主体结构封顶" in chen.get("/letters/progress").text

    answer = chen.post(f"/letters/progress/{task}", {"percent": "60"}, follow_redirects=True)

    assert answer.status_code == 200
    assert "60%" in answer.text
    assert "本轮已全部填报" in answer.text


def test_what_was_said_last_stands_in_the_form_again(
    site: Site, task: int, clock: ManualClock, signed_in: SignIn
) -> None:
    """ux.md §4.7: prefilled; a reported item is opened again by its link."""
    chen = signed_in("chen")
    chen.post(f"/letters/progress/{task}", {"percent": "60", "forecast_finish": "2026-12-24"})

    opened = chen.get(f"/letters/progress?at={task}").text
    clock.move(timedelta(days=3))
    waiting = signed_in("chen").get("/letters/progress").text

    for page in (opened, waiting):
        assert 'value="60"' in page
        assert 'value="2026-12-24"' in page


def test_a_figure_that_tells_the_progress_is_not_asked_for_in_per_cent_too(
    site: Site, task: int, signed_in: SignIn
) -> None:
    with site.engine.start_work() as work:
        item = running.add(work, items.view(work, task).letter, drafts.kpi(site.company), actor=site.company.li)
        work.commit()

    page = signed_in("chen").get(f"/letters/progress?at={item}").text
    form = page[page.index(f'id="item-{item}"') :].partition("</section>")[0]

    assert 'name="actual"' in form
    assert 'name="forecast_value"' in form
    assert 'name="percent"' not in form


def test_a_forecast_names_the_level_now_and_after_and_how_often_it_was_inside(
    site: Site, task: int, signed_in: SignIn
) -> None:
    """U31: a level falls after two updates back inside; the first says 1/2 and promises nothing."""
    lag(site, task)
    chen = signed_in("chen")

    shown = chen.post(f"/letters/progress/{task}/look", {"percent": "60"}).text

    assert "lv-orange" in shown
    assert "lv-normal" not in shown
    assert "已回到范围内 1/2 次" in shown


def test_nothing_changed_is_offered_while_nothing_is_late(
    site: Site, task: int, clock: ManualClock, signed_in: SignIn
) -> None:
    """ux.md §4.7: `无变化,全部确认 N`."""
    signed_in("chen").post(f"/letters/progress/{task}", {"percent": "60"})
    clock.move(timedelta(days=3))
    chen = signed_in("chen")

    offered = chen.get("/letters/progress").text
    answer = chen.post("/letters/progress/unchanged", follow_redirects=True).text
    lag(site, task)
    refused = chen.get("/letters/progress").text

    assert "无变化，全部确认 1" in offered
    assert "本轮已全部填报" in answer
    assert "无变化，全部确认" not in refused


def test_a_drop_and_more_than_a_fifth_above_the_target_ask_whether_it_is_a_mistake(
    site: Site, task: int, signed_in: SignIn
) -> None:
    """ux.md §4.7: asked inline, and saved all the same."""
    chen = signed_in("chen")
    chen.post(f"/letters/progress/{task}", {"percent": "70"})

    asked = chen.post(f"/letters/progress/{task}/look", {"percent": "65"}).text
    saved = chen.post(f"/letters/progress/{task}", {"percent": "65"})

    assert "录入错误" in asked
    assert saved.status_code == 303


def test_the_sheet_stays_small_and_its_statements_do_not_grow_with_the_items(
    site: Site, task: int, signed_in: SignIn
) -> None:
    """ux.md §4.7: ≤ 12 kB."""
    chen = signed_in("chen")
    chen.get("/letters/progress")
    with counting.statements() as few:
        chen.get("/letters/progress")
    with site.engine.start_work() as work:
        letter = items.view(work, task).letter
        for number in range(9):
            running.add(work, letter, drafts.kpi(site.company, name=f"指标 {number}"), actor=site.company.li)
        work.commit()

    with counting.statements() as many:
        answer = chen.get("/letters/progress")

    assert answer.text.count('class="card stack report') >= 10
    assert len(gzip.compress(answer.data)) <= 12_000
    assert many.count <= few.count + 1


def test_looking_first_shows_the_level_and_asks_for_a_cause_from_yellow_on(
    site: Site, task: int, signed_in: SignIn
) -> None:
    """U31."""
    chen = signed_in("chen")

    calm = chen.post(f"/letters/progress/{task}/look", {"percent": "60"}).text
    late = chen.post(f"/letters/progress/{task}/look", {"percent": "10"}).text

    assert 'name="reason"' not in calm
    assert 'name="reason"' in late
    assert "lv-orange" in late


def test_an_update_without_its_cause_is_kept_and_asks_for_it(site: Site, task: int, signed_in: SignIn) -> None:
    answer = signed_in("chen").post(f"/letters/progress/{task}", {"percent": "10"})

    assert answer.status_code == 422
    assert 'value="10"' in answer.text
    assert 'name="reason"' in answer.text


def test_an_unknown_field_is_refused(site: Site, task: int, signed_in: SignIn) -> None:
    answer = signed_in("chen").post(f"/letters/progress/{task}", {"percent": "60", "weight": "101"})

    assert answer.status_code == 422


def test_strangers_do_not_find_an_item(site: Site, task: int, signed_in: SignIn) -> None:
    wang = signed_in("wang")
    roles_see = wang.get(f"/letters/items/{task}/deliverables").status_code
    answer = wang.post(f"/letters/progress/{task}", {"percent": "60"})

    assert roles_see == 200  # the committee sees every letter
    assert answer.status_code == 403


def test_a_deliverable_is_handed_in_and_judged_on_its_page(site: Site, task: int, signed_in: SignIn) -> None:
    """REQ-105."""
    address, spec = f"/letters/items/{task}/deliverables", spec_of(site, task)
    sent = {"files": (io.BytesIO(b"%PDF-1.7 x"), "报告.pdf"), "note": "终稿"}
    chen, zhao = signed_in("chen"), signed_in("zhao")

    shown = chen.post(f"{address}/{spec}", sent, content_type="multipart/form-data", follow_redirects=True).text
    judged = zhao.post(f"/letters/items/{task}/submissions/1", {"result": "PASS"}, follow_redirects=True).text

    assert "报告.pdf" in shown
    assert "100.00" in shown
    assert "st-good" in judged


def test_a_file_that_is_not_what_it_says_is_named(site: Site, task: int, signed_in: SignIn) -> None:
    """U35."""
    sent = {"files": (io.BytesIO(b"MZ program"), "report.pdf")}
    address = f"/letters/items/{task}/deliverables/{spec_of(site, task)}"

    answer = signed_in("chen").post(address, sent, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert "report.pdf" in answer.text


def test_warnings_are_listed_with_their_order_and_open_a_page(site: Site, task: int, signed_in: SignIn) -> None:
    lag(site, task)
    zhao = signed_in("zhao")

    listed = zhao.get("/warnings").text
    page = zhao.get("/warnings/1").text

    assert "lv-orange" in listed
    assert "DB-2026-0001" in listed
    assert "供货" in page or "李建国" in page
    assert zhao.get("/orders/1").status_code == 200


def test_the_owner_notes_that_a_warning_was_seen(site: Site, task: int, signed_in: SignIn) -> None:
    lag(site, task)

    answer = signed_in("chen").post("/warnings/1/seen", follow_redirects=True)

    assert answer.status_code == 200


def test_the_wall_shows_every_unit_as_tiles_and_as_a_table(site: Site, task: int, signed_in: SignIn) -> None:
    lag(site, task)
    president = signed_in("president")

    wall, table = president.get("/status").text, president.get("/status?as=table").text

    assert wall.index("城东项目部") < wall.index("成本中心")
    assert "<table" in table
    assert president.get("/status?period=rubbish").status_code == 200


def test_ops_issues_an_order_that_its_receiver_signs_and_ops_closes(site: Site, task: int, signed_in: SignIn) -> None:
    """REQ-034, REQ-035."""
    zhao, chen = signed_in("zhao"), signed_in("chen")
    asked = {
        "kind": "SUPERVISE",
        "org": str(site.company.project),
        "receiver": "T003",
        "content": "补齐资料",
        "due": "2026-12-20",
    }
    made = zhao.post("/orders/new", asked)
    assert made.status_code == 303

    assert 'formaction="/orders/1/sign"' in chen.get("/orders/1").text
    assert chen.post("/orders/1/sign", {"note": ""}).status_code == 303
    assert chen.post("/orders/1/report", {"note": "已补齐"}).status_code == 303
    assert chen.post("/orders/1/close", {"note": ""}).status_code == 403
    assert zhao.post("/orders/1/close", {"note": "核实"}).status_code == 303


def test_employees_do_not_find_the_page_for_issuing_orders(site: Site, task: int, signed_in: SignIn) -> None:
    assert signed_in("chen").get("/orders/new").status_code == 404


def test_the_home_page_shows_my_items_and_the_groups_figures(site: Site, task: int, signed_in: SignIn) -> None:
    evaluating.evaluate_due(site.engine)

    assert "主体结构封顶" in signed_in("chen").get("/").text
    assert "/status" in signed_in("president").get("/").text
