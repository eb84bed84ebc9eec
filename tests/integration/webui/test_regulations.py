"""The pages of the regulation (ux.md §4.28)."""

import gzip
from collections.abc import Callable

import pytest

from engine.letters import regulations
from tests.builders import drafts
from tests.builders.site import Site
from tests.integration.webui.conftest import Person

SignIn = Callable[[str], Person]
LARGEST_PAGE_BYTES = 15_000
EDIT = {"title": "管理办法", "effective_from": "2027-01-01", "articles": "第 14 条 | 评分 | scoring, INTERP"}


@pytest.fixture
def ops(site: Site, signed_in: SignIn) -> Person:
    with site.engine.start_work() as work:
        drafts.regulation(work)
        work.commit()
    return signed_in("zhao")


def test_parameters_stand_beside_their_articles_in_a_small_page(ops: Person) -> None:
    answer = ops.get("/admin/regulations/2026-1")

    assert "<b>第 14 条</b> 评分" in answer.text
    assert "迟交每天扣分" in answer.text
    assert len(gzip.compress(answer.data)) <= LARGEST_PAGE_BYTES


def test_a_version_goes_from_draft_to_approval_by_two_persons(site: Site, ops: Person, signed_in: SignIn) -> None:
    ops.post("/admin/regulations", {"no": "2027-1", "effective_from": "2027-01-01"})
    ops.post("/admin/regulations/2027-1", {**EDIT, "p.scoring.late_per_day": "3", "p.scoring.grades": "A = 96\nB = 86"})
    ops.post("/admin/regulations/2027-1/hand-in")
    waiting = ops.get("/admin/regulations/2027-1").text
    approved = signed_in("admin").post("/admin/regulations/2027-1/approve")

    assert "须由另一人审批" in waiting
    assert approved.status_code == 303
    with site.engine.start_work(reading=True) as work:
        made = regulations.everyone(work)[0]
    assert (made.status, str(made.parameters.scoring.late_per_day)) == ("APPROVED", "3")
    assert {key: str(value) for key, value in made.parameters.scoring.grades.items()} == {"A": "96", "B": "86"}
    assert made.articles[0]["names"] == ["scoring", "INTERP"]


def test_a_locked_principle_shows_no_field_and_is_refused_when_it_is_sent(ops: Person) -> None:
    ops.post("/admin/regulations", {"no": "2026-2", "effective_from": "2026-12-01"})
    page = ops.get("/admin/regulations/2026-2").text
    sent = {**EDIT, "effective_from": "2026-12-01", "p.drafting.weight_min": "7"}
    refused = ops.post("/admin/regulations/2026-2", sent)

    assert 'name="p.cycle.month_submit"' in page
    assert 'name="p.drafting.weight_min"' not in page
    assert refused.status_code == 422
    assert "2027-01-01 起方可修改" in refused.text


def test_a_mistake_is_told_at_its_parameter_and_what_was_typed_stays(ops: Person) -> None:
    ops.post("/admin/regulations", {"no": "2027-1", "effective_from": "2027-01-01"})
    refused = ops.post("/admin/regulations/2027-1", {**EDIT, "p.cycle.month_submit": "99"})

    assert refused.status_code == 422
    assert 'id="cycle.month_submit-wrong"' in refused.text
    assert 'value="99"' in refused.text


def test_an_employee_finds_no_regulation_page_and_a_head_reads_it(ops: Person, signed_in: SignIn) -> None:
    li = signed_in("li")

    assert li.get("/admin/regulations/2026-1").status_code == 200
    assert li.post("/admin/regulations", {"no": "x", "effective_from": "2027-01-01"}).status_code == 404
    assert signed_in("chen").get("/admin/regulations").status_code == 404
