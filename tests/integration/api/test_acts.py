"""Acts over the API: what programs do for people, and what they are told when it cannot be."""

from pathlib import Path

import pytest

from engine.kernel.config import Config, Server
from engine.kernel.work import Store
from engine.letters.drafting import copying
from engine.people import persons, tokens
from engine.people.persons import NewPerson
from engine.people.tokens import NewToken, Scope
from engine.workflow import instances
from tests.builders import drafts
from tests.builders.site import Site
from tests.integration.api import seeded
from tests.integration.api.conftest import API, MakeProgram
from webui.app import create_app

APPROVED = {"outcome": "APPROVED"}


@pytest.fixture
def full(store: Store, tmp_path: Path) -> Site:
    return seeded.build(store, tmp_path)


def test_a_decision_moves_the_instance_on(site: Site, program: MakeProgram) -> None:
    task, zhou = site.start("purchase", "采购申请"), program("zhou")

    shown = zhou.get(f"/tasks/{task}").json
    decided = zhou.post(f"/tasks/{task}/decision", {**APPROVED, "opinion": "同意"}).json

    assert shown["may"] == ["add", "decision", "delegate", "transfer"]
    assert [each["person"]["name"] for each in shown["assignments"]] == ["周文博", "王敏"]
    assert decided == {"task": task, "task_status": "completed", "instance": 1, "instance_status": "running",
                       "outcome": "APPROVED"}  # fmt: skip
    assert [each["name"] for each in program("president").get("/tasks").json["items"]] == ["总裁审批"]


def test_a_second_decision_is_told_who_was_faster_in_the_language_asked_for(site: Site, program: MakeProgram) -> None:
    """APR-34"""
    task, zhou = site.start("purchase", "采购申请"), program("zhou")
    program("wang").post(f"/tasks/{task}/decision", APPROVED)

    english = zhou.post(f"/tasks/{task}/decision", APPROVED, headers={"Accept-Language": "en-GB"})
    chinese = zhou.post(f"/tasks/{task}/decision", APPROVED, headers={"Accept-Language": "zh-CN,en;q=0.5"})

    assert [english.status_code, chinese.status_code] == [409, 409]
    assert english.mimetype == "application/problem+json"
    assert english.json["type"] == "urn:letterflow:problem:task.decided"
    assert "王敏 decided this" in english.json["detail"] and "已由 王敏 于" in chinese.json["detail"]
    assert english.json["fields"]["name"] == "王敏"


def test_values_of_a_form_are_sent_and_checked_as_on_the_page(site: Site, program: MakeProgram) -> None:
    task, chen = site.start("report", "进展", starter="zhou"), program("chen")

    form = chen.get(f"/tasks/{task}").json["form"]
    lacking = chen.post(f"/tasks/{task}/decision", {"outcome": "DONE", "values": {}})
    forged = chen.post(f"/tasks/{task}/decision", {"outcome": "DONE", "values": {"cause": "x", "origin": "y"}})
    done = chen.post(f"/tasks/{task}/decision", {"outcome": "DONE", "values": {"cause": "供货", "amount": 12.5}})

    assert [each["key"] for each in form["components"]] == ["cause", "amount", "origin"]
    assert [lacking.status_code, forged.status_code, done.status_code] == [422, 422, 200]
    assert str(instances.data(site.engine, 1)["amount"]) == "12.5"


def test_a_task_is_handed_on_asked_about_recalled_and_urged(site: Site, program: MakeProgram) -> None:
    task, zhou, sun = site.start("sealing", "用印"), program("zhou"), site.person("sun")

    asked = zhou.post(f"/tasks/{task}/delegate", {"to": sun, "reason": "金额对吗"})
    recalled = zhou.post(f"/tasks/{task}/recall")
    urged = program("chen").post(f"/tasks/{task}/urge")
    silent = zhou.post(f"/tasks/{task}/transfer", {"to": sun})
    handed = zhou.post(f"/tasks/{task}/transfer", {"to": sun, "reason": "由财务办理"})

    assert [each.status_code for each in (asked, recalled, urged, silent, handed)] == [200, 200, 200, 422, 200]
    assert [each["task"] for each in program("sun").get("/tasks").json["items"]] == [task]


