"""A database after years: a million ended and a hundred thousand open instances beside an empty one, taking turns."""

import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from benchmarks import filling, throughput
from benchmarks.company import PROCESS, Company, company
from engine.approvals import inbox
from engine.kernel import audit_pages
from engine.workflow import instances, timers
from engine.workflow.tables import instance
from tests import postgres

FULL = (1_000_000, 100_000)
"""Ended and open instances."""

NEW = (1_000, 500)
MINE = 500
"""How many of the open ones wait for the one who looks, in both."""

ROUNDS = 60


def on_sqlite() -> dict[str, Any]:
    """Milliseconds of each figure in both databases, and how much worse the full one is."""
    with tempfile.TemporaryDirectory() as folder:
        return _compared([f"sqlite:///{Path(folder) / name}.sqlite3" for name in ("empty", "full")])


def on_postgresql() -> dict[str, Any]:
    """The same on PostgreSQL."""
    with postgres.server(durable=True) as server:
        return _compared([server.url(server.create()) for _ in range(2)])


def _compared(urls: list[str]) -> dict[str, Any]:
    with ExitStack() as stack:
        new, full = (stack.enter_context(company(url)) for url in urls)
        _fill(new, *NEW)
        at = time.perf_counter()
        _fill(full, *FULL)
        filled = time.perf_counter() - at
        found = {name: _turns(act, new, full) for name, act in _FIGURES.items()}
    worse = {name: round(ms[1] / ms[0], 2) for name, ms in found.items()}
    return {
        "ended, open": FULL, "filled_s": round(filled, 1),
        **{f"{name}_ms": [round(each, 3) for each in ms] for name, ms in found.items()},
        "ratios": worse, "worst": max(worse.values()),
    }  # fmt: skip


def _fill(place: Company, ended: int, waiting: int) -> None:
    throughput.play(place, 0)
    filling.copy(place, _latest(place), ended)
    instances.start_one(place.engine, PROCESS, title="Request", starter=place.starter)
    filling.copy(place, _latest(place), waiting, mine_every=waiting // MINE)


def _latest(place: Company) -> int:
    with place.engine.start_work(reading=True) as work:
        return int(work.connection.execute(select(func.max(instance.c.id))).scalar_one())


def _turns(act: Callable[[Company], object], *places: Company) -> list[float]:
    """Median milliseconds in each place; they take turns, so that a busy machine slows both."""
    spans: list[list[float]] = [[] for _ in places]
    for number in range(ROUNDS + 5):
        for place, kept in zip(places, spans, strict=True):
            at = time.perf_counter()
            act(place)
            if number >= 5:
                kept.append((time.perf_counter() - at) * 1e3)
    return [statistics.median(kept) for kept in spans]


def _instances(place: Company) -> None:
    with place.engine.start_work(reading=True) as work:
        instances.page(work, limit=50)


def _audit(place: Company) -> None:
    with place.engine.start_work(reading=True) as work:
        audit_pages.page(work, audit_pages.Wanted(), limit=50)


_FIGURES: Mapping[str, Callable[[Company], object]] = {
    "instance": lambda place: throughput.play(place, 0),
    "inbox": lambda place: inbox.page(place.engine, place.approver, "todo"),
    "done": lambda place: inbox.page(place.engine, place.approver, "done"),
    "counts": lambda place: inbox.counts(place.engine, place.approver),
    "instances": _instances,
    "audit": _audit,
    "tick": lambda place: timers.ring(place.engine),
}
