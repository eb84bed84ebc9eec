"""Growth: what a thousandth round, a hundred thousand tasks or timers cost, compared with few of them."""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from benchmarks import filling
from benchmarks.company import PROCESS, Company, company
from engine.approvals import decisions, inbox
from engine.approvals.decisions import Decision
from engine.workflow import instances, timers
from engine.workflow.tables import instance_state, timer

MANY = 100_000
FEW = 1_000


def rounds(count: int = 1000) -> dict[str, Any]:
    """Draft and reject `count` times in one instance: seconds of the tenth and the last step, bytes of state."""
    with tempfile.TemporaryDirectory() as folder, company(f"sqlite:///{Path(folder) / 'rounds.sqlite3'}") as place:
        instances.start_one(place.engine, PROCESS, title="Request", starter=place.starter)
        times, sizes = [], []
        for number in range(count):
            for values in ({"amount": number, "body": "x" * 200}, {"approved": False, "comment": "c"}):
                at = time.perf_counter()
                decisions.decide(place.engine, place.asked.task, place.approver, Decision("DONE", values=values))
                times.append(time.perf_counter() - at)
            sizes.append(_state_bytes(place))
    tenth, last = (statistics.median(part) * 1e3 for part in (times[10:30], times[-20:]))
    return {
        "rounds": count,
        "tenth_ms": round(tenth, 2),
        "last_ms": round(last, 2),
        "ratio": round(last / tenth, 2),
        "state_bytes_first": sizes[0],
        "state_bytes_last": sizes[-1],
    }


def inbox_page() -> dict[str, Any]:
    """A page of the inbox of somebody with many open tasks, among as many of other people."""
    found = {}
    for count in (FEW, MANY):
        with tempfile.TemporaryDirectory() as folder, company(f"sqlite:///{Path(folder) / 'inbox.sqlite3'}") as place:
            fill_inbox(place, count)
            found[count] = milliseconds(lambda place=place: inbox.page(place.engine, place.approver, "todo"))
    return grown("inbox page", found)


def idle_tick() -> dict[str, Any]:
    """A look of the clock when nothing is due, among many armed timers."""
    found = {}
    for count in (FEW, MANY):
        with tempfile.TemporaryDirectory() as folder, company(f"sqlite:///{Path(folder) / 'timers.sqlite3'}") as place:
            _fill_timers(place, count)
            found[count] = milliseconds(lambda place=place: timers.ring(place.engine))
    return grown("idle tick", found)


def grown(what: str, found: dict[int, float]) -> dict[str, Any]:
    return {
        "what": what,
        **{f"ms_at_{count}": ms for count, ms in found.items()},
        "ratio": round(found[MANY] / found[FEW], 2),
    }


def milliseconds(act: Callable[[], object]) -> float:
    for _ in range(5):
        act()
    samples = []
    for _ in range(30):
        at = time.perf_counter()
        act()
        samples.append(time.perf_counter() - at)
    return round(statistics.median(samples) * 1e3, 2)


def _state_bytes(place: Company) -> int:
    with place.engine.start_work(reading=True) as work:
        return int(work.connection.execute(select(func.length(instance_state.c.state))).scalar_one())


def fill_inbox(place: Company, count: int) -> None:
    """Copies of one real instance with its task and assignment: every second belongs to somebody else."""
    instance_id = instances.start_one(place.engine, PROCESS, title="Request", starter=place.starter)
    filling.copy(place, instance_id, count, mine_every=2)


def _fill_timers(place: Company, count: int) -> None:
    instance_id = instances.start_one(place.engine, PROCESS, title="Request", starter=place.starter)
    with place.engine.start_work() as work:
        due = work.now + timedelta(days=1)
        row = {"instance_id": instance_id, "node": "n", "kind": "boundary", "seq": 0, "state": "waiting"}
        for start in range(0, count, 10_000):
            numbers = range(start, min(start + 10_000, count))
            rows = [{**row, "token": f"t{number}", "due_at": due + timedelta(seconds=number)} for number in numbers]
            work.connection.execute(insert(timer), rows)
        work.commit()
