"""Importing the organisation: problems by sheet, row and column; the whole file or nothing."""

from typing import Any

import pytest

from engine.kernel import workbook
from engine.kernel.work import Store
from engine.people import authority, credentials, orgs, persons
from engine.people import workbook as organisation
from engine.people.workbook_sheets import ALL

GROUP = {"code": "XH", "name": "星河集团", "type": "GROUP"}
EAST = {"code": "CD", "name": "城东项目部", "type": "PROJECT", "parent": "XH", "head": "1001"}
LI = {"number": "1001", "name": "李建国", "account": "lijianguo"}


def _book(**lines: Any) -> bytes:
    return workbook.write(ALL, {"组织": [GROUP, EAST], "人员": [LI], **lines})


def _told(report: organisation.Report) -> list[tuple[str, str, int, str]]:
    return [(problem.code, problem.sheet, problem.row, problem.column) for problem in report.problems]


def _known(store: Store) -> int:
    with store.start_work(reading=True) as work:
        return len(orgs.tree(work)) + len(persons.everyone(work))


def test_children_may_stand_above_their_parents(store: Store) -> None:
    report = organisation.load(store.start_work, _book(组织=[EAST, GROUP]), actor=None)

    with store.start_work(reading=True) as work:
        east = orgs.find(work, "CD")
    assert (report.problems, east and east.depth) == ((), 1)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ({"组织": [GROUP, {**EAST, "head": "9999"}]}, ("person.unknown", "组织", 3, "负责人工号")),
        ({"组织": [GROUP, {**EAST, "parent": "XX"}]}, ("org.unknown", "组织", 3, "上级编码")),
        ({"组织": [{**GROUP, "parent": "CD"}, EAST]}, ("org.cycle", "组织", 2, "上级编码")),
        ({"组织": [{**GROUP, "type": "集体"}, EAST]}, ("workbook.choice", "组织", 2, "类型")),
        (
            {"任职": [{"person": "1001", "org": "YY", "title": "负责人", "rank": "R1"}]},
            ("org.unknown", "任职", 2, "组织编码"),
        ),
        ({"角色": [{"person": "7", "role": "OPS"}]}, ("person.unknown", "角色", 2, "工号")),
    ],
)
def test_a_problem_names_its_cell_and_nothing_is_kept(store: Store, lines: Any, told: Any) -> None:
    report = organisation.load(store.start_work, _book(**lines), actor=None)

    assert (told in _told(report), report.refused, _known(store)) == (True, True, 0)


def test_a_dry_run_keeps_nothing(store: Store) -> None:
    report = organisation.load(store.start_work, _book(), actor=None, dry_run=True)

    assert (report.orgs, report.persons, report.kept, _known(store)) == (2, 1, False, 0)


def test_a_matrix_without_an_approver_is_refused(store: Store) -> None:
    """domain §1: one primary 主责, at least one A."""
    row = {"type": "M", "name": "月度责任书", "duty": "E", "actor": "ORG_HEAD", "primary": True}

    report = organisation.load(store.start_work, _book(权责=[row]), actor=None)

    with store.start_work(reading=True) as work:
        assert (_told(report)[0][:2], authority.everyone(work)) == (("authority.broken", "权责"), ())


def test_a_first_password_is_given_once_and_never_overwritten(store: Store) -> None:
    organisation.load(store.start_work, _book(), actor=None, password="first-password")
    organisation.load(store.start_work, _book(), actor=None, password="second-password")

    assert credentials.sign_in(store.start_work, "lijianguo", "first-password").person
