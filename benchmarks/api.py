"""The interface for programs: requests of one thread per second, statements of one request, work done per second."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event

from benchmarks.company import Company, company
from benchmarks.growth import FEW, MANY, fill_inbox, milliseconds
from engine.kernel.config import Config, Server
from engine.people import roles, tokens
from engine.people.roles import Grant, Role
from engine.people.tokens import NewToken, Scope
from engine.workflow import definitions, instances
from webui.app import create_app

PRINTING = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:lf="urn:letterflow:bpmn:1" id="d"
 targetNamespace="t"><process id="printing" isExecutable="true"><startEvent id="b"/><serviceTask id="p">
 <extensionElements><lf:operation topic="print"/></extensionElements></serviceTask><endEvent id="e"/>
 <sequenceFlow id="f1" sourceRef="b" targetRef="p"/><sequenceFlow id="f2" sourceRef="p" targetRef="e"/>
 </process></definitions>"""
PIECES = 300


def tasks() -> dict[str, Any]:
    """`GET /api/v1/tasks` (50 rows) of somebody with many open tasks, through the whole application."""
    found: dict[str, Any] = {}
    for count in (FEW, MANY):
        with tempfile.TemporaryDirectory() as folder, company(f"sqlite:///{Path(folder) / 'api.sqlite3'}") as place:
            fill_inbox(place, count)
            get = _getter(place, "/api/v1/tasks?limit=50")
            found[f"ms_at_{count}"] = milliseconds(get)
            found["statements"] = _statements(place, get)
    found["per_second"] = round(1000 / found[f"ms_at_{MANY}"])
    return {**found, "ratio": round(found[f"ms_at_{MANY}"] / found[f"ms_at_{FEW}"], 2)}


def work() -> dict[str, Any]:
    """Pieces of work fetched ten at a time and completed with keys, per second, on SQLite."""
    with tempfile.TemporaryDirectory() as folder, company(f"sqlite:///{Path(folder) / 'work.sqlite3'}") as place:
        definitions.deploy(place.engine, {"printing.bpmn": PRINTING.encode()})
        for _ in range(PIECES):
            instances.start_one(place.engine, "printing")
        post, done = _poster(place), 0
        began = time.perf_counter()
        while found := post("work/fetch", {"worker": "w", "topics": ["print"], "max": 10})["items"]:
            for each in found:
                post(f"work/{each['id']}/complete", {"worker": "w", "variables": {"n": 1}}, key=f"c{each['id']}")
                done += 1
        return {"pieces": done, "per_second": round(done / (time.perf_counter() - began))}


def _client(place: Company) -> tuple[FlaskClient, dict[str, str]]:
    config = Config(server=Server(secure=False, secret_key="k" * 48, api_per_minute=10_000_000))
    with place.engine.start_work() as work_:
        roles.grant(work_, Grant(place.approver, Role.PROCESS_OWNER))
        work_.commit()
    new = NewToken("bench", frozenset(Scope), 1)
    made = tokens.create(place.engine.start_work, place.approver, new, actor=None)
    client = create_app(place.engine, config).test_client(use_cookies=False)
    return client, {"Authorization": f"Bearer {made.text}"}


def _getter(place: Company, path: str) -> Callable[[], object]:
    client, headers = _client(place)

    def get() -> object:
        answer = client.get(path, headers=headers)
        assert len(answer.get_json()["items"]) == 50
        return answer

    return get


def _poster(place: Company) -> Callable[..., Any]:
    client, headers = _client(place)

    def post(path: str, sent: dict[str, Any], *, key: str | None = None) -> Any:
        with_key = {**headers, "Idempotency-Key": key} if key else headers
        answer = client.post(f"/api/v1/{path}", json=sent, headers=with_key)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    return post


def _statements(place: Company, act: Callable[[], object]) -> int:
    with _heard(place) as seen:
        act()
    return len(seen)


@contextmanager
def _heard(place: Company) -> Iterator[list[str]]:
    seen: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(place.database, "before_cursor_execute", hear)
    yield seen
    event.remove(place.database, "before_cursor_execute", hear)
