"""The unit of work keeps all or nothing, on both databases."""

import pytest
from sqlalchemy import text

from engine.kernel.work import Store


def _count(store: Store) -> int:
    with store.start_work(reading=True) as work:
        return int(work.session.execute(text("SELECT count(*) FROM probe")).scalar_one())


@pytest.fixture
def probed(store: Store) -> Store:
    with store.start_work() as work:
        work.session.execute(text("CREATE TABLE probe (id INTEGER PRIMARY KEY)"))
        work.commit()
    return store


def test_leaving_without_commit_changes_nothing(probed: Store) -> None:
    with probed.start_work() as work:
        work.session.execute(text("INSERT INTO probe VALUES (1)"))

    assert _count(probed) == 0


def test_what_waits_for_the_commit_runs_only_after_it(probed: Store) -> None:
    seen: list[str] = []
    with probed.start_work() as work:
        work.after_commit(lambda: seen.append("told"))
        work.session.execute(text("INSERT INTO probe VALUES (1)"))
        before = list(seen)
        work.commit()

    assert (before, seen, _count(probed)) == ([], ["told"], 1)


def test_one_work_has_one_now(store: Store) -> None:
    with store.start_work(reading=True) as work:
        assert work.now == store.clock.now()
