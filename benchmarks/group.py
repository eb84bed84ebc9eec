"""The demo's group with a hundred thousand open tasks, for measures of whole pages."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from benchmarks import filling
from benchmarks.company import Asked, Company
from engine.approvals.tables import assignment
from engine.kernel.config import Config, Files, Server
from engine.kernel.config import Database as DatabaseSettings
from engine.people import credentials, persons
from engine.workflow.engine import Engine
from engine.workflow.tables import task
from webui import wiring
from webui.app import create_app
from webui.demo import seeding
from webui.demo.habits import PASSWORD

TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


@dataclass(frozen=True)
class Group:
    """The application over a seeded demo, without the bar of its clock; `people` are ids by account."""

    app: Flask
    engine: Engine
    people: dict[str, int]

    def client(self, account: str) -> FlaskClient:
        """A browser without scripts that is signed in as this person."""
        client = self.app.test_client()
        token = TOKEN.search(client.get("/login").text)
        assert token
        client.post("/login", data={"csrf_token": token[1], "account": account, "password": PASSWORD})
        return client

    def task_of(self, account: str) -> int:
        """One of the tasks that wait for this person."""
        mine = (assignment.c.person_id == self.people[account]) & assignment.c.state.in_(("PENDING", "POOLED"))
        wanted = select(assignment.c.task_id).join(task, task.c.id == assignment.c.task_id)
        with self.engine.start_work(reading=True) as work:
            found = work.connection.execute(wanted.where(mine, task.c.status == "open").order_by(assignment.c.id))
            return int(found.scalars().first() or 0)


@contextmanager
def seeded(open_tasks: int = 0, approver: str = "zhouwenbo", *, mine_every: int = 200) -> Iterator[Group]:
    """The group; with `open_tasks` copies of an open task of `approver`, every `mine_every`-th theirs."""
    with tempfile.TemporaryDirectory(prefix="letterflow-bench-") as folder:
        config = Config(
            demo=True,
            database=DatabaseSettings(url=f"sqlite:///{Path(folder) / 'group.db'}"),
            files=Files(folder=Path(folder) / "files"),
            server=Server(secure=False, secret_key="b" * 48),
        )
        seeding.seed(config, lambda _line: None, "zh")
        installed = wiring.install(config)
        with installed.engine.start_work(reading=True) as work:
            known = {credentials.account_of(work, each.id): each.id for each in persons.everyone(work)}
        people = {account: person for account, person in known.items() if account}
        group = Group(create_app(installed.engine, replace(config, demo=False)), installed.engine, people)
        if open_tasks:
            _fill(group, Company(installed.database, installed.engine, people["gaoweimin"], people[approver], Asked()),
                  group.task_of(approver), open_tasks, mine_every)  # fmt: skip
        yield group
        installed.database.dispose()


def _fill(group: Group, place: Company, task_id: int, count: int, mine_every: int) -> None:
    with group.engine.start_work(reading=True) as work:
        wanted = select(task.c.instance_id).where(task.c.id == task_id)
        instance = int(work.connection.execute(wanted).scalar_one())
    filling.copy(place, instance, count, mine_every=mine_every)
