"""Who is in the editor of a letter, and where."""

from datetime import timedelta

from engine.kernel.clock import ManualClock
from engine.kernel.work import Store
from engine.letters import items
from engine.letters.drafting import presence
from engine.letters.drafting.presence import Present
from tests.builders import drafts
from tests.integration.people.company import Company


def _draft(store: Store, company: Company) -> tuple[int, int]:
    with store.start_work() as work:
        made = drafts.valid(work, company)
        work.commit()
        return made.id, items.of(work, made.id)[2].id


def test_others_learn_in_which_row_somebody_is(store: Store, company: Company) -> None:
    """ux.md §4.6: 赵雪 正在编辑第 3 行."""
    letter, item = _draft(store, company)
    presence.seen(store.start_work, letter, company.li, None)
    presence.seen(store.start_work, letter, company.li, item)
    with store.start_work(reading=True) as work:
        assert presence.others(work, letter, company.zhao) == (Present(company.li, item),)
        assert presence.others(work, letter, company.li) == ()


def test_who_is_silent_has_gone(store: Store, company: Company, clock: ManualClock) -> None:
    letter, item = _draft(store, company)
    presence.seen(store.start_work, letter, company.li, item)
    clock.move(presence.STALE + timedelta(seconds=1))
    with store.start_work(reading=True) as work:
        assert presence.others(work, letter, company.zhao) == ()
