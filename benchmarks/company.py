"""What is measured: an installation with accounts, approvals joined, and the benchmark's process deployed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine as Database

import engine.tables  # noqa: F401  (declares every table)
from engine.approvals import joining
from engine.jobs.embedded import EmbeddedJobs
from engine.jobs.runner import Handlers
from engine.kernel.calendar_days import Calendars
from engine.kernel.clock import SystemClock
from engine.kernel.database import Base, open_database
from engine.kernel.files import Files
from engine.kernel.work import Store, Work
from engine.people import persons, roles
from engine.people.persons import NewPerson
from engine.people.roles import Grant, Role
from engine.workflow import definitions
from engine.workflow.engine import Engine
from engine.workflow.hooks import Listener
from engine.workflow.views import TaskView

SHARED = Path(__file__).resolve().parents[1] / ".." / "shared" / "bench"
PROCESS = "Process_approval"


class Asked(Listener):
    """Hears which task waits for the approver, as the page that follows a decision shows it."""

    task = 0

    def task_opened(self, engine: Engine, work: Work, task: TaskView, data: Mapping[str, Any]) -> None:
        self.task = task.id


@dataclass(frozen=True)
class Company:
    """A database, the engine on it, who starts and who decides."""

    database: Database
    engine: Engine
    starter: int
    approver: int
    asked: Asked


@contextmanager
def company(url: str, *, create: bool = True) -> Iterator[Company]:
    """An installation at `url`; with `create`, tables, two persons with accounts' rows and the process are made."""
    database = open_database(url)
    if create:
        Base.metadata.create_all(database)
    store = Store(database, SystemClock())
    built = Engine(store.start_work, store.clock, EmbeddedJobs(Handlers()), Files(Path("/nonexistent")), Calendars())
    joining.join(built)
    asked = Asked()
    built.hooks.add(asked)
    starter, approver = _people(built)
    definitions.deploy(built, {"approval.bpmn": (SHARED / "approval.bpmn").read_bytes()})
    yield Company(database, built, starter, approver, asked)
    database.dispose()


def _people(built: Engine) -> tuple[int, int]:
    with built.start_work() as work:
        known = persons.find(work, "B001")
        starter = known.id if known else persons.add(work, NewPerson("B001", "发起人"))
        other = persons.find(work, "B002")
        approver = other.id if other else persons.add(work, NewPerson("B002", "审批人"))
        if not other:
            work.session.flush()
            roles.grant(work, Grant(approver, Role.OPS_HEAD))
        work.commit()
    return starter, approver
