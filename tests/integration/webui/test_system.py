"""Settings of the installation (ux.md §4.30): clock and jobs, backup, publishing, channels."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from engine.kernel import config as configuration
from engine.kernel import settings
from engine.kernel.config import Backups, Config, Database
from engine.kernel.work import Work
from engine.letters import regulating
from engine.notices import channels, outbox
from engine.notices.channels import Told
from tests.builders import engines
from tests.builders.site import Site
from tests.integration.webui.conftest import Person
from webui import backups

SignIn = Callable[[str], Person]


@dataclass
class Recorder:
    """The smallest channel: it remembers whom it was asked to tell."""

    name: str = "mail"
    told: list[tuple[int, str]] = field(default_factory=list)

    def put(self, work: Work, persons: Any, told: Told) -> None:
        self.told += [(person, told.kind) for person in persons]


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    made = Recorder()
    channels.register(made)
    yield made
    channels.close("mail")


@pytest.fixture
def folder(site: Site, sqlite_url: str, tmp_path: Path) -> Path:
    """Backups of this site go there, when its jobs run."""
    kept = Backups(tmp_path / "backups", keep=2)
    site.app.config["BACKUPS"] = kept
    config = Config(database=Database(sqlite_url), backups=kept)
    handlers = engines.jobs_of(site.engine).handlers
    handlers.register(backups.WRITE, partial(backups.write_one, config, site.engine))
    return kept.folder


def test_a_backup_is_a_job_and_appears_in_the_list_the_oldest_making_room(
    site: Site, signed_in: SignIn, folder: Path, clock: Any
) -> None:
    admin = signed_in("admin")
    for _time in range(3):
        admin.post("/admin/settings/backup")
        engines.jobs_of(site.engine).run()
        clock.move(timedelta(minutes=1))

    names = sorted(each.name for each in folder.iterdir())
    assert names == ["letterflow-20261102-090100.sqlite3", "letterflow-20261102-090200.sqlite3"]
    assert names[1] in admin.get("/admin/settings").text


def test_a_backup_that_fails_is_told(site: Site, signed_in: SignIn, folder: Path) -> None:
    folder.write_text("no folder")
    admin = signed_in("admin")
    admin.post("/admin/settings/backup")
    engines.jobs_of(site.engine).run()

    assert "上次备份失败" in admin.get("/admin/settings").text


def test_publishing_by_two_persons_is_switched(site: Site, signed_in: SignIn) -> None:
    admin = signed_in("admin")
    admin.post("/admin/settings/publishing", {"at": "publishing"})
    with site.engine.start_work(reading=True) as work:
        off = regulating.needs_two(work)
    admin.post("/admin/settings/publishing", {"two": "on"})
    with site.engine.start_work(reading=True) as work:
        on = regulating.needs_two(work)

    assert (off, on) == (False, True)


def test_a_test_message_takes_the_road_of_its_channel_to_oneself(
    site: Site, signed_in: SignIn, recorder: Recorder
) -> None:
    admin = signed_in("admin")
    page = admin.get("/admin/settings").text
    done = admin.post("/admin/settings/channels/try", {"channel": "mail"})
    refused = admin.post("/admin/settings/channels/try", {"channel": "pigeon"})

    assert "发送测试" in page
    assert recorder.told == [(site.company.admin, "channel.test")]
    assert (done.status_code, refused.status_code) == (303, 404)


def test_without_a_channel_there_is_no_button_for_one(signed_in: SignIn) -> None:
    page = signed_in("admin").get("/admin/settings").text

    assert "发送测试" not in page
    assert "仅站内通知" in page


def test_a_clock_that_stands_still_is_told(site: Site, signed_in: SignIn, clock: Any) -> None:
    admin = signed_in("admin")
    never = admin.get("/admin/settings").text
    with site.engine.start_work() as work:
        settings.claim(work, "periodic.recount", timedelta(minutes=1))
        work.commit()
    rings = admin.get("/admin/settings").text
    clock.move(timedelta(minutes=10))
    stands = admin.get("/admin/settings").text

    assert ["从未运行" in never, "时钟运行正常" in rings, "时钟已停" in stands] == [True, True, True]


def test_a_message_given_up_is_tried_again(site: Site, signed_in: SignIn) -> None:
    admin = signed_in("admin")
    with site.engine.start_work() as work:
        outbox.put(work, key="k", channel="mail", recipient="li@example.cn", payload={})
        work.connection.execute(outbox.outbox.update().values(state="dead", error="no answer"))
        parcel = work.connection.execute(outbox.outbox.select()).one().id
        work.commit()
    page = admin.get("/admin/settings").text
    admin.post("/admin/settings/parcels", {"parcel": parcel})

    assert "no answer" in page
    with site.engine.start_work(reading=True) as work:
        assert outbox.dead(work) == 0


def test_settings_are_for_administrators(signed_in: SignIn) -> None:
    assert signed_in("zhao").get("/admin/settings").status_code == 404


def test_the_configuration_says_where_backups_lie() -> None:
    found = configuration.load(environment={"LETTERFLOW_BACKUPS__KEEP": "3"})

    assert found.backups.keep == 3
