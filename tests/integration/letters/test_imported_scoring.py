"""Real letters, imported from their workbooks, are scored as their own rules say (domain.md §6, §15)."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.kernel.work import Store
from engine.letters import content
from engine.letters.content import Content
from engine.letters.items import ItemView
from engine.letters.kinds import Method
from engine.letters.scorecards import agreed
from engine.letters.scoring import deduct, item
from engine.letters.scoring.terms import Event, Facts, Rating, Terms
from engine.letters.workbook import importing
from engine.people import orgs
from engine.people.orgs import NewOrg, OrgType
from tests.builders import drafts, real_letters

HUNDRED = Decimal(100)


def exact(path: Path) -> list[str]:
    """The names of the items whose rule fits exactly."""
    found = real_letters.facts(path)["items"]
    return [line["name"].strip() for line in found if (line["scoring"] or {}).get("fit") == "exact"]


FILES = [path for path in real_letters.FILES if exact(path)]


@pytest.fixture
def group(store: Store) -> Store:
    with store.start_work() as work:
        root = orgs.add(work, NewOrg("XH", "星河集团", OrgType.GROUP))
        orgs.add(work, NewOrg("CD", "城东项目部", OrgType.PROJECT, parent=root))
        drafts.regulation(work)
        work.commit()
    return store


def imported(group: Store, path: Path) -> Content:
    report = importing.load(group.start_work, real_letters.book(path, "CD"), actor=None)
    with group.start_work(reading=True) as work:
        return content.load(work, report.letters["L"])


def terms(known: Content, one: ItemView) -> Terms:
    return agreed.terms(one, known.weights.get(one.id) or HUNDRED, known.letter.weight_mode)


def faultless(agreed_terms: Terms) -> Facts:
    """What happens when all goes well."""
    if agreed_terms.method is Method.DEDUCT:
        return Facts(events=())
    if agreed_terms.method is Method.PANEL:
        return _full_marks(agreed_terms.params)
    if agreed_terms.method is Method.BAND:
        return Facts(next(iter(agreed_terms.params["levels"])))
    if agreed_terms.method is Method.STEP:
        return Facts(Decimal(0))
    return Facts("是" if agreed_terms.target is None else agreed_terms.target)


def _full_marks(params: Any) -> Facts:
    groups = params.get("raters")
    named = [entry["role"] for entry in groups] if isinstance(groups, list) else [""]
    most = tuple(Decimal(str(limit)) for limit in params["criteria"])
    return Facts(ratings=tuple(Rating(name, group=name, criteria=most, comment="满分") for name in named))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_imported_item_without_a_fault_has_all_its_points(group: Store, path: Path) -> None:
    known = imported(group, path)
    wanted = set(exact(path))

    scored = {
        one.name: item.score(terms(known, one), faultless(terms(known, one)), known.parameters.scoring).points
        for one in known.items
        if one.name in wanted
    }

    full = {one.name: Decimal(0) if agreed.signed(one, known.letter.weight_mode) else HUNDRED for one in known.items}
    assert scored == {name: full[name] for name in scored}
    assert scored.keys() == wanted


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_imported_deduction_costs_what_its_table_says(group: Store, path: Path) -> None:
    known = imported(group, path)
    wanted = set(exact(path))
    for one in known.items:
        rule = terms(known, one)
        if one.name not in wanted or rule.method is not Method.DEDUCT or not (table := deduct.table(rule)):
            continue
        event, entry = next(iter(table.items()))
        assert entry.least is not None

        found = item.score(rule, Facts(events=(Event(event),)), known.parameters.scoring).points

        in_letter = rule.params.get("score_unit") == "points" and "base" not in rule.params and not rule.signed
        lost = entry.least * 100 / rule.weight if in_letter else entry.least
        assert found == (-lost if rule.signed else max(Decimal(0), HUNDRED - lost)), one.name
