"""The whole month in order, and whether everything that must hold held."""

import time
from collections.abc import Callable

from sqlalchemy import func, select

from engine.kernel.audit import history
from engine.kernel.config import Config
from engine.kernel.work import Work
from webui.demo import invariants, judging, negotiating, running, year
from webui.demo.stage import Stage, open_stage, wall

PERIOD = "202611"
CHAPTERS = (year.play, negotiating.play, running.play, judging.play)


def play(config: Config, write: Callable[[str], object], language: str) -> bool:
    """Play November 2026 in the configured, empty database; False when an invariant broke or the story went wrong."""
    began = time.monotonic()
    stage = open_stage(config, PERIOD, wall(2026, 10, 16), write, language)
    stage.account.chapter("title", period=PERIOD)
    for chapter in CHAPTERS:
        chapter(stage)
    good = _check(stage)
    with stage.engine.start_work(reading=True) as work:
        lines = _count(work)
    figures = {"tasks": stage.people.done, "timers": stage.clockwork.fired, "history": lines}
    stage.account.chapter("figures", **figures, seconds=time.monotonic() - began)
    stage.clockwork.installation.stop()
    return good


def _check(stage: Stage) -> bool:
    stage.account.chapter("checks")
    found = invariants.broken(stage.engine.start_work)
    found["story"] = [*stage.expected, *stage.people.problems]
    for name, problems in found.items():
        result = "; ".join(problems[:5]) if problems else stage.account.word("ok")
        stage.account.add("check", name=stage.account.word(name), result=result)
    return not any(found.values())


def _count(work: Work) -> int:
    return int(work.connection.execute(select(func.count()).select_from(history)).scalar_one())
