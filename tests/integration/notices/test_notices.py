"""People are told once, in every channel, and what was read stays read."""

from collections.abc import Iterator, Sequence

import pytest

from engine.kernel.work import Store, Work
from engine.notices import channels, notices
from engine.notices.channels import Told
from tests.integration.people.company import Company, found


@pytest.fixture
def company(store: Store) -> Company:
    with store.start_work() as work:
        founded = found(work)
        work.commit()
    return founded


class Recorder:
    """A channel that remembers what it was given."""

    name = "recorder"

    def __init__(self) -> None:
        self.given: list[tuple[int, str]] = []

    def put(self, work: Work, persons: Sequence[int], told: Told) -> None:
        self.given += [(person, told.key) for person in persons]


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    channel = Recorder()
    channels.register(channel)
    yield channel
    channels.close(channel.name)


def _tell(work: Work, *persons: int, key: str = "task:1:remind:0", needs_action: bool = True) -> int:
    return notices.notify(
        work, persons, "task.remind", {"title": "责任书"}, link="/inbox?task=1", key=key, needs_action=needs_action
    )


def test_whoever_was_told_is_not_told_again(store: Store, company: Company, recorder: Recorder) -> None:
    with store.start_work() as work:
        told = [_tell(work, company.li), _tell(work, company.li, company.chen)]

    assert told == [1, 1]
    assert recorder.given == [(company.li, "task:1:remind:0"), (company.chen, "task:1:remind:0")]


def test_the_page_shows_the_newest_first_and_goes_on_where_it_ended(store: Store, company: Company) -> None:
    with store.start_work() as work:
        for number in range(5):
            _tell(work, company.li, key=f"k{number}")
        first = notices.page(work, company.li, limit=3)
        rest = notices.page(work, company.li, before=first[-1].id)

    assert [len(first), len(rest), first[0].id > first[-1].id > rest[0].id] == [3, 2, True]


def test_unread_notices_are_counted_by_whether_they_ask_for_an_act(store: Store, company: Company) -> None:
    with store.start_work() as work:
        _tell(work, company.li, key="a")
        _tell(work, company.li, key="b", needs_action=False)
        _tell(work, company.li, key="c", needs_action=False)
        before = notices.unread(work, company.li)
        marked = notices.mark_read(work, company.li, [notices.page(work, company.li)[0].id])

        assert (before, marked) == (notices.Counts(1, 2), 1)
        assert notices.unread(work, company.li) == notices.Counts(1, 1)


def test_nobody_reads_for_somebody_else(store: Store, company: Company) -> None:
    with store.start_work() as work:
        _tell(work, company.li)
        marked = notices.mark_read(work, company.chen, [notices.page(work, company.li)[0].id])

    assert marked == 0


def test_a_call_for_an_act_is_settled_when_nothing_is_left_to_do(store: Store, company: Company) -> None:
    with store.start_work() as work:
        _tell(work, company.li, company.chen)
        settled = notices.settle(work, "/inbox?task=1")

        assert (settled, notices.unread(work, company.li).action) == (2, 0)
