"""An engine with approvals, the company, and short words for what tests do with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine.approvals import decisions, joining
from engine.approvals.decisions import Decided, Decision
from engine.approvals.tables import approval_act, assignment
from engine.kernel.calendar import WorkCalendar
from engine.kernel.files import Files
from engine.kernel.work import Store, Work
from engine.workflow import definitions, instances
from engine.workflow.engine import Engine
from engine.workflow.tables import task
from tests.builders import counting
from tests.integration.people.company import Company, found


@dataclass
class Jobs:
    """Remembers what was handed to workers; nothing runs."""

    durable: bool = True
    handed: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def enqueue(self, work: Work, name: str, args: Mapping[str, Any]) -> None:
        self.handed.append((name, args))


@pytest.fixture
def engine(store: Store, tmp_path: Path) -> Engine:
    made = Engine(store.start_work, store.clock, Jobs(), Files(tmp_path / "files", 1_000_000), lambda _: WorkCalendar())
    joining.join(made)
    return made


@pytest.fixture
def company(store: Store) -> Company:
    with store.start_work() as work:
        founded = found(work)
        work.commit()
    return founded


@dataclass
class Stage:
    """The engine and its company, with the words that tests use."""

    engine: Engine
    company: Company
    store: Store

    def start(self, files: Mapping[str, bytes], **data: Any) -> int:
        """Deploys the diagram and starts an instance by 陈思远 unless the data says another `starter`."""
        key = next(iter(files)).removesuffix(".bpmn")
        definitions.deploy(self.engine, files)
        starter = data.pop("starter", self.company.chen)
        named = {name: data.get(name) for name in ("title", "subject", "business_key")}
        return instances.start_one(self.engine, key, data=data, starter=starter, **named)

    def open(self) -> list[tuple[int, str]]:
        """The open tasks: id and node, oldest first."""
        with self.store.start_work(reading=True) as work:
            query = select(task.c.id, task.c.node).where(task.c.status == "open").order_by(task.c.id)
            return [(row.id, row.node) for row in work.connection.execute(query)]

    def task(self, node: str | None = None) -> int:
        """The newest open task, at this node when given."""
        return next(number for number, at in reversed(self.open()) if node in (None, at))

    def asked(self, task_id: int | None = None) -> list[tuple[int, str]]:
        """Who has an assignment for the task, and how it stands, in order."""
        query = select(assignment.c.person_id, assignment.c.state).where(
            assignment.c.task_id == (task_id or self.task())
        )
        with self.store.start_work(reading=True) as work:
            rows = work.connection.execute(query.order_by(assignment.c.position, assignment.c.id))
            return [(row.person_id, row.state) for row in rows]

    def say(self, person: int, outcome: str, task_id: int | None = None, **more: Any) -> Decided:
        """The person decides the newest open task."""
        said = {"opinion": "因为", **more} if outcome in ("REJECTED", "RETURNED") else more
        return decisions.decide(self.engine, task_id or self.task(), person, Decision(outcome, **said))

    def approve(self, person: int, task_id: int | None = None, **more: Any) -> Decided:
        return self.say(person, "APPROVED", task_id, **more)

    def acts(self, instance: int) -> list[str]:
        """The acts on record, oldest first."""
        query = select(approval_act.c.act).where(approval_act.c.instance_id == instance).order_by(approval_act.c.id)
        with self.store.start_work(reading=True) as work:
            return list(work.connection.execute(query).scalars())

    def status(self, instance: int) -> str:
        return instances.view(self.engine, instance).status

    def data(self, instance: int) -> Mapping[str, Any]:
        return instances.data(self.engine, instance)

    def statements(self, act: Any) -> list[str]:
        """The SQL statements that `act` needs."""
        with counting.statements() as counted:
            act()
        return counted.texts


@pytest.fixture
def stage(engine: Engine, company: Company, store: Store) -> Stage:
    return Stage(engine, company, store)
