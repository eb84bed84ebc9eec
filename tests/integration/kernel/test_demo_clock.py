"""The demo's clock moves for every process at once, and only forward."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.kernel import demo_clock
from engine.kernel.clock import SettableClock
from engine.kernel.errors import InvalidInput
from engine.kernel.work import Store

DAY = timedelta(days=1)
BLINK = timedelta(seconds=30)


def _clock(store: Store) -> SettableClock:
    clock = demo_clock.clock(store.engine)
    clock.keep_seconds = 0.0
    return clock


def test_a_second_process_sees_the_moved_clock(store: Store) -> None:
    first, second = _clock(store), _clock(store)
    moving = Store(store.engine, first)
    with moving.start_work() as work:
        demo_clock.move(work, work.now + DAY, actor=1)
        work.commit()

    assert abs(second.now() - datetime.now(UTC) - DAY) < BLINK


def test_moves_add_up(store: Store) -> None:
    clock = _clock(store)
    for _ in range(2):
        with Store(store.engine, clock).start_work() as work:
            demo_clock.move(work, work.now + DAY, actor=1)
            work.commit()

    assert abs(clock.now() - datetime.now(UTC) - 2 * DAY) < BLINK


def test_time_does_not_go_back(store: Store) -> None:
    with store.start_work() as work, pytest.raises(InvalidInput) as refused:
        demo_clock.move(work, work.now - DAY, actor=1)

    assert refused.value.code == "clock.back"
