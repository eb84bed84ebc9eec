"""The first run: what an empty installation needs, step by step, until it has it or somebody waves it away."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import func, select

from engine.kernel.work import Work
from engine.letters.letters import LetterRow
from engine.people import preferences
from engine.people.credentials import CredentialRow
from engine.people.orgs import OrgRow
from engine.workflow import definitions
from engine.workflow.engine import Engine
from webui.family import Rendered
from webui.i18n import lazy_gettext as _l
from webui.viewer import Viewer


@dataclass(frozen=True)
class Step:
    """One thing to do; `done` is seen from what is there."""

    label: Any
    href: str
    done: bool


def checklist(engine: Engine, viewer: Viewer) -> Rendered | None:
    """For administrators of an installation that lacks something."""
    if not viewer.may("ADMIN"):
        return None
    with engine.start_work(reading=True) as work:
        if preferences.read(work, viewer.id).get("begun"):
            return None
        steps = _steps(work)
    return None if all(step.done for step in steps) else Rendered("home/checklist.html", {"steps": steps})


def _steps(work: Work) -> tuple[Step, ...]:
    orgs, letters, accounts = (_some(work, table) for table in (OrgRow, LetterRow, CredentialRow))
    return (
        Step(_l("Import the organisation"), url_for("workbooks.orgs"), orgs > 1),
        Step(_l("Import letters"), url_for("workbooks.letters"), letters > 0),
        Step(_l("Publish the processes"), url_for("processes.index"), bool(definitions.active(work))),
        Step(_l("Invite colleagues"), url_for("admin.users"), accounts > 1),
    )


def _some(work: Work, table: Any) -> int:
    few = select(table.__table__.primary_key.columns.values()[0]).limit(2).subquery()
    return int(work.session.execute(select(func.count()).select_from(few)).scalar_one())
