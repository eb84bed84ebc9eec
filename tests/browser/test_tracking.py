"""Reporting progress as an owner does it: the level before saving, keys and chips, few actions, one item on a phone."""

from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from engine.kernel.clock import ManualClock
from engine.letters import items, joining
from engine.letters.tracking import progress, updating
from engine.letters.tracking.progress import Update
from engine.workflow import definitions
from tests.browser.conftest import Visit
from tests.builders import drafts, running
from tests.builders.site import Site
from tests.paths import ROOT


@pytest.fixture
def two(site: Site, clock: ManualClock) -> list[int]:
    """Two KEY tasks of 陈思远 on their tenth day, the first reported a week ago."""
    joining.join(site.engine)
    for key in ("approval", "escalation"):
        definitions.deploy(site.engine, ROOT / "processes" / key)
    with site.engine.start_work() as work:
        drafts.regulation(work)
        first = running.alone(work, site.company, running.task(site.company), running.REPORT)
        more = running.task(site.company, name="机电安装")
        second = running.add(work, items.view(work, first).letter, more, actor=site.company.li)
        work.commit()
    clock.set(running.FIRST + timedelta(hours=2))
    updating.save(site.engine, first, Update(percent=Decimal(45)), site.company.chen)
    clock.set(running.FIRST + timedelta(days=9))
    return [first, second]


def reported(site: Site, item: int) -> Decimal | None:
    with site.engine.start_work(reading=True) as work:
        found = progress.latest(work, [item]).get(item)
        return found.percent if found else None


def here(page: Page) -> str:
    return str(page.locator(".report.here").get_attribute("id"))


def test_u31_an_update_on_track_takes_two_actions_and_leads_to_the_next_item(
    visit: Visit, site: Site, two: list[int]
) -> None:
    """U31: ≤ 4 actions. The first field has the focus: type, Ctrl+Enter."""
    page = visit("chen").open("/letters/progress")
    first = int(here(page).removeprefix("item-"))
    expect(page.locator(f"#item-{first} [name=percent]")).to_be_focused()

    page.keyboard.type("55")
    page.keyboard.press("Control+Enter")

    page.wait_for_url("**/letters/progress?at=*")
    assert here(page) == f"item-{next(each for each in two if each != first)}"
    expect(page.locator(".report.here [name=percent]")).to_be_focused()
    assert reported(site, first) == 55


def test_u31_a_yellow_forecast_asks_for_the_cause_before_saving_and_a_digit_names_it(
    visit: Visit, site: Site, two: list[int]
) -> None:
    """U31, U22: the level shows before saving; what is typed meanwhile stays."""
    page = visit("chen").open("/letters/progress")
    form = page.locator(".report.here")
    expect(form.locator("[name=reason]")).to_have_count(0)

    form.locator("[name=percent]").fill("5")
    page.keyboard.press("Tab")
    expect(form.locator(".lv-orange").first).to_be_visible()
    form.locator("[data-fills] button").first.focus()
    page.keyboard.press("3")
    expect(form.locator("[name=reason]")).to_have_value("审批")
    form.locator("[name=measures]").fill("专人跟进")
    form.locator("[name=percent]").fill("6")
    form.locator("[name=measures]").focus()
    page.wait_for_timeout(400)
    expect(form.locator("[name=measures]")).to_have_value("专人跟进")
    form.locator("[name=measures]").press("Control+Enter")

    page.wait_for_url("**/letters/progress?at=*")
    assert Decimal(6) in {reported(site, each) for each in two}


def test_one_item_fills_the_screen_of_a_phone_with_its_button_in_reach(visit: Visit, two: list[int]) -> None:
    """ux.md §4.7: 390, one item per screen, sticky button; U3: nothing scrolls sideways."""
    page = visit("chen", phone=True).open("/letters/progress")

    assert page.locator(".report:visible").count() == 1
    expect(page.locator(".report.here [data-sends]")).to_be_in_viewport()
    page.get_by_role("link", name="下一项").click()
    page.wait_for_url("**at=*")
    assert page.locator(".report:visible").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_drawing_and_the_outline_choose_the_same_node(visit: Visit, site: Site) -> None:
    """U38: by keyboard; the bpmn.io mark stays."""
    page = visit("zhou").open("/processes/instances/1?tab=outline")
    page.wait_for_selector("[data-diagram][data-state=drawn]")

    page.locator("#node-final button").focus()
    page.keyboard.press("Enter")

    expect(page.locator(".djs-element.mark-chosen")).to_have_attribute("data-element-id", "final")
    expect(page.locator(".bjs-powered-by")).to_be_visible()
    page.locator("[data-element-id=review] .djs-hit").first.click(force=True)
    expect(page.locator("#node-review button")).to_have_class("as-link node-chosen")
