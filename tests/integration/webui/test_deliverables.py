"""Deliverables without scripts and by them: a refused file is named while the others stay; a reviewer's checklist."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.kernel.clock import ManualClock
from engine.letters import deliverable_specs, joining
from engine.letters.tracking import submissions
from engine.letters.tracking.submissions import SubmissionRow
from engine.workflow import definitions
from tests.builders import drafts, running
from tests.builders.site import Site
from tests.paths import ROOT

SignIn = Callable[[str], Any]
PDF = b"%PDF-1.7 x"


@pytest.fixture
def task(site: Site, clock: ManualClock) -> int:
    """A KEY task of 陈思远 whose report 赵雪 reviews."""
    joining.join(site.engine)
    for key in ("approval", "escalation"):
        definitions.deploy(site.engine, ROOT / "processes" / key)
    with site.engine.start_work() as work:
        drafts.regulation(work)
        document = {**running.REPORT, "reviewer_id": site.company.zhao, "criteria": "监理签字、影像齐全"}
        made = running.alone(work, site.company, running.task(site.company), document)
        work.commit()
    clock.set(running.FIRST + timedelta(days=9))
    return made


def _spec(site: Site, task: int) -> int:
    with site.engine.start_work(reading=True) as work:
        return deliverable_specs.of_item(work, task)[0].id


def _versions(site: Site, task: int) -> Any:
    with site.engine.start_work(reading=True) as work:
        return submissions.of_specs(work, [_spec(site, task)]).get(_spec(site, task), ())


def test_u35_a_file_that_is_not_what_it_says_is_named_and_the_others_stay(
    site: Site, task: int, signed_in: SignIn
) -> None:
    """U35 without scripts: 内容不是 PDF; the good file needs no second upload."""
    owner, address = signed_in("chen"), f"/letters/items/{task}/deliverables/{_spec(site, task)}"
    sent = {"files": [(io.BytesIO(PDF), "报告.pdf"), (io.BytesIO(b"MZ no pdf"), "假的.pdf")], "note": "一稿"}

    answer = owner.post(address, sent, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert "假的.pdf" in answer.text and 'name="kept"' in answer.text and "报告.pdf" in answer.text
    kept = answer.text.split('name="kept" value="')[1].split('"')[0]
    assert owner.post(address, {"kept": kept, "note": "一稿"}).status_code == 303
    assert len(_versions(site, task)[0].files) == 1


def test_nobody_hands_in_a_file_of_somebody_else(site: Site, task: int, signed_in: SignIn) -> None:
    owner = signed_in("chen")
    made = owner.post(
        f"/letters/items/{task}/uploads", {"file": (io.BytesIO(PDF), "a.pdf")}, content_type="multipart/form-data"
    ).get_json()
    stranger = signed_in("li").post(f"/letters/items/{task}/deliverables/{_spec(site, task)}", {"kept": made["id"]})
    assert stranger.status_code in (403, 404)
    assert _versions(site, task) == ()


def test_what_the_reviewer_did_not_tick_is_named_to_the_owner(site: Site, task: int, signed_in: SignIn) -> None:
    """ux.md §4.9: ☑监理签字 ☐影像齐全 → 整改."""
    owner = signed_in("chen")
    address = f"/letters/items/{task}/deliverables/{_spec(site, task)}"
    owner.post(address, {"files": [(io.BytesIO(PDF), "报告.pdf")]}, content_type="multipart/form-data")
    with site.engine.start_work(reading=True) as work:
        submission = work.session.execute(select(SubmissionRow.id)).scalar_one()
    reviewer = signed_in("zhao")
    page = reviewer.get(f"/letters/items/{task}/deliverables").text
    assert "影像齐全" in page and "预览" in page

    answer = reviewer.post(f"/letters/items/{task}/submissions/{submission}", {"result": "CONDITIONAL", "met": "0"})

    assert answer.status_code == 303
    assert _versions(site, task)[0].comment == "缺：影像齐全"


def test_a_pdf_is_shown_in_the_browser_when_asked_so(site: Site, task: int, signed_in: SignIn) -> None:
    owner = signed_in("chen")
    address = f"/letters/items/{task}/deliverables/{_spec(site, task)}"
    owner.post(address, {"files": [(io.BytesIO(PDF), "报告.pdf")]}, content_type="multipart/form-data")
    file = _versions(site, task)[0].files[0]
    looked = owner.get(f"/letters/items/{task}/files/{file}?look=1").headers["Content-Disposition"]
    saved = owner.get(f"/letters/items/{task}/files/{file}").headers["Content-Disposition"]
    assert looked.startswith("inline") and saved.startswith("attachment")
