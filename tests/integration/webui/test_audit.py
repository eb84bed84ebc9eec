"""The pages of the audit (ux.md §4.29): read, filtered, verified, taken along."""

import json
import re
from collections.abc import Callable

import pytest
from sqlalchemy import text

from engine.kernel import audit
from engine.people import roles
from engine.people.roles import Grant, Role
from tests.builders.counting import statements
from tests.builders.site import Site
from tests.integration.webui.conftest import Person

SignIn = Callable[[str], Person]
PAGE = 50
ENTRIES = 120


@pytest.fixture
def auditor(site: Site, signed_in: SignIn) -> Person:
    with site.engine.start_work() as work:
        roles.grant(work, Grant(site.company.sun, Role.AUDITOR))
        for number in range(ENTRIES):
            detail = {"before": {"weight": number}, "after": {"weight": number + 1}}
            audit.append(work, "letter:7", "item.changed", actor=site.company.li, detail=detail, article="§3")
        work.commit()
    return signed_in("sun")


def _shown(page: str) -> list[str]:
    return re.findall(r"<dt>weight</dt><dd><del>(\d+)</del>", page)


def test_history_is_paged_by_seeking_and_never_twice(auditor: Person) -> None:
    first = auditor.get("/admin/audit?stream=letter:7").text
    older = re.search(r'href="(/admin/audit\?before=\d+[^"]*)"', first)
    assert older
    second = auditor.get(older[1].replace("&amp;", "&")).text

    assert _shown(first) == [str(number) for number in range(119, 69, -1)]
    assert _shown(second) == [str(number) for number in range(69, 19, -1)]


def test_a_page_costs_as_much_at_its_end_as_at_its_beginning(auditor: Person) -> None:
    def count(path: str) -> int:
        with statements() as counted:
            assert auditor.get(path).status_code == 200
        return counted.count

    assert count("/admin/audit") == count("/admin/audit?before=60")


@pytest.mark.parametrize(
    ("query", "there"),
    [("who=李建国", True), ("who=陈思远", False), ("act=item.changed", True), ("since=2026-11-03", False)],
)
def test_history_is_filtered_by_person_act_and_day(auditor: Person, query: str, there: bool) -> None:
    assert ("letter:7" in auditor.get(f"/admin/audit?{query}").text.split("<main")[1].split("<ul")[-1]) is there


def test_nonsense_in_a_filter_is_told_and_the_rest_holds(auditor: Person) -> None:
    page = auditor.get("/admin/audit?since=yesterday&stream=letter:7")

    assert page.status_code == 200
    assert "error-summary" in page.text
    assert len(_shown(page.text)) == PAGE


def test_a_chain_that_holds_is_said_with_its_moment(auditor: Person) -> None:
    auditor.post("/admin/audit/verify")

    assert "链已验证" in auditor.get("/admin/audit").text


def test_a_changed_entry_is_a_red_banner_with_the_first_bad_row_until_it_is_verified_again(
    site: Site, auditor: Person
) -> None:
    with site.engine.start_work() as work:
        work.connection.execute(text("DROP TRIGGER history_no_update"))
        work.connection.execute(text("UPDATE history SET detail = '{}' WHERE stream = 'letter:7' AND seq = 100"))
        work.commit()
    auditor.post("/admin/audit/verify")
    page = auditor.get("/admin/audit?stream=letter:7").text

    assert "<code>letter:7</code> 100" in page
    assert 'class="broken"' in page


def test_history_is_taken_along_as_workbook_and_as_lines(auditor: Person) -> None:
    book = auditor.get("/admin/audit.xlsx?stream=letter:7")
    lines = auditor.get("/admin/audit.jsonl?stream=letter:7").text.splitlines()

    assert book.data.startswith(b"PK")
    assert len(lines) == ENTRIES
    assert json.loads(lines[0])["detail"]["after"] == {"weight": ENTRIES}


def test_nobody_but_auditors_and_administrators_reads_history(site: Site, signed_in: SignIn) -> None:
    zhao = signed_in("zhao")

    assert {zhao.get(path).status_code for path in ("/admin/audit", "/admin/audit.jsonl", "/admin/audit.xlsx")} == {404}
