"""Work for programs over the API: leases, keys, problems; and the program of examples/ against a served site."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.kernel.clock import ManualClock
from engine.kernel.work import Store
from engine.workflow import instances
from tests.builders import site as sites
from tests.builders.site import Site
from tests.integration.api import seeded
from tests.integration.api.conftest import MakeProgram, Program
from tests.integration.webui.conftest import Person
from tests.paths import ROOT

WISH = {"worker": "w1", "topics": ["print"]}


@pytest.fixture
def site(store: Store, tmp_path: Path) -> Site:
    return seeded.build(store, tmp_path)


@pytest.fixture
def admin(program: MakeProgram) -> Program:
    return program("admin")


def one(program: Program) -> Any:
    (found,) = program.post("/work/fetch", WISH).json["items"]
    return found


def test_work_is_fetched_and_completed(site: Site, admin: Program) -> None:
    work = one(admin)

    done = admin.post(f"/work/{work['id']}/complete", {"worker": "w1", "variables": {"printed": 3}})

    assert (work["topic"], work["key"], work["variables"], work["left"]) == ("print", "printing", {"pages": 3}, 3)
    assert work["leased_until"] == "2026-11-02T01:05:00+00:00"
    assert (done.status_code, done.json["outcome"]) == (200, "completed")
    assert instances.data(site.engine, work["instance"])["printed"] == 3


def test_completing_twice_with_the_same_key_answers_the_same(site: Site, admin: Program) -> None:
    place, sent = f"/work/{one(admin)['id']}/complete", {"worker": "w1"}

    first, again = admin.post(place, sent, key="done"), admin.post(place, sent, key="done")
    without = admin.post(place, sent)

    assert (first.status_code, again.status_code, again.data) == (200, 200, first.data)
    assert (without.status_code, without.json["code"]) == (409, "work.over")


def test_a_lost_lease_answers_409_and_the_work_is_given_out_again(
    site: Site, admin: Program, clock: ManualClock
) -> None:
    work = one(admin)
    clock.move(timedelta(minutes=5))

    lost = admin.post(f"/work/{work['id']}/complete", {"worker": "w1"})
    others = admin.post("/work/fetch", {"worker": "w2", "topics": ["print", "scan"], "max": 10}).json["items"]
    taken = admin.post(f"/work/{work['id']}/extend", {"worker": "w1", "lease": 60})

    assert [lost.status_code, taken.status_code] == [409, 409]
    assert lost.json["code"] == taken.json["code"] == "work.lost"
    assert work["id"] in [each["id"] for each in others] and len(others) == 3


def test_failures_pause_and_then_wait_for_a_person(site: Site, admin: Program, clock: ManualClock) -> None:
    """Issue 4 item 7: retry with back-off, an incident when the retries are used up, seen on its page."""
    told = []
    for _ in range(3):
        work = one(admin)
        told.append(admin.post(f"/work/{work['id']}/fail", {"worker": "w1", "message": "卡纸"}).json)
        for other in admin.post("/work/fetch", {**WISH, "worker": "w2", "max": 9}).json["items"]:
            admin.post(f"/work/{other['id']}/complete", {"worker": "w2"})
        clock.move(timedelta(seconds=30))

    assert [each["left"] for each in told] == [2, 1, 0]
    assert [each["again_at"] for each in told][2] is None
    (stuck,) = admin.get("/incidents").json["items"]
    person = Person(site.app.test_client())
    person.post("/login", {"account": "admin", "password": sites.PASSWORD})
    page = person.get("/processes/incidents").text
    assert "打印" in page and "程序“w1”尝试 3 次后放弃：卡纸" in page
    assert admin.post(f"/incidents/{stuck['id']}/retry").json == {"mended": True}
    assert one(admin)["id"] == work["id"]


def test_the_page_of_an_instance_says_which_program_works_for_it(site: Site, admin: Program) -> None:
    person = Person(site.app.test_client())
    person.post("/login", {"account": "admin", "password": sites.PASSWORD})
    work = one(admin)
    page = f"/processes/instances/{work['instance']}"

    leased = person.get(page).text
    admin.post(f"/work/{work['id']}/fail", {"worker": "w1", "message": "卡纸"})
    paused = person.get(page).text

    assert "程序 print · w1 · 租期至" in leased and "程序 print · 再试于" in paused


def test_work_of_an_instance_that_ended_or_is_suspended_is_refused(site: Site, admin: Program) -> None:
    first, second = admin.post("/work/fetch", {**WISH, "max": 2}).json["items"]
    admin.post(f"/instances/{first['instance']}/cancel", {"reason": "不要了"})
    admin.post(f"/instances/{second['instance']}/suspend", {"reason": "审计"})

    told = [admin.post(f"/work/{each['id']}/complete", {"worker": "w1"}) for each in (first, second)]

    assert [(each.status_code, each.json["code"]) for each in told] == [(409, "work.over"), (409, "instance.suspended")]


def test_work_may_be_given_back_or_end_with_an_error(site: Site, admin: Program) -> None:
    work = one(admin)
    back = admin.post(f"/work/{work['id']}/release", {"worker": "w1"})
    error = admin.post(f"/work/{one(admin)['id']}/error", {"worker": "w1", "code": "PAPER"})

    assert back.status_code == error.status_code == 200
    assert error.json["outcome"] == "incident"


def test_what_is_no_work_is_not_there_and_wrong_leases_are_refused(site: Site, admin: Program) -> None:
    """Task 1 is for people."""
    answers = [
        admin.post("/work/1/complete", {"worker": "w1"}),
        admin.post("/work/fetch", {**WISH, "lease": 0}),
        admin.post("/work/fetch", {**WISH, "topics": []}),
        admin.post("/work/fetch", {**WISH, "wait": 21}),
    ]

    assert [each.status_code for each in answers] == [404, 422, 422, 422]


def test_who_waits_in_vain_gets_nothing_after_that_time(site: Site, admin: Program) -> None:
    sent = {"worker": "w1", "topics": ["scan"], "wait": 1}

    assert admin.post("/work/fetch", sent).json == {"items": []}


def test_the_program_of_the_examples_works_everything_off(site: Site) -> None:
    environment = {**os.environ, "TOKEN": seeded.token(site)}
    with sites.served(site):
        done = subprocess.run(
            [sys.executable, str(ROOT / "examples" / "worker.py"), "print", "--once"],
            env={**environment, "LETTERFLOW": site.address},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(line.partition(": ")[2] for line in done.stdout.splitlines()) == ["completed"] * 3
