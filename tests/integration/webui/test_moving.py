"""Moving a token by hand, as an administrator does it, without scripts."""

from collections.abc import Callable

import pytest

from engine.workflow import instances, rerouting, tasks
from tests.builders.site import Site
from tests.integration.webui.conftest import Person

SignIn = Callable[[str], Person]


@pytest.fixture
def instance(site: Site) -> int:
    """A purchase at 部门审核."""
    site.start("purchase", "采购申请")
    with site.engine.start_work(reading=True) as work:
        return instances.page(work, key="purchase")[0].id


def token(site: Site, instance: int) -> str:
    with site.engine.start_work(reading=True) as work:
        return rerouting.tokens(site.engine, work, instance)[0].token


def open_nodes(site: Site, instance: int) -> list[str]:
    with site.engine.start_work(reading=True) as work:
        return [each.node for each in tasks.of_instance(site.engine, work, instance, status="open")]


def test_it_is_chosen_previewed_given_a_reason_and_done(site: Site, instance: int, signed_in: SignIn) -> None:
    admin, at = signed_in("admin"), token(site, instance)
    path = f"/processes/instances/{instance}/move"
    entry = admin.get(f"/processes/instances/{instance}").text

    chosen = admin.get(path).text
    preview = admin.get(f"{path}?token={at}&node=final").text
    admin.post(path, {"token": at, "node": "final", "reason": "部门已线下审核"})
    after = admin.get(f"/processes/instances/{instance}").text

    assert path in entry
    assert 'value="final"' in chosen
    assert '<dt>结束的</dt><dd><span class="chip">部门审核</span>' in preview
    assert '<dt>开始的</dt><dd><span class="chip">总裁审批</span>' in preview
    assert open_nodes(site, instance) == ["final"]
    assert "手工移出“部门审核”" in after
    assert "部门已线下审核" in after


def test_without_a_reason_the_page_comes_back_with_the_preview(site: Site, instance: int, signed_in: SignIn) -> None:
    sent = {"token": token(site, instance), "node": "final", "reason": ""}

    answer = signed_in("admin").post(f"/processes/instances/{instance}/move", sent)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "总裁审批" in answer.text
    assert open_nodes(site, instance) == ["review"]


def test_who_came_too_late_is_told(site: Site, instance: int, signed_in: SignIn) -> None:
    admin, at = signed_in("admin"), token(site, instance)
    sent = {"token": at, "node": "final", "reason": "x"}
    path = f"/processes/instances/{instance}/move"
    admin.post(path, sent)

    assert admin.post(path, sent).status_code == 409


def test_an_owner_of_processes_moves_nothing(site: Site, instance: int, signed_in: SignIn) -> None:
    assert signed_in("zhou").get(f"/processes/instances/{instance}/move").status_code == 404
