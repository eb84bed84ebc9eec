"""Uploads as people do them: dropped or chosen, one by one, refused by what is inside them."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from engine.kernel.clock import ManualClock
from engine.letters import deliverable_specs, joining
from engine.letters.tracking import submissions
from engine.workflow import definitions
from tests.browser.conftest import Visit
from tests.builders import drafts, running
from tests.builders.site import Site
from tests.paths import ROOT


@pytest.fixture
def task(site: Site, clock: ManualClock) -> int:
    """A task of 陈思远 that promises a report."""
    joining.join(site.engine)
    for key in ("approval", "escalation"):
        definitions.deploy(site.engine, ROOT / "processes" / key)
    with site.engine.start_work() as work:
        drafts.regulation(work)
        document = {**running.REPORT, "reviewer_id": site.company.zhao}
        made = running.alone(work, site.company, running.task(site.company), document)
        work.commit()
    clock.set(running.FIRST + timedelta(days=9))
    return made


def test_u35_upload_refused_by_magic_bytes_names_file_and_reason_others_stay(
    visit: Visit, site: Site, task: int, tmp_path: Path
) -> None:
    good, bad = tmp_path / "报告.pdf", tmp_path / "假的.pdf"
    good.write_bytes(b"%PDF-1.7 x")
    bad.write_bytes(b"MZ is no pdf")
    visitor = visit("chen")
    page = visitor.open(f"/letters/items/{task}/deliverables")

    page.set_input_files("input[type=file]", [good, bad])

    expect(page.locator(".uploads .wrong")).to_contain_text("假的.pdf")
    expect(page.locator(".uploads li:not(.wrong)")).to_contain_text("报告.pdf")
    page.click("form:has(.uploads) button[type=submit]")
    expect(page.locator(".version")).to_contain_text("报告.pdf")
    with site.engine.start_work(reading=True) as work:
        spec = deliverable_specs.of_item(work, task)[0].id
        assert len(submissions.of_specs(work, [spec])[spec][0].files) == 1


def test_a_file_is_dropped_onto_the_form(visit: Visit, task: int) -> None:
    page = visit("chen").open(f"/letters/items/{task}/deliverables")
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["%PDF-1.7 x"], "拖入.pdf", {type: "application/pdf"}));
          const dropped = new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true});
          document.querySelector(".drop").dispatchEvent(dropped);
        }"""
    )
    expect(page.locator(".uploads li")).to_contain_text("拖入.pdf")
    expect(page.locator(".uploads li")).to_contain_text("100%")
    page.click(".uploads button")
    expect(page.locator(".uploads li")).to_have_count(0)
