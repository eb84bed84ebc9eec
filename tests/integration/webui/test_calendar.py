"""The pages of the working calendar (ux.md §4.27)."""

import gzip
from collections.abc import Callable

from engine.kernel import calendar_days
from engine.workflow import definitions
from tests.builders.site import Site, _drawn, _task
from tests.integration.webui.conftest import Person

SignIn = Callable[[str], Person]
LARGEST_PAGE_BYTES = 14_000
LIMITED = {
    "limited.bpmn": _drawn(
        "limited",
        "限时审批",
        {"check": _task("check", "审核", ("zhou",), 'kind="decide"', '<lf:limit for="3wd"/>')},
    )
}


def test_a_day_tells_what_its_change_would_move_before_it_is_changed(site: Site, signed_in: SignIn) -> None:
    definitions.deploy(site.engine, LIMITED)
    site.start("limited", "三日内审核")
    admin = signed_in("admin")
    page = admin.get("/admin/calendar/2026?day=2026-11-04").text

    assert "1 个截止日改变" in page
    assert "三日内审核" in page
    assert "没有截止日改变" in admin.get("/admin/calendar/2026?day=2026-12-24").text


def test_a_changed_day_is_marked_and_without_a_reason_refused(site: Site, signed_in: SignIn) -> None:
    admin = signed_in("admin")
    refused = admin.post("/admin/calendar/day", {"day": "2026-12-04", "work": "no", "reason": ""})
    done = admin.post("/admin/calendar/day", {"day": "2026-12-04", "work": "no", "reason": "集团放假"})

    assert (refused.status_code, done.status_code) == (422, 303)
    assert "放假: 集团放假" in admin.get("/admin/calendar/2026").text


def test_a_day_gone_by_is_locked(signed_in: SignIn) -> None:
    admin = signed_in("admin")

    assert "不再更改" in admin.get("/admin/calendar/2026?day=2026-10-30").text
    sent = {"day": "2026-10-30", "work": "no", "reason": "补"}
    assert admin.post("/admin/calendar/day", sent).status_code == 422


def test_a_year_without_its_arrangement_warns_until_it_is_confirmed(site: Site, signed_in: SignIn) -> None:
    admin = signed_in("admin")
    before = admin.get("/admin/calendar/2027").text
    admin.post("/admin/calendar/2027/confirm")

    assert "确认年度" in before
    assert "确认年度" not in admin.get("/admin/calendar/2027").text


def test_plan_operations_read_the_calendar_and_employees_do_not(site: Site, signed_in: SignIn) -> None:
    zhao = signed_in("zhao")
    page = zhao.get("/admin/calendar/2026").text

    assert 'role="grid"' in page
    assert "?day=" not in page
    assert zhao.post("/admin/calendar/2027/confirm").status_code == 404
    assert signed_in("chen").get("/admin/calendar").status_code == 404


def test_a_year_is_a_small_page(site: Site, signed_in: SignIn) -> None:
    with site.engine.start_work() as work:
        calendar_days.seed(work, [2027])
        work.commit()

    assert len(gzip.compress(signed_in("admin").get("/admin/calendar/2027").data)) <= LARGEST_PAGE_BYTES
