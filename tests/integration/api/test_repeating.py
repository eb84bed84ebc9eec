"""Keys that repeat an answer: one effect, the same answer, together or not at all."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select

from engine.approvals.tables import approval_act
from engine.kernel import kept_answers
from engine.kernel.clock import ManualClock
from engine.kernel.database import open_database
from engine.kernel.kept_answers import KeptAnswerRow
from engine.kernel.whole import whole
from engine.kernel.work import Store, Work
from engine.workflow.tables import instance
from tests.builders.site import Site
from tests.integration.api.conftest import MakeProgram, Program

APPROVED = {"outcome": "APPROVED"}


def count(site: Site, table: Any) -> int:
    with site.engine.start_work(reading=True) as work:
        return int(work.connection.execute(select(func.count()).select_from(table)).scalar_one())


def test_the_same_request_with_the_same_key_is_answered_the_same_and_done_once(
    site: Site, program: MakeProgram
) -> None:
    task, zhou = site.start("purchase", "采购申请"), program("zhou")

    first = zhou.post(f"/tasks/{task}/decision", APPROVED, key="k1")
    acts = count(site, approval_act)
    second = zhou.post(f"/tasks/{task}/decision", APPROVED, key="k1")

    assert (first.status_code, first.json["outcome"]) == (200, "APPROVED")
    assert (second.status_code, second.data) == (200, first.data)
    assert ("Idempotency-Replayed" in first.headers, second.headers["Idempotency-Replayed"]) == (False, "true")
    assert count(site, approval_act) == acts


def test_a_created_instance_is_created_once(site: Site, program: MakeProgram) -> None:
    admin = program("admin")
    sent = {"data": {"zhou": 2, "wang": 5, "president": 1}, "title": "一次"}

    answers = [admin.post("/definitions/purchase/instances", sent, key="start") for _ in range(3)]

    assert [each.status_code for each in answers] == [201, 201, 201]
    assert {each.json["id"] for each in answers} == {answers[0].json["id"]}
    assert count(site, instance) == 1


def test_the_same_key_with_another_request_is_refused(site: Site, program: MakeProgram) -> None:
    one, two, zhou = site.start("purchase", "一"), site.start("purchase", "二"), program("zhou")
    zhou.post(f"/tasks/{one}/decision", APPROVED, key="k")

    other_body = zhou.post(f"/tasks/{one}/decision", {**APPROVED, "opinion": "好"}, key="k")
    other_path = zhou.post(f"/tasks/{two}/decision", APPROVED, key="k")

    assert (other_body.status_code, other_body.json["code"]) == (422, "request.key_used")
    assert other_path.status_code == 422
    assert zhou.get(f"/tasks/{two}").json["status"] == "open"


def test_a_key_is_its_persons_own(site: Site, program: MakeProgram) -> None:
    """Whoever guesses a key hears nothing of the answer to somebody else."""
    one, zhou, sun = site.start("purchase", "一"), program("zhou"), program("sun")
    zhou.post(f"/tasks/{one}/decision", APPROVED, key="k")

    answer = sun.post(f"/tasks/{one}/decision", APPROVED, key="k")

    assert answer.status_code == 404


def test_what_was_refused_may_be_tried_again_with_the_same_key(site: Site, program: MakeProgram) -> None:
    task, zhou = site.start("sealing", "用印"), program("zhou")

    refused = zhou.post(f"/tasks/{task}/decision", {"outcome": "REJECTED"}, key="k")
    done = zhou.post(f"/tasks/{task}/decision", {"outcome": "REJECTED", "opinion": "不妥"}, key="k")

    assert (refused.status_code, done.status_code) == (422, 200)


def test_a_key_is_forgotten_after_a_day(site: Site, program: MakeProgram, clock: ManualClock) -> None:
    one, two, zhou = site.start("purchase", "一"), site.start("purchase", "二"), program("zhou")
    zhou.post(f"/tasks/{one}/decision", APPROVED, key="k")
    clock.move(timedelta(hours=24))

    answer = zhou.post(f"/tasks/{two}/decision", APPROVED, key="k")

    assert answer.status_code == 200
    clock.move(timedelta(hours=25))
    assert kept_answers.clean(site.engine.start_work) == 1
    assert count(site, KeptAnswerRow) == 0


@pytest.mark.parametrize("key", ["", "x" * 121, "a\tb"])
def test_a_key_that_is_none_is_refused(site: Site, program: MakeProgram, key: str) -> None:
    task, zhou = site.start("purchase", "一"), program("zhou")

    answer = zhou.post(f"/tasks/{task}/decision", APPROVED, headers={"Idempotency-Key": key})

    assert (answer.status_code, answer.json["code"]) == (422, "request.key")


def test_the_answer_is_kept_in_the_transaction_of_the_effect(site: Site, program: MakeProgram) -> None:
    """When keeping the answer fails, nothing was decided: both last, or neither."""
    task, zhou = site.start("purchase", "一"), program("zhou")
    database = site.engine.start_work.__self__.engine  # type: ignore[attr-defined]  # the store of this test

    @event.listens_for(database, "before_cursor_execute")
    def break_it(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("INSERT INTO kept_answer"):
            raise RuntimeError("power cut")

    broken = zhou.post(f"/tasks/{task}/decision", APPROVED, key="k")
    event.remove(database, "before_cursor_execute", break_it)

    assert broken.status_code == 500
    assert zhou.get(f"/tasks/{task}").json["status"] == "open"
    assert zhou.post(f"/tasks/{task}/decision", APPROVED, key="k").status_code == 200


def test_while_a_request_is_worked_on_its_key_is_taken(site: Site, program: MakeProgram) -> None:
    """Two at the same moment: one effect; the other is told to ask again, or hears the same answer."""
    task, zhou = site.start("purchase", "一"), program("zhou")
    inside, go_on = threading.Event(), threading.Event()
    answers: list[Any] = []
    database = site.engine.start_work.__self__.engine  # type: ignore[attr-defined]  # the store of this test

    @event.listens_for(database, "before_cursor_execute")
    def hold(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("INSERT INTO kept_answer"):
            inside.set()
            go_on.wait(30)

    first = threading.Thread(target=lambda: answers.append(zhou.post(f"/tasks/{task}/decision", APPROVED, key="k")))
    first.start()
    inside.wait(30)
    meanwhile = program_of(site, zhou.token).post(f"/tasks/{task}/decision", APPROVED, key="k")
    go_on.set()
    first.join()
    event.remove(database, "before_cursor_execute", hold)

    assert (meanwhile.status_code, meanwhile.json["code"]) == (409, "request.busy")
    assert answers[0].status_code == 200
    assert zhou.post(f"/tasks/{task}/decision", APPROVED, key="k").data == answers[0].data


def test_another_process_that_asks_with_the_same_key_is_told_to_wait(postgres_url: str, clock: ManualClock) -> None:
    """Two processes share nothing but PostgreSQL."""
    database = open_database(postgres_url)
    store, asked = Store(database, clock), kept_answers.Asked("person:1", "k", "f")
    with store.start_work() as mine, store.start_work() as theirs:
        kept_answers.find(mine, asked)
        with pytest.raises(kept_answers.Conflict) as busy:
            kept_answers.find(theirs, asked)

    assert busy.value.code == "request.busy"
    database.dispose()


def test_a_whole_in_which_something_failed_cannot_be_finished(store: Store) -> None:
    def fail(work: Work) -> None:
        raise ValueError(work.now)

    with whole(store.start_work) as work:
        with pytest.raises(ValueError, match="2026"), work.start_work() as part:
            fail(part)
        with pytest.raises(RuntimeError, match="nothing of the whole"):
            work.finish()


def program_of(site: Site, token: str) -> Any:
    return Program(site.app.test_client(use_cookies=False), token)
