"""My settings: each group is saved by itself and takes effect (`ux.md` §4.30)."""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest

from engine.approvals import substitutes
from engine.approvals.substitutes import NewSubstitute
from engine.kernel.clock import ManualClock
from engine.kernel.work import Work
from engine.notices import channels, notices
from engine.notices.channels import Told
from tests.builders.site import Site
from tests.integration.webui.conftest import Person

SignIn = Callable[[str], Person]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 32


class Mail:
    """A channel that remembers what it was handed."""

    name = "mail"

    def __init__(self) -> None:
        self.sent: list[tuple[int, Told]] = []

    def put(self, work: Work, persons: Sequence[int], told: Told) -> None:
        self.sent += [(person, told) for person in persons]


@pytest.fixture
def mail() -> Iterator[Mail]:
    channel = Mail()
    channels.register(channel)
    yield channel
    channels.close("mail")


def away(person: Person, **said: object) -> object:
    return person.post("/account/absence", {"substitute": "王敏", "starts": "2026-11-02", "ends": "2026-11-04", **said})


def test_somebody_away_names_who_acts_when_and_in_which_processes(site: Site, signed_in: SignIn) -> None:
    """APR-08"""
    zhou = signed_in("zhou")

    away(zhou, keys=["purchase"])

    with site.engine.start_work(reading=True) as work:
        (rule,) = substitutes.of(work, site.person("zhou"))
    assert (rule.substitute, rule.keys) == (site.person("wang"), ("purchase",))
    assert "由 王敏 代办" in zhou.get("/account/").text
    site.start("purchase", "采购")
    assert 'data-count="agent">' in signed_in("wang").get("/inbox?tab=agent").text


def test_a_circle_of_substitutes_is_refused_person_by_person(site: Site, signed_in: SignIn) -> None:
    with site.engine.start_work(reading=True) as work:
        day = work.now.date()
    rule = NewSubstitute(site.person("wang"), site.person("zhou"), day, day + timedelta(days=9))
    substitutes.appoint(site.engine, rule, site.person("wang"))

    answer = away(signed_in("zhou"))

    assert answer.status_code == 422  # type: ignore[attr-defined]  # a test response
    assert "周文博 → 王敏 → 周文博 将形成循环代理" in answer.text  # type: ignore[attr-defined]  # the same


def test_only_ones_own_absence_is_ended(site: Site, signed_in: SignIn) -> None:
    away(signed_in("zhou"))

    stranger = signed_in("chen").post("/account/absence/1/end")
    owner = signed_in("zhou").post("/account/absence/1/end")

    assert (stranger.status_code, owner.status_code) == (404, 303)
    with site.engine.start_work(reading=True) as work:
        assert substitutes.of(work, site.person("zhou")) == ()


def test_a_signature_is_stored_shown_to_its_owner_and_deleted(site: Site, signed_in: SignIn) -> None:
    zhou = signed_in("zhou")

    sent = {"image": (io.BytesIO(PNG), "签名.png")}
    zhou.post("/account/signature", sent, content_type="multipart/form-data")
    shown = zhou.get("/account/signature")
    zhou.post("/account/signature/delete")

    assert (shown.data, shown.mimetype) == (PNG, "image/png")
    assert signed_in("wang").get("/account/signature").status_code == 404
    assert zhou.get("/account/signature").status_code == 404


@pytest.mark.parametrize("sent", [{}, {"image": (io.BytesIO(b"%PDF-1.4"), "a.pdf")}])
def test_what_is_no_signature_is_refused_at_its_field(site: Site, signed_in: SignIn, sent: dict[str, object]) -> None:
    answer = signed_in("zhou").post("/account/signature", sent, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert 'href="#image"' in answer.text


def test_phrases_of_ones_own_stand_at_the_opinion(site: Site, signed_in: SignIn) -> None:
    task = site.start("purchase", "采购")
    zhou = signed_in("zhou")

    zhou.post("/account/phrases", {"phrases": "请抓紧\n\n同意付款\n"})
    refused = zhou.post("/account/phrases", {"phrases": "长" * 61})

    page = zhou.get(f"/inbox/tasks/{task}").text
    assert re.findall(r"data-phrase>([^<]+)<", page) == ["请抓紧", "同意付款"]
    assert refused.status_code == 422


def test_one_session_is_ended_and_the_others_go_on(site: Site, signed_in: SignIn) -> None:
    here, there = signed_in("zhou"), signed_in("zhou")
    lines = re.findall(r"<li>.*?</li>", here.get("/account/").text)
    (other,) = [re.findall(r'action="(/account/sessions/\w+/end)"', each)[0] for each in lines if "本机" not in each]

    here.post(other)

    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302


def test_nobody_ends_the_session_of_somebody_else(site: Site, signed_in: SignIn) -> None:
    ends = re.findall(r'action="(/account/sessions/\w+/end)"', signed_in("zhou").get("/account/").text)

    assert signed_in("wang").post(ends[0]).status_code == 404


def test_an_event_that_is_switched_off_in_a_channel_is_told_in_the_application_alone(
    site: Site, signed_in: SignIn, mail: Mail
) -> None:
    signed_in("zhou").post("/account/notices", {"told": ["tasks:mail", "deadlines:mail"]})

    with site.engine.start_work() as work:
        for kind in ("copy.given", "task.urged"):
            fields = {"title": "采购", "name": "审核"}
            notices.notify(work, [site.person("zhou"), site.person("wang")], kind, fields, link="/inbox", key=kind)
        work.commit()

    told = {(person, each.kind) for person, each in mail.sent}
    zhou, wang = site.person("zhou"), site.person("wang")
    assert told == {(wang, "copy.given"), (wang, "task.urged"), (zhou, "task.urged")}
    with site.engine.start_work(reading=True) as work:
        assert len(notices.page(work, zhou)) == 2


def test_in_quiet_hours_a_channel_waits_until_they_end(
    site: Site, signed_in: SignIn, mail: Mail, clock: ManualClock
) -> None:
    said = {"told": ["tasks:mail"], "quiet_from": "22:00", "quiet_to": "07:30"}
    signed_in("zhou").post("/account/notices", said)
    clock.move(timedelta(hours=14))  # 23:00 in Shanghai

    with site.engine.start_work() as work:
        notices.notify(work, [site.person("zhou")], "task.opened", {"title": "采购"}, link="/inbox", key="a")
        work.commit()

    ((_person, told),) = mail.sent
    assert told.not_before is not None
    assert told.not_before.strftime("%m-%d %H:%M") == "11-03 07:30"


def test_quiet_hours_need_both_times(site: Site, signed_in: SignIn, mail: Mail) -> None:
    answer = signed_in("zhou").post("/account/notices", {"quiet_from": "22:00"})

    assert answer.status_code == 422
    assert "免打扰需填写起止两个时间" in answer.text


def test_the_page_weighs_at_most_twelve_kilobytes_beside_the_frame(site: Site, signed_in: SignIn) -> None:
    page = signed_in("zhou").get("/account/").text

    main = page[page.index("<main") : page.index("</main>")]
    assert len(main.encode()) <= 12_000
