"""Migration of running instances as an administrator sees it, without scripts (ux.md 4.24)."""

import io
from collections.abc import Callable, Mapping

import pytest
import python_calamine
from sqlalchemy import select

from engine.approvals import decisions
from engine.approvals.decisions import Decision
from engine.people import roles
from engine.people.roles import Grant, Role
from engine.workflow import definitions, instances
from engine.workflow.tables import task
from tests.builders import counting
from tests.builders.engines import jobs_of
from tests.builders.site import PURCHASE, Site
from tests.integration.webui.conftest import Person

SignIn = Callable[[str], Person]
PAGE = "/processes/purchase/migrate/1..2"


def changed(old: str, new: str) -> Mapping[str, bytes]:
    """The next version of the purchase."""
    return {name: content.replace(old.encode(), new.encode()) for name, content in PURCHASE.items()}


@pytest.fixture
def running(site: Site) -> tuple[int, int]:
    """Two purchases in version 1, one of them at 总裁审批, and a version 2 that calls the first node otherwise."""
    found = []
    for title in ("采购一", "采购二"):
        site.start("purchase", title)
    with site.engine.start_work(reading=True) as work:
        found = [each.id for each in reversed(instances.page(work, key="purchase"))]
    definitions.deploy(site.engine, changed('"review"', '"check"'))
    return found[0], found[1]


def version(site: Site, instance_id: int) -> int:
    with site.engine.start_work(reading=True) as work:
        return definitions.by_id(work, instances.view_in(work, instance_id).definition_id).version


def test_the_way_from_the_process_to_a_migrated_instance(
    site: Site, running: tuple[int, int], signed_in: SignIn
) -> None:
    """ux.md 4.24: mapping, dry run, run; the suggestion of the same name is offered and must be taken."""
    admin = signed_in("admin")
    versions = admin.get("/processes/purchase?tab=versions").text
    plan = admin.get(PAGE).text

    admin.post(PAGE, {"to.review": "check"})
    jobs_of(site.engine).run()
    tried = admin.get(PAGE).text
    before = [version(site, each) for each in running]
    admin.post("/processes/migrations/1/run")
    jobs_of(site.engine).run()
    done = admin.get(PAGE).text

    assert PAGE in versions
    assert 'name="to.review"' in plan
    assert "（建议：同名）" in plan
    assert "<b>2</b> 可迁移" in tried
    assert "迁移 2 个实例…" in tried
    assert (before, [version(site, each) for each in running]) == ([1, 1], [2, 2])
    assert "<b>2</b> 已迁移" in done
    assert "没有运行中" not in done


def test_what_cannot_be_migrated_is_told_and_downloaded(
    site: Site, running: tuple[int, int], signed_in: SignIn
) -> None:
    admin = signed_in("admin")
    admin.post(PAGE)
    jobs_of(site.engine).run()

    page = admin.get(PAGE).text
    sheet = admin.get("/processes/migrations/1/refused.xlsx").data

    assert "新版本中没有“部门审核”" in page
    assert "执行" not in page.split('id="progress"')[1].split("</section>")[0]
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert [row[:2] for row in rows[1:]] == [[f"IN-{running[0]}", "采购一"], [f"IN-{running[1]}", "采购二"]]


def test_while_it_runs_the_part_asks_again_and_says_how_far_it_is(
    site: Site, running: tuple[int, int], signed_in: SignIn
) -> None:
    """ux.md 4.24: 21/34 every 3 s; leave and return."""
    admin = signed_in("admin")
    admin.post(PAGE, {"to.review": "check"})

    part = admin.get("/processes/migrations/1", headers={"HX-Request": "true"})
    back = admin.get("/processes/migrations/1")
    jobs_of(site.engine).run()
    ended = admin.get("/processes/migrations/1", headers={"HX-Request": "true"})

    assert "HX-Refresh" not in part.headers
    assert ended.headers["HX-Refresh"] == "true"
    assert "<b>0/2</b>" in part.text
    assert 'every 3s"' in part.text
    assert back.status_code == 303


def test_a_running_migration_is_stopped_and_the_rest_tried_again(
    site: Site, running: tuple[int, int], signed_in: SignIn
) -> None:
    admin = signed_in("admin")
    admin.post(PAGE, {"to.review": "check"})
    jobs_of(site.engine).run()
    admin.post("/processes/migrations/1/run")

    admin.post("/processes/migrations/2/stop")
    jobs_of(site.engine).run()
    stopped = [version(site, each) for each in running]
    admin.post("/processes/migrations/2/retry")
    jobs_of(site.engine).run()

    assert (stopped, [version(site, each) for each in running]) == ([1, 1], [2, 2])


def test_who_owns_processes_tries_but_only_an_administrator_migrates(
    site: Site, running: tuple[int, int], signed_in: SignIn
) -> None:
    """domain.md §9: migration only by ADMIN."""
    with site.engine.start_work() as work:
        roles.grant(work, Grant(site.company.wang, Role.PROCESS_OWNER))
        work.commit()
    owner = signed_in("wang")

    tried = owner.post(PAGE, {"to.review": "check"})
    jobs_of(site.engine).run()
    page = owner.get(PAGE).text
    refused = owner.post("/processes/migrations/1/run")

    assert (tried.status_code, refused.status_code) == (303, 404)
    assert "<b>2</b> 可迁移" in page
    assert "迁移 2 个实例" not in page.split('id="progress"')[1].split("</section>")[0]


def test_the_instance_page_leads_to_the_migration(site: Site, running: tuple[int, int], signed_in: SignIn) -> None:
    assert PAGE in signed_in("admin").get(f"/processes/instances/{running[0]}").text


def test_only_what_has_no_place_is_shown_when_asked_for(
    site: Site, running: tuple[int, int], signed_in: SignIn
) -> None:
    with site.engine.start_work() as work:
        open_task = work.connection.execute(select(task.c.id).where(task.c.instance_id == running[0])).scalar_one()
    decisions.decide(site.engine, open_task, site.company.zhou, Decision("APPROVED"))
    admin = signed_in("admin")

    page = admin.get(f"{PAGE}?unmapped=1").text

    assert '<tr data-node="review"' in page
    assert '<tr data-node="final"' not in page


def test_the_page_stays_within_its_budget(site: Site, running: tuple[int, int], signed_in: SignIn) -> None:
    admin = signed_in("admin")
    admin.get(PAGE)  # compiles both versions
    with counting.statements() as counted:
        page = admin.get(PAGE)

    assert len(page.data) < 40_000
    assert counted.count <= 40, counted.texts