def test_a_decision_is_taken_back(site: Site, program: MakeProgram) -> None:
    task, zhou = site.start("purchase", "采购申请"), program("zhou")
    zhou.post(f"/tasks/{task}/decision", APPROVED)

    back = zhou.post(f"/tasks/{task}/retract", key="back")

    assert back.status_code == 200
    assert [each["task"] for each in zhou.get("/tasks").json["items"]] == [back.json["task"]]


def test_what_cannot_be_read_is_refused_at_its_field(site: Site, program: MakeProgram) -> None:
    task, zhou = site.start("purchase", "采购申请"), program("zhou")
    wrong: list[tuple[dict[str, object], str]] = [
        ({}, "outcome"),
        ({"outcome": "MAYBE"}, "outcome"),
        ({**APPROVED, "colour": 1}, "colour"),
        ({**APPROVED, "opinion": "x" * 2001}, "opinion"),
        ({**APPROVED, "values": []}, "values"),
        ({**APPROVED, "opinion": 5}, "opinion"),
    ]

    for sent, name in wrong:
        answer = zhou.post(f"/tasks/{task}/decision", sent)
        assert (answer.status_code, answer.json["code"]) == (422, "request.fields"), sent
        assert name in answer.json["fields"]["errors"]


def test_a_body_that_is_no_json_or_too_large_is_refused(site: Site, program: MakeProgram) -> None:
    task, zhou = site.start("purchase", "采购申请"), program("zhou")
    headers = {"Authorization": f"Bearer {zhou.token}", "Content-Type": "application/json"}
    bodies = {b"{": 400, b"[" * 100_000: 400, b'"' + b"x" * 1_100_000 + b'"': 413, b'{"outcome": "\\ud800"}': 422}

    for body, status in bodies.items():
        answer = zhou.client.post(f"{API}/tasks/{task}/decision", data=body, headers=headers)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), body[:20]


def test_what_no_database_keeps_is_refused(full: Site) -> None:
    client, headers = full.app.test_client(use_cookies=False), _bearer(seeded.token(full))
    nested: list[object] = []
    for _ in range(60):
        nested = [nested]

    for odd in ("a\0b", 10**30, nested):
        answer = client.post(f"{API}/messages", json={"name": "m", "data": {"x": odd}}, headers=headers)
        assert answer.status_code == 422 and answer.json["code"] in {"request.signs", "request.size"}


def test_a_message_reaches_whoever_waits(full: Site) -> None:
    client, token = full.app.test_client(use_cookies=False), seeded.token(full)

    answer = client.post(f"{API}/messages", json={"name": "paid", "data": {"sum": 5}}, headers=_bearer(token))

    assert answer.json == {"reached": 3}


def test_an_administrator_suspends_resumes_and_cancels(full: Site) -> None:
    client, headers = full.app.test_client(use_cookies=False), _bearer(seeded.token(full))

    told = [
        client.post(f"{API}/instances/1/{act}", json={"reason": "审计"}, headers=headers)
        for act in ("suspend", "resume", "cancel", "cancel")
    ]

    assert [(each.status_code, each.json.get("status")) for each in told[:3]] == [
        (200, "suspended"),
        (200, "running"),
        (200, "cancelled"),
    ]
    assert (told[3].status_code, told[3].json["code"]) == (409, "instance.ended")


def test_only_administrators_and_process_owners_start_processes(full: Site) -> None:
    client = full.app.test_client(use_cookies=False)
    sent = {"title": "采购", "data": {"zhou": full.person("zhou"), "wang": full.person("wang"), "president": 1}}

    refused = client.post(
        f"{API}/definitions/purchase/instances", json=sent, headers=_bearer(seeded.token(full, "chen"))
    )
    made = client.post(f"{API}/definitions/purchase/instances", json=sent, headers=_bearer(seeded.token(full)))
    unknown = client.post(f"{API}/definitions/nothing/instances", json=sent, headers=_bearer(seeded.token(full)))

    assert [refused.status_code, made.status_code, unknown.status_code] == [403, 201, 404]
    assert made.json["starter"]["id"] == full.person("admin")


