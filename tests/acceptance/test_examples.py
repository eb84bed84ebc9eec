"""The example group 星河集团 comes in without a problem, and its year's letters break no draft rule."""

from datetime import date
from pathlib import Path

import pytest

from engine.kernel.work import Store
from engine.letters import regulations
from engine.letters.workbook import importing
from engine.people import orgs, persons, roles, superiors
from engine.people import workbook as organisation
from engine.people.roles import Role
from tests.paths import ROOT

EXAMPLES = ROOT / "examples"
YEAR, OCTOBER = EXAMPLES / "letters-2026.xlsx", EXAMPLES / "letters-202610.xlsx"


@pytest.fixture
def group(store: Store) -> Store:
    content = (EXAMPLES / "organisation.xlsx").read_bytes()
    report = organisation.load(store.start_work, content, actor=None)
    assert not report.problems
    with store.start_work() as work:
        made = regulations.add(work, no="2026-1", title="考核办法", params={}, effective_from=date(2026, 1, 1))
        regulations.approve(work, made, actor=None)
        regulations.put_in_force(work, made, actor=None)
        work.commit()
    return store


def test_the_group_has_its_units_people_and_roles(group: Store) -> None:
    with group.start_work(reading=True) as work:
        units = orgs.tree(work)
        kinds = [unit.type for unit in units]
        east = next(unit for unit in units if unit.name == "城东项目部")
        head = persons.view(work, east.head or 0)
        above = persons.view(work, superiors.of(work, head.id) or 0)
        operations = [persons.view(work, each).name for each in roles.holders(work, Role.OPS)]

    assert [kinds.count(kind) for kind in ("SUBSIDIARY", "CENTER", "PROJECT")] == [4, 8, 2]
    assert (head.name, above.name, east.control_mode) == ("李建国", "周文博", "STRONG")
    assert "赵雪" in operations


def test_importing_the_group_again_changes_nothing(group: Store) -> None:
    content = (EXAMPLES / "organisation.xlsx").read_bytes()
    with group.start_work(reading=True) as work:
        before = (orgs.tree(work), persons.everyone(work), roles.everyone(work))

    again = organisation.load(group.start_work, content, actor=None)

    with group.start_work(reading=True) as work:
        assert (orgs.tree(work), persons.everyone(work), roles.everyone(work)) == before
    assert again.kept


@pytest.mark.parametrize(("first", "book", "letters"), [(None, YEAR, 15), (YEAR, OCTOBER, 14)])
def test_its_letters_come_in_without_a_finding(group: Store, first: Path | None, book: Path, letters: int) -> None:
    if first:
        importing.load(group.start_work, first.read_bytes(), actor=None)

    report = importing.load(group.start_work, book.read_bytes(), actor=None)

    assert (len(report.letters), report.problems, report.findings) == (letters, (), ())
