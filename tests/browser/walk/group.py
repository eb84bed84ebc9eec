"""The group of the demo, seeded once and served: letters in every state, somebody for each role."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from engine.approvals.tables import assignment
from engine.kernel.config import Config, Database, Files, Server
from engine.letters.deliverable_specs import DeliverableSpecRow
from engine.letters.items import ItemRow
from engine.letters.letters import LetterRow
from engine.letters.states import LetterState
from engine.people import credentials, persons
from engine.workflow import definitions
from engine.workflow.engine import Engine
from engine.workflow.migration import runs, terms
from engine.workflow.tables import instance, task
from tests.builders import site as sites
from tests.builders.site import Site
from tests.paths import ROOT, SCRATCH
from webui import wiring
from webui.app import create_app
from webui.demo import seeding

ROLES = {
    "employee": "chensiyuan",
    "head": "lijianguo",
    "leader": "zhouwenbo",
    "operations": "zhaoxue",
    "president": "hanzhenbang",
    "committee": "shenguodong",
    "hr": "fuwei",
    "auditor": "guyan",
    "owner": "hejing",
    "admin": "liangzhihua",
}


@dataclass(frozen=True)
class Group:
    """The served demo: persons by role, and for each kind of open work somebody who has it and its address."""

    app: Flask
    engine: Engine
    people: dict[str, int]
    duties: dict[str, tuple[int, str]]
    site: Site

    def person(self, role: str) -> int:
        """The id of somebody with this role or duty."""
        return self.people[role] if role in self.people else self.duties[role][0]

    @property
    def address(self) -> str:
        return self.site.address


@contextmanager
def opened() -> Iterator[Group]:
    """A fresh database with the group in it, served until the block ends."""
    with tempfile.TemporaryDirectory(prefix="letterflow-walk-", dir=SCRATCH) as folder:
        config = _config(Path(folder))
        seeding.seed(config, lambda _line: None, "zh")
        installation = wiring.install(config)
        _try_migration(installation.engine)
        app = create_app(installation.engine, config)
        made = Site(app, installation.engine, None)  # type: ignore[arg-type]  # its company is the demo's, not the builder's
        with sites.served(made):
            yield Group(app, installation.engine, _people(installation.engine), _duties(installation.engine), made)
        installation.database.dispose()


def _try_migration(engine: Engine) -> None:
    """Another version of a process, without the node where most of its instances stand, and what a dry run says."""
    busiest = select(task.c.node, instance.c.key).join(instance, instance.c.id == task.c.instance_id)
    busiest = busiest.where(task.c.status == "open").group_by(task.c.node, instance.c.key)
    with engine.start_work(reading=True) as work:
        node, key = work.connection.execute(busiest.order_by(func.count().desc()).limit(1)).one()
        old = definitions.current(work, key)
        files = definitions.files(work, old.id)
    gone = {name: content.replace(f'"{node}"'.encode(), f'"{node}_2"'.encode()) for name, content in files.items()}
    new = definitions.deploy(engine, gone)
    with engine.start_work(reading=True) as work:
        asked = terms.read(engine, work, key, (old.version, new.version))
    migration = runs.begin(engine, asked, None, trial=True)
    while runs.work_off(engine, migration):
        pass


def _config(folder: Path) -> Config:
    return Config(
        demo=True,
        processes=ROOT / "processes",
        database=Database(url=f"sqlite:///{folder / 'group.db'}"),
        files=Files(folder=folder / "files"),
        server=Server(secure=False, secret_key="w" * 48),
    )


def _people(engine: Engine) -> dict[str, int]:
    with engine.start_work(reading=True) as work:
        known = {credentials.account_of(work, each.id): each.id for each in persons.everyone(work)}
    return {role: known[account] for role, account in ROLES.items()}


def _duties(engine: Engine) -> dict[str, tuple[int, str]]:
    """`the task "edit"` → who has it open, and its page."""
    wanted = (
        select(task.c.node, assignment.c.person_id, task.c.id)
        .join(assignment, assignment.c.task_id == task.c.id)
        .where(task.c.status == "open", assignment.c.state.in_(("PENDING", "POOLED")))
    )
    with engine.start_work(reading=True) as work:
        rows = work.connection.execute(wanted).all()
        proof = work.connection.execute(_PROOF).first()
    found = {f"the task {node}": (int(person), f"/inbox/tasks/{number}") for node, person, number in rows}
    if proof is not None:
        found["a deliverable"] = (int(proof.owner_id), f"/letters/items/{proof.id}/deliverables")
    return found


_PROOF = (
    select(ItemRow.owner_id, ItemRow.id)
    .join(DeliverableSpecRow, DeliverableSpecRow.item_id == ItemRow.id)
    .join(LetterRow, LetterRow.id == ItemRow.letter_id)
    .where(LetterRow.status == LetterState.EFFECTIVE)
    .limit(1)
)
"""Whoever owes a deliverable of a letter in force."""
