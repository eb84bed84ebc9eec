"""Brings the example group into an empty installation: processes, calendar, people, regulation, the year's letters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from engine import upgrade
from engine.kernel import calendar_days
from engine.kernel.errors import InvalidInput, Unavailable
from engine.letters import regulations
from engine.letters.workbook import importing
from engine.people import workbook as people
from engine.workflow import definitions
from webui.demo.habits import PASSWORD
from webui.wiring import Installation

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ARTICLES = (
    {"no": "第 6 条", "text": "责任书权重合计 100,关键项不低于 50", "names": ["drafting"]},
    {"no": "第 9 条", "text": "计划运营可强制增删", "names": ["drafting.forced"]},
    {"no": "第 14 条", "text": "按约定方法计分,得分公示贡献", "names": ["scoring"]},
    {"no": "第 18 条", "text": "预警分级与督办", "names": ["watching"]},
    {"no": "第 21 条", "text": "一票否决", "names": ["scoring.veto"]},
    {"no": "第 25 条", "text": "目标调整", "names": ["adjusting"]},
)


PARAMETERS = {"cycle": {"progress_key_weekday": 5, "month_org_types": ["SUBSIDIARY", "PROJECT"]}}
"""Subsidiaries and projects have monthly letters, progress is reported once a week; else the defaults from practice."""


@dataclass(frozen=True)
class Founded:
    """What was brought in; `letters` maps names in the workbook to ids."""

    orgs: int
    people: int
    letters: Mapping[str, int]


def bring_in(installation: Installation, *workbooks: str) -> Founded:
    """Create the tables, deploy the processes, import the group and the letters of the workbooks named.

    Raises Unavailable where the examples are not beside the program, InvalidInput where the database is in use.
    """
    engine = installation.engine
    upgrade.upgrade(installation.database)
    with engine.start_work() as work:
        calendar_days.seed(work, range(2018, (work.now + timedelta(days=366)).year + 1))
        work.commit()
    definitions.deploy_all(engine, installation.config.processes)
    report = people.load(engine.start_work, _read("organisation.xlsx"), actor=None, password=PASSWORD)
    if report.refused:
        raise InvalidInput("demo.organisation", f"the example group was refused: {report.problems[0].message}")
    regulate(installation)
    letters: dict[str, int] = {}
    for name in workbooks:
        letters |= importing.load_or_refuse(engine.start_work, _read(name), actor=None).letters
    return Founded(report.orgs, report.persons, letters)


def regulate(installation: Installation) -> None:
    """The group's regulation, in force since the beginning of the year; the one that is there stays."""
    with installation.engine.start_work() as work:
        if regulations.everyone(work):
            return
        made = regulations.add(
            work,
            no="XH-ZD-2026-01",
            title="目标责任书管理办法",
            params=PARAMETERS,
            articles=ARTICLES,
            effective_from=date(work.now.year, 1, 1),
        )
        regulations.approve(work, made, actor=None)
        regulations.put_in_force(work, made, actor=None)
        work.commit()


def _read(name: str) -> bytes:
    path = EXAMPLES / name
    if not path.is_file():
        raise Unavailable("demo.examples", f"{path} is missing: the demo needs the folder examples/", path=str(path))
    return path.read_bytes()
