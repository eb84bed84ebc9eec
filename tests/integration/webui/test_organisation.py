"""The pages of the organisation: units by day, heads, hand-over (ux.md §4.14)."""

import gzip
from collections.abc import Callable
from datetime import date

import pytest

from engine.approvals import batches
from engine.people import orgs, persons, posts, roles
from engine.people.persons import NewPerson
from engine.people.posts import NewPost, Rank
from engine.people.roles import Grant, Role
from tests.builders.counting import statements
from tests.builders.site import Site
from tests.integration.webui.conftest import Person

SignIn = Callable[[str], Person]
LARGEST_PAGE_BYTES = 15_000
MOST_STATEMENTS = 36  # 24 of them are the shell's


@pytest.fixture
def hr(site: Site, signed_in: SignIn) -> Person:
    with site.engine.start_work() as work:
        roles.grant(work, Grant(site.company.sun, Role.HR))
        work.commit()
    return signed_in("sun")


def test_human_resources_name_a_new_head_from_today_on(site: Site, hr: Person) -> None:
    sent = {"name": "城东项目部", "head": "陈思远", "parent": site.company.east, "starts": "2026-11-02"}
    answer = hr.post(f"/people/orgs/{site.company.project}", sent)

    assert answer.status_code == 303
    with site.engine.start_work(reading=True) as work:
        assert orgs.view(work, site.company.project).head == site.company.chen


def test_a_head_for_later_is_shown_as_planned_and_on_that_day(site: Site, hr: Person) -> None:
    sent = {"name": "城东项目部", "head": "陈思远 (T003)", "parent": site.company.east, "starts": "2026-12-01"}
    hr.post(f"/people/orgs/{site.company.project}", sent)
    today = hr.get(f"/people/orgs?org={site.company.project}").text
    later = hr.get(f"/people/orgs?org={site.company.project}&on=2026-12-01").text

    assert "待生效" in today
    assert "思远" in later.split("</dl>")[0].split('<dl class="facts">')[1]
    assert "建国" in today.split("</dl>")[0].split('<dl class="facts">')[1]


def test_a_refused_change_keeps_what_was_typed_and_names_the_field(site: Site, hr: Person) -> None:
    sent = {"name": "城东项目部", "head": "谁也不是", "parent": site.company.east, "starts": "2026-11-02"}
    answer = hr.post(f"/people/orgs/{site.company.project}", sent)

    assert answer.status_code == 422
    assert 'value="谁也不是"' in answer.text
    assert 'id="head-wrong"' in answer.text


def test_a_unit_without_a_head_shows_what_it_breaks(site: Site, hr: Person) -> None:
    page = hr.get(f"/people/orgs?org={site.company.east}").text

    assert "该组织没有负责人" in page
    assert "暂由 钱卫东 办理" in page


def test_employees_read_the_organisation_and_change_nothing(site: Site, signed_in: SignIn) -> None:
    chen = signed_in("chen")

    assert "修改…" not in chen.get(f"/people/orgs?org={site.company.project}").text
    assert chen.post(f"/people/orgs/{site.company.project}", {"name": "x", "starts": "2026-11-02"}).status_code == 404
    assert chen.get(f"/people/persons/{site.company.li}/hand-over").status_code == 404


def test_what_somebody_holds_is_shown_and_goes_over_in_one_act(site: Site, hr: Person) -> None:
    """APR-24: preview, then one act; the tasks stand in the successor's inbox."""
    site.start("purchase", "采购申请")
    preview = hr.get(f"/people/persons/{site.company.zhou}/hand-over?leaves=1").text
    sent = {"to": "李建国 (T002)", "reason": "离职", "leaves": "on"}
    answer = hr.post(f"/people/persons/{site.company.zhou}/hand-over", sent)

    assert "<dt>待办</dt><dd><b>1</b>" in preview
    assert answer.status_code == 303
    with site.engine.start_work(reading=True) as work:
        assert batches.held_by(work, site.company.li) == 1
        assert not persons.view(work, site.company.zhou).active
        assert orgs.view(work, site.company.east).own_leader == site.company.li


def test_the_last_administrator_does_not_leave(site: Site, hr: Person) -> None:
    sent = {"to": "李建国", "reason": "离职", "leaves": "on"}
    answer = hr.post(f"/people/persons/{site.company.admin}/hand-over", sent)

    assert answer.status_code == 422
    assert "最后一位管理员" in answer.text


def test_a_unit_of_120_persons_stays_a_small_page_with_few_statements(site: Site, hr: Person) -> None:
    """ux.md §4.14: 120 persons ≤ 15 kB."""
    with site.engine.start_work() as work:
        for number in range(120):
            person = persons.add(work, NewPerson(f"B{number:03}", f"员工{number}"))
            posts.take(work, NewPost(person, site.company.project, "工程师", Rank.R5, valid_from=date(2026, 1, 1)))
        work.commit()
    with statements() as counted:
        answer = hr.get(f"/people/orgs?org={site.company.project}")

    assert len(gzip.compress(answer.data)) <= LARGEST_PAGE_BYTES
    assert counted.count <= MOST_STATEMENTS


def test_the_exported_workbook_is_one_that_the_import_reads(site: Site, hr: Person) -> None:
    answer = hr.get("/people/orgs/export.xlsx")

    assert answer.status_code == 200
    assert answer.data.startswith(b"PK")
