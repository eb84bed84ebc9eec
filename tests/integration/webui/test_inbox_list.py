"""The inbox as a page: how much it weighs, what it asks the database, its tabs, filters and workbook (`ux.md` §4.3)."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import python_calamine
from sqlalchemy import Engine as Database
from sqlalchemy import event, update

from engine.approvals import drafts
from engine.approvals.tables import assignment
from tests.builders.site import Site
from tests.integration.webui.conftest import Person

SignIn = Callable[[str], Person]
ROW = re.compile(r"<li id=task-(\d+)")
BYTES_OF_FIFTY_ROWS = 15_000


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """What is asked of the database while the test runs."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(Database, "before_cursor_execute", note)
    yield seen
    event.remove(Database, "before_cursor_execute", note)


def fill(site: Site, number: int) -> None:
    """Tasks with titles as long as letters have them, each with a limit, some late."""
    made = [site.start("purchase", f"城东项目部 2026 年 11 月月度目标责任书 {n:02}") for n in range(number)]
    with site.engine.start_work() as work:
        for place, task in enumerate(made):
            due = work.now + timedelta(hours=7 * (place - 3))
            dated = update(assignment).where(assignment.c.task_id == task).values(due_at=due, due_sort=due)
            work.connection.execute(dated)
        work.commit()


def test_fifty_rows_of_the_list_weigh_at_most_fifteen_kilobytes(site: Site, signed_in: SignIn) -> None:
    """`ux.md` §4.3: titles, persons, departments, steps and due moments with their full titles, uncompressed."""
    fill(site, 50)

    page = signed_in("zhou").get("/inbox").text

    listed = page[page.index('<ol class="task-list"') : page.index("</ol>")]
    assert len(ROW.findall(listed)) == 50
    assert len(listed.encode()) <= BYTES_OF_FIFTY_ROWS


def test_a_longer_list_asks_the_database_no_more(site: Site, signed_in: SignIn, statements: list[str]) -> None:
    zhou = signed_in("zhou")
    fill(site, 2)
    zhou.get("/inbox")
    statements.clear()
    zhou.get("/inbox")
    few = len(statements)
    fill(site, 40)
    zhou.get("/inbox")
    statements.clear()

    page = zhou.get("/inbox").text

    assert len(ROW.findall(page)) == 42
    assert len(statements) == few


def test_rows_stand_under_the_day_on_which_they_are_due(site: Site, signed_in: SignIn) -> None:
    fill(site, 12)

    page = signed_in("zhou").get("/inbox").text

    assert re.findall(r'class="group">([^<]+)<', page) == ["逾期", "今天", "明天", "本周"]
    assert 'class="late">逾期' in page


def test_tasks_stand_under_their_process_when_that_is_asked_for(site: Site, signed_in: SignIn) -> None:
    site.start("sealing", "用印")
    site.start("purchase", "采购")
    site.start("sealing", "又用印")

    page = signed_in("zhou").get("/inbox?by=process").text

    assert re.findall(r'class="group">([^<]+)<', page) == ["采购申请", "用印"]
    assert ROW.findall(page) == ["2", "1", "3"]
    assert 'href="?by=process&amp;task=1"' in page


def test_a_list_is_kept_under_a_name_that_is_an_address(site: Site, signed_in: SignIn) -> None:
    site.start("sealing", "用印")
    site.start("purchase", "采购")
    zhou = signed_in("zhou")
    zhou.post("/inbox/views", {"name": "我的用印", "query": "process=sealing&task=7"})

    shown = zhou.get("/inbox/views/我的用印", follow_redirects=True)

    assert shown.request.query_string == b"process=sealing"
    assert ROW.findall(shown.text) == ["1"]
    assert 'aria-current="true">我的用印</a>' in shown.text
    assert signed_in("wang").get("/inbox/views/我的用印").status_code == 404


def test_a_saved_list_is_renamed_and_deleted(site: Site, signed_in: SignIn) -> None:
    zhou = signed_in("zhou")
    zhou.post("/inbox/views", {"name": "旧名", "query": "late=1"})

    zhou.post("/inbox/views/1/name", {"name": "新名"})
    renamed = zhou.get("/inbox/filters").text
    zhou.post("/inbox/views/1/delete")

    assert "新名" in renamed and "旧名" not in renamed
    assert zhou.get("/inbox/views/新名").status_code == 404


def test_a_name_that_cannot_be_is_refused_in_words(site: Site, signed_in: SignIn) -> None:
    zhou = signed_in("zhou")

    answer = zhou.post("/inbox/views", {"name": "甲/乙", "query": "late=1"})

    assert answer.status_code == 422
    assert "不含“/”" in answer.text


def test_what_was_written_and_not_sent_lies_in_the_drafts(site: Site, signed_in: SignIn) -> None:
    """APR-32"""
    kept = site.start("purchase", "写了一半")
    site.start("purchase", "没写")
    drafts.save(site.engine, kept, site.person("zhou"), {"opinion": "基本同意"})

    page = signed_in("zhou").get("/inbox?tab=drafts").text

    assert ROW.findall(page) == ["1"]
    assert 'data-count="drafts">1<' in page
    assert "基本同意" in page


def test_the_workbook_holds_the_list_as_it_is_narrowed(site: Site, signed_in: SignIn) -> None:
    site.start("sealing", "=HYPERLINK(1)")
    site.start("purchase", "采购")

    content = signed_in("zhou").get("/inbox/list.xlsx?process=sealing").data

    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["标题", "编号", "步骤"]
    assert [row[0] for row in rows[1:]] == ["=HYPERLINK(1)"]
    assert rows[1][4:6] == ["陈思远", "城东项目部"]


def test_an_act_is_a_page_of_its_own_where_scripts_do_not_run(site: Site, signed_in: SignIn) -> None:
    task = site.start("purchase", "采购")
    zhou = signed_in("zhou")

    pages = {
        act: zhou.get(f"/inbox/tasks/{task}/acts/{act}") for act in ("transfer", "delegate", "add", "copy", "more")
    }

    assert {answer.status_code for answer in pages.values()} == {200}
    assert all("<main" in answer.text for answer in pages.values())
    assert zhou.get(f"/inbox/tasks/{task}/acts/nonsense").status_code == 404
