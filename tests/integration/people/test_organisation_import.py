"""Importing the organisation: problems by sheet, row and column; the whole file or nothing."""

from collections import Counter
from typing import Any

import pytest

from engine.kernel import workbook
from engine.kernel.errors import NotAllowed
from engine.kernel.work import Store
from engine.people import authority, credentials, orgs, persons, roles, workbook_export
from engine.people import workbook as organisation
from engine.people.workbook_sheets import ALL
from tests.paths import ROOT

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


def test_every_problem_is_listed_not_only_the_first_kind(store: Store) -> None:
    """issue 2, item 8: a dry run lists every problem by sheet, row and column."""
    lines: dict[str, Any] = {
        "组织": [GROUP, {**EAST, "type": "集体"}, {"code": "BJ", "name": "滨江", "type": "PROJECT", "head": "9999"}],
        "人员": [LI, {**LI, "name": "李建果", "account": "other"}],
        "任职": [{"person": "1001", "org": "CD", "title": "负责人", "rank": "R1"}],
    }

    report = organisation.load(store.start_work, _book(**lines), actor=None, dry_run=True)

    assert _told(report) == [
        ("workbook.choice", "组织", 3, "类型"),
        ("workbook.duplicate", "人员", 3, "工号"),
        ("person.unknown", "组织", 4, "负责人工号"),
    ]


def test_accounts_are_kept_without_a_password_and_let_nobody_in(store: Store) -> None:
    organisation.load(store.start_work, _book(), actor=None)

    with store.start_work(reading=True) as work:
        assert list(credentials.accounts(work).values()) == ["lijianguo"]
    with pytest.raises(NotAllowed):
        credentials.sign_in(store.start_work, "lijianguo", "")


def test_what_is_exported_can_be_imported_again_and_changes_nothing(store: Store) -> None:
    example = (ROOT / "examples" / "organisation.xlsx").read_bytes()
    first = organisation.load(store.start_work, example, actor=None)
    with store.start_work(reading=True) as work:
        exported = workbook_export.export(work)

    second = organisation.load(store.start_work, exported, actor=None)
    with store.start_work(reading=True) as work:
        again = workbook_export.export(work)

    assert (first.kept, second.kept, second.problems, first.persons) == (True, True, (), second.persons)
    assert workbook.read(again, ALL).lines == workbook.read(exported, ALL).lines


def test_the_example_group_holds_whom_the_stories_need(store: Store) -> None:
    """issue 2, item 8: 4 subsidiaries, 8 centres, 2 projects, about 120 people."""
    organisation.load(store.start_work, (ROOT / "examples" / "organisation.xlsx").read_bytes(), actor=None)

    with store.start_work(reading=True) as work:
        tree = orgs.tree(work)
        heads = {org.name: persons.view(work, org.head).name for org in tree if org.head is not None}
        opened = {name: persons.search(work, name) for name in ("陈思远", "赵雪", "周文博", "何静", "孙立")}
        cast = {role: [persons.view(work, each).name for each in roles.holders(work, role)] for role in roles.Role}

    kinds = Counter(org.type for org in tree)
    assert [kinds[each] for each in ("SUBSIDIARY", "CENTER", "PROJECT")] == [4, 8, 2]
    assert (heads["城东项目部"], heads["成本中心"], opened["陈思远"][0].org_name) == ("李建国", "王敏", "城东项目部")
    assert all(opened.values())
    assert all(cast[role] for role in ("OPS", "OPS_HEAD", "HR", "PRESIDENT", "COMMITTEE", "AUDITOR", "ADMIN"))
    assert cast[roles.Role.PROCESS_OWNER] == ["何静"]
