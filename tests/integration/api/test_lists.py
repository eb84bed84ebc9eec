"""Lists: every row once whatever the size of a page, only what is mine to see, and no statement more for more rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from engine.kernel.work import Store
from tests.builders.site import Site
from tests.integration.api import seeded
from tests.integration.api.conftest import MakeProgram, Program

LISTS = (
    "/tasks?tab=todo",
    "/tasks?tab=started",
    "/instances",
    "/instances?sort=id&status=running",
    "/instances/1/history",
    "/letters",
    "/letters?sort=id",
    "/people",
    "/people?active=false",
    "/definitions",
    "/incidents",
)


@pytest.fixture
def site(store: Store, tmp_path: Path) -> Iterator[Site]:
    yield seeded.build(store, tmp_path)


@contextmanager
def counted(site: Site) -> Iterator[list[str]]:
    seen: list[str] = []
    database = site.engine.start_work.__self__.engine  # type: ignore[attr-defined]  # the store of this test

    def see(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(database, "before_cursor_execute", see)
    yield seen
    event.remove(database, "before_cursor_execute", see)


def pages(program: Program, path: str, limit: int) -> list[Any]:
    """All rows of a list, page by page."""
    found: list[Any] = []
    joint, after = "&" if "?" in path else "?", None
    while True:
        answer = program.get(f"{path}{joint}limit={limit}" + (f"&after={after}" if after else ""))
        assert answer.status_code == 200, answer.text
        found += answer.json["items"]
        after = answer.json["next"]
        if after is None:
            return found


def test_pages_of_any_size_hold_every_row_once_in_the_same_order(site: Site, program: MakeProgram) -> None:
    admin, zhou = program("admin"), program("zhou")

    for path in LISTS:
        who = zhou if "todo" in path else admin
        whole = pages(who, path, 200)
        assert pages(who, path, 1) == pages(who, path, 2) == whole, path
        assert whole or "incidents" in path, path


def test_a_row_that_comes_or_goes_between_two_pages_moves_no_other(site: Site, program: MakeProgram) -> None:
    """What an OFFSET gets wrong: nothing is shown twice or left out."""
    admin = program("admin")
    first = admin.get("/instances?limit=4").json
    site.start("purchase", "新来的", starter="admin")

    second = admin.get(f"/instances?limit=4&after={first['next']}").json

    seen = [each["id"] for each in (*first["items"], *second["items"])]
    assert seen == sorted(set(seen), reverse=True) and len(seen) == 8
    assert seen == list(range(seen[0], seen[0] - 8, -1))


def test_a_list_asks_the_database_as_often_for_many_rows_as_for_few(site: Site, program: MakeProgram) -> None:
    for path in ("/tasks", "/instances", "/letters", "/people", "/definitions"):
        who = program("zhou") if path == "/tasks" else program("admin")
        who.get(path)  # what is remembered for the process is read now

        with counted(site) as few:
            one = who.get(f"{path}?limit=1").json["items"]
        with counted(site) as many:
            several = who.get(f"{path}?limit=50").json["items"]

        assert len(one) == 1 < len(several)
        assert len(many) == len(few) <= 20, many


def test_a_mark_that_is_none_is_refused(site: Site, program: MakeProgram) -> None:
    admin = program("admin")

    for path in ("/instances", "/letters", "/incidents", "/instances/1/history"):
        for after in ("x", "-1", "1;2", "9" * 30, "１"):
            answer = admin.get(path, query_string={"after": after})
            assert (answer.status_code, answer.json["code"]) == (422, "request.after"), (path, after)


def test_filters_narrow_and_unknown_ones_are_refused(site: Site, program: MakeProgram) -> None:
    admin = program("admin")

    printing = pages(admin, "/instances?key=printing", 2)
    letters = pages(admin, "/letters?status=EFFECTIVE", 2)
    wrong = [admin.get("/instances?colour=red"), admin.get("/instances?status=asleep"), admin.get("/tasks?tab=x")]

    assert {each["key"] for each in printing} == {"printing"} and len(printing) == 3
    assert [each["status"] for each in letters] == ["EFFECTIVE"]
    assert [each.status_code for each in wrong] == [422, 422, 422]
    assert wrong[0].json["fields"]["errors"] == {"colour": ["不认识这个字段。"]} or "colour" in wrong[0].json["detail"]


def test_a_list_holds_only_what_its_person_may_see(site: Site, program: MakeProgram) -> None:
    """陈思远 started nothing here and has the three reports; the rest is not there for him."""
    chen = program("chen")

    mine = pages(chen, "/instances", 2)

    assert {each["key"] for each in mine} == {"report"} and len(mine) == 3
    assert chen.get("/instances?key=printing").json["items"] == []
    for path in ("/instances/1", "/instances/1/history", "/instances/1/tasks", "/instances/1/data", "/tasks/1"):
        assert chen.get(path).status_code == 404, path


def test_every_act_on_a_strangers_task_answers_404(site: Site, program: MakeProgram) -> None:
    chen, document = program("chen"), site.app.test_client().get("/api/v1/openapi.json").json
    bodies = {"decision": {"outcome": "APPROVED"}, "transfer": {"to": 2, "reason": "x"}, "delegate": {"to": 2},
              "add": {"to": [2], "place": "ADD_BEFORE"}, "remove": {"person": 2}, "copies": {"to": [2]}}  # fmt: skip
    acts = [path.rpartition("/")[2] for path in document["paths"] if path.startswith("/api/v1/tasks/{task}/")]

    answers = {act: chen.post(f"/tasks/1/{act}", bodies.get(act)).status_code for act in acts}

    assert len(answers) >= 11
    assert set(answers.values()) == {404}, answers
