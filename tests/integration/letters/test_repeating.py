"""A draft that begins with what was agreed before, and where its items come from."""

from datetime import date
from decimal import Decimal

import pytest

from engine.kernel.errors import InvalidInput, NotFound
from engine.kernel.work import Store
from engine.letters import content, origins
from engine.letters.drafting import copying, repeating
from engine.letters.kinds import Level
from tests.builders import drafts
from tests.integration.people.company import Company


@pytest.fixture
def december(store: Store, company: Company) -> int:
    """An empty December after a November with three items."""
    with store.start_work() as work:
        before = drafts.letter(work, company.project, period="202611")
        copying.add_item(work, before.id, drafts.kpi(company), actor=company.li)
        task = drafts.task(company, due=date(2026, 11, 25))
        copying.add_item(work, before.id, task, [drafts.REPORT], actor=company.li)
        forced = drafts.kpi(company, name="安全月检", origin="FORCED")
        copying.add_item(work, before.id, forced, actor=company.li)
        made = drafts.letter(work, company.project)
        work.commit()
    return made.id


def test_the_letter_before_is_copied_with_its_days_moved_and_its_documents(
    store: Store, company: Company, december: int
) -> None:
    """ux.md §4.6 从上月复制: what was forced once does not come again."""
    assert repeating.copy_before(store.start_work, december, actor=company.li) == 2
    with store.start_work(reading=True) as work:
        made = content.load(work, december)
    assert [item.name for item in made.items] == ["销售回款额", "主体结构封顶"]
    assert made.items[1].due == date(2026, 12, 25)
    assert [spec.name for spec in made.specs[made.items[1].id]] == ["主体验收报告"]
    assert {item.status for item in made.items} == {"PLANNED"}


def test_copying_twice_adds_nothing_that_is_there(store: Store, company: Company, december: int) -> None:
    repeating.copy_before(store.start_work, december, actor=company.li)
    assert repeating.copy_before(store.start_work, december, actor=company.li) == 0


def test_a_first_letter_has_nothing_to_copy_and_says_so(store: Store, company: Company) -> None:
    with store.start_work() as work:
        made = drafts.letter(work, company.project)
        work.commit()
    with pytest.raises(InvalidInput, match="no letter before"):
        repeating.copy_before(store.start_work, made.id, actor=company.li)


def test_an_item_shows_what_it_serves_and_that_the_parts_do_not_reach_it(
    store: Store, company: Company, december: int
) -> None:
    """REQ-078: 子项 Σ 9,600 < 父项 10,000."""
    with store.start_work() as work:
        year = drafts.letter(work, company.project, Level.ANNUAL, "2026")
        slices = [{"period": "202612", "target": "5000"}]
        whole = drafts.kpi(company, additive=True, slices=slices)
        above = copying.add_item(work, year.id, whole, actor=company.li)
        first = drafts.kpi(company, parent=above, target=Decimal(4800))
        mine = copying.add_item(work, december, first, actor=company.li)
        copying.add_item(work, december, {**first, "name": "回款二"}, actor=company.li)
        work.commit()
    with store.start_work(reading=True) as work:
        tree = origins.of(work, mine, company.li)
        assert [place.letter.period for place in tree.above] == ["2026"]
    assert tree.beside is not None and tree.beside.short
    assert (tree.beside.total, tree.beside.slice) == (Decimal(9600), Decimal(5000))
    assert [place.mine for place in tree.beside.seen] == [True, False]


def test_a_stranger_learns_nothing_of_an_item(store: Store, company: Company) -> None:
    with store.start_work() as work:
        other = drafts.letter(work, company.cost)
        item = copying.add_item(work, other.id, {"kind": "KPI", "name": "成本"}, actor=company.wang)
        work.commit()
    with store.start_work(reading=True) as work, pytest.raises(NotFound):
        origins.of(work, item, company.chen)
