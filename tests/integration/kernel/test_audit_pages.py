"""History page by page, on both databases (ux.md §4.29, REQ-161)."""

from datetime import timedelta

from engine.kernel import audit, audit_pages
from engine.kernel.audit_pages import Wanted
from engine.kernel.clock import ManualClock
from engine.kernel.work import Store

DAYS = 6


def _written(store: Store, clock: ManualClock) -> None:
    """One entry a day on `letter:1`, one on `letter:12`."""
    for day in range(DAYS):
        with store.start_work() as work:
            audit.append(work, "letter:1", "letter.changed", actor=None, detail={"day": day})
            audit.append(work, "letter:12", "letter.changed", actor=None, detail={"day": day})
            work.commit()
        clock.move(timedelta(days=1))


def test_entries_between_two_moments_are_found_without_reading_the_others(store: Store, clock: ManualClock) -> None:
    start = clock.now()
    _written(store, clock)
    wanted = Wanted("letter:1", since=start + timedelta(days=2), until=start + timedelta(days=4))

    with store.start_work(reading=True) as work:
        days = [place.entry.detail["day"] for place in audit_pages.page(work, wanted)]
    assert days == [3, 2]


def test_a_numbered_object_means_that_one_and_a_kind_means_all(store: Store, clock: ManualClock) -> None:
    _written(store, clock)

    with store.start_work(reading=True) as work:
        one = audit_pages.page(work, Wanted("letter:1"))
        kind = audit_pages.page(work, Wanted("letter:"))
    assert {place.entry.stream for place in one} == {"letter:1"}
    assert {place.entry.stream for place in kind} == {"letter:1", "letter:12"}


def test_each_entry_shows_the_hash_it_was_made_on(store: Store, clock: ManualClock) -> None:
    _written(store, clock)

    with store.start_work(reading=True) as work:
        places = audit_pages.with_previous(work, audit_pages.page(work, Wanted("letter:1")))
    assert [place.previous for place in places] == [*(place.hash for place in places[1:]), audit.START]


def test_a_walk_reads_everything_in_chunks_and_stops_where_it_is_told(store: Store, clock: ManualClock) -> None:
    _written(store, clock)

    with store.start_work(reading=True) as work:
        whole = [place.id for place in audit_pages.walk(work, Wanted(), most=100, chunk=5)]
        some = [place.id for place in audit_pages.walk(work, Wanted(), most=7, chunk=5)]
    assert (len(whole), some) == (2 * DAYS, whole[:7])
