"""A site to click through: the small company with accounts, three processes, and a desk full of tasks."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread
from typing import Any

import waitress
from flask import Flask
from sqlalchemy import select

from engine.approvals import joining
from engine.jobs.runner import Handlers
from engine.kernel.config import Config, Server
from engine.kernel.work import Store
from engine.people import credentials, roles
from engine.people.roles import Grant, Role
from engine.workflow import definitions, instances
from engine.workflow.engine import Engine
from engine.workflow.tables import task
from tests.builders import engines
from tests.integration.people.company import Company, found
from webui.app import create_app

PASSWORD = "letterflow"
HASHED = credentials.hashed(PASSWORD)
ACCOUNTS = ("president", "zhou", "li", "chen", "wang", "sun", "zhao", "admin")
FORM = json.dumps(
    {
        "type": "default",
        "id": "report",
        "components": [
            {
                "type": "textarea",
                "key": "cause",
                "label": "原因",
                "properties": {"en": "Cause"},
                "validate": {"required": True},
            },
            {"type": "number", "key": "amount", "label": "金额", "properties": {"en": "Amount"}},
            {"type": "textfield", "key": "origin", "label": "来源", "properties": {"en": "Origin"}, "readonly": True},
        ],
    }
).encode()


@dataclass
class Site:
    """The application, its engine and its cast; `address` is set while it is served."""

    app: Flask
    engine: Engine
    company: Company
    handlers: Handlers = field(default_factory=Handlers)
    address: str = ""

    def person(self, account: str) -> int:
        """The id of one of the cast."""
        found_id: int = getattr(self.company, account)
        return found_id

    def start(self, key: str, title: str, *, starter: str = "chen") -> int:
        """An instance of one of the three processes; its open task."""
        data = {name: getattr(self.company, name) for name in ACCOUNTS}
        instance = instances.start_one(self.engine, key, data=data, starter=self.person(starter), title=title)
        with self.engine.start_work(reading=True) as work:
            query = select(task.c.id).where(task.c.instance_id == instance, task.c.status == "open")
            return int(work.connection.execute(query.limit(1)).scalar_one())


def build(store: Store, folder: Path, *, demo: bool = False) -> Site:
    """The site on this store: company, accounts (`zhou` / `letterflow`), processes; nothing started yet."""
    engine = engines.make_engine(store, folder)
    joining.join(engine)
    with store.start_work() as work:
        company = found(work)
        for account in ACCOUNTS:
            credentials.set_password(work, getattr(company, account), account, HASHED)
        roles.grant(work, Grant(company.admin, Role.PROCESS_OWNER))
        work.commit()
    for files in (PURCHASE, SEALING, REPORT):
        definitions.deploy(engine, files)
    config = Config(demo=demo, server=Server(secure=False, secret_key="k" * 48))
    app = create_app(engine, config)
    app.config["TESTING"] = False
    return Site(app, engine, company)


@contextmanager
def served(site: Site) -> Iterator[Site]:
    """The site on a free port of this machine."""
    server = waitress.create_server(site.app, host="127.0.0.1", port=0, threads=8)
    site.address = f"http://127.0.0.1:{server.effective_port}"
    stopping = Event()
    thread = Thread(target=_answer, args=(server, stopping), daemon=True)
    thread.start()
    yield site
    stopping.set()
    thread.join()
    server.task_dispatcher.shutdown()
    server.close()
    server.asyncore.close_all(server._map, ignore_all=True)  # browsers keep their connections open


def _answer(server: Any, stopping: Event) -> None:
    # the thread that waits on the sockets is the one that ends: closing them under it is an error
    while not stopping.is_set():
        server.asyncore.loop(timeout=0.05, map=server._map, count=1)


def _drawn(key: str, name: str, nodes: Mapping[str, str]) -> bytes:
    """A diagram of user tasks in a row, with its drawing."""
    ids = ["begin", *nodes, "finish"]
    flows = list(pairwise(ids))
    body = '<startEvent id="begin" name="开始"/>' + "".join(nodes.values()) + '<endEvent id="finish" name="结束"/>'
    body += "".join(f'<sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>' for n, (a, b) in enumerate(flows))
    shapes = "".join(
        f'<di:BPMNShape id="{each}_di" bpmnElement="{each}"><dc:Bounds x="{100 + 160 * n}" '
        f'y="{100 if each in nodes else 122}" width="{100 if each in nodes else 36}" '
        f'height="{80 if each in nodes else 36}"/></di:BPMNShape>'
        for n, each in enumerate(ids)
    )
    edges = "".join(
        f'<di:BPMNEdge id="f{n}_di" bpmnElement="f{n}">'
        f'<wp:waypoint x="{(200 if a in nodes else 136) + 160 * n}" y="140"/>'
        f'<wp:waypoint x="{260 + 160 * n}" y="140"/></di:BPMNEdge>'
        for n, (a, _b) in enumerate(flows)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:lf="urn:letterflow:bpmn:1" xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" '
        'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:wp="http://www.omg.org/spec/DD/20100524/DI" '
        f'id="defs_{key}" targetNamespace="urn:test"><process id="{key}" name="{name}" isExecutable="true">{body}'
        "</process>"
        f'<di:BPMNDiagram id="{key}_diagram"><di:BPMNPlane id="{key}_plane" bpmnElement="{key}">{shapes}{edges}'
        "</di:BPMNPlane></di:BPMNDiagram></definitions>"
    ).encode()


def _task(node: str, name: str, who: tuple[str, ...], options: str, extra: str = "") -> str:
    asked = "".join(f'<lf:who rule="person" value="={each}"/>' for each in who)
    inside = f"<extensionElements>{asked}<lf:node {options}/>{extra}</extensionElements>"
    return f'<userTask id="{node}" name="{name}">{inside}</userTask>'


PURCHASE = {
    "purchase.bpmn": _drawn(
        "purchase",
        "采购申请",
        {
            "review": _task("review", "部门审核", ("zhou", "wang"), 'kind="decide" mode="ANY"'),
            "final": _task("final", "总裁审批", ("president",), 'kind="decide"'),
        },
    )
}
SEALING = {
    "sealing.bpmn": _drawn(
        "sealing", "用印", {"seal": _task("seal", "用印审批", ("zhou",), 'kind="decide" opinion="required"')}
    )
}
REPORT = {
    "report.bpmn": _drawn(
        "report", "进展报告", {"tell": _task("tell", "填写进展", ("chen",), 'kind="act"', '<lf:form key="report"/>')}
    ),
    "report.form.json": FORM,
}