def test_a_letter_is_read_changed_and_a_lost_update_refused(full: Site) -> None:
    client, li = full.app.test_client(use_cookies=False), _bearer(seeded.token(full, "li"))
    reader = _bearer(seeded.token(full, "sun"))
    letters = client.get(f"{API}/letters", headers=li).json["items"]
    running = next(each for each in letters if each["status"] == "EFFECTIVE")

    shown = client.get(f"{API}/letters/{running['id']}", headers=li).json
    kpi = next(each for each in shown["items"] if each["name"] == "销售回款额")
    change = {"revision": kpi["revision"], "values": {"target": "9000"}}
    in_force = client.post(f"{API}/items/{kpi['id']}/change", json=change, headers=li)
    not_mine = client.post(f"{API}/items/{kpi['id']}/progress", json={"percent": "10"}, headers=reader)

    assert (running["weight"], kpi["target"], kpi["points"]) == ("100", "10000", "35")
    assert in_force.status_code == 409 and not_mine.status_code == 403


def test_an_item_of_a_draft_is_changed_with_the_revision_that_was_read(full: Site) -> None:
    """Optimistic concurrency: the second of two who read the same is told, and overwrites nothing."""
    client, li = full.app.test_client(use_cookies=False), _bearer(seeded.token(full, "li"))
    draft = client.get(f"{API}/letters?status=DRAFT", headers=li).json["items"][0]["id"]
    with full.engine.start_work() as work:
        copying.add_item(work, draft, drafts.kpi(full.company), actor=full.company.li)
        outsider = persons.add(work, NewPerson("T099", "外人"))
        work.commit()
    new = NewToken("x", frozenset(Scope), 1)
    theirs = _bearer(tokens.create(full.engine.start_work, outsider, new, actor=None).text)
    (kpi,) = client.get(f"{API}/letters/{draft}", headers=li).json["items"]
    place, read = f"{API}/items/{kpi['id']}/change", {"revision": kpi["revision"]}

    first = client.post(place, json={**read, "values": {"target": "9000"}}, headers=li)
    second = client.post(place, json={**read, "values": {"target": "9500"}}, headers=li)
    wrong = client.post(place, json={**read, "values": {"colour": "red"}}, headers=li)
    stranger = client.post(place, json={**read, "values": {}}, headers=theirs)

    assert (first.status_code, first.json["target"], first.json["revision"]) == (200, "9000", kpi["revision"] + 1)
    assert (second.status_code, second.json["code"]) == (409, "item.changed")
    assert (wrong.status_code, stranger.status_code) == (422, 404)
    assert client.get(f"{API}/letters/{draft}", headers=li).json["items"][0]["target"] == "9000"


def test_progress_is_reported_by_the_owner_of_an_item(full: Site) -> None:
    client, chen = full.app.test_client(use_cookies=False), _bearer(seeded.token(full, "chen"))
    letters = client.get(f"{API}/letters?status=EFFECTIVE", headers=chen).json["items"]
    items = client.get(f"{API}/letters/{letters[0]['id']}", headers=chen).json["items"]
    task = next(each for each in items if each["name"] == "主体结构封顶")

    said = client.post(f"{API}/items/{task['id']}/progress", json={"percent": "100"}, headers=chen)
    wrong = client.post(f"{API}/items/{task['id']}/progress", json={"percent": "many"}, headers=chen)

    assert said.status_code == 200, said.json
    assert said.json["item"] == task["id"]
    assert wrong.status_code == 422


def test_who_asks_too_often_is_told_to_wait(site: Site, program: MakeProgram) -> None:
    config = Config(server=Server(secure=False, secret_key="k" * 48, api_per_minute=3))
    site.app = create_app(site.engine, config)
    zhou = program("zhou")

    told = [zhou.get("/me").status_code for _ in range(4)]
    answer = zhou.get("/me")

    assert told == [200, 200, 200, 429]
    assert "Retry-After" not in program("li").get("/me").headers
    assert (answer.json["code"], int(answer.headers["Retry-After"]) > 0) == ("http.429", True)
    assert program("wang").get("/me").status_code == 200


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
