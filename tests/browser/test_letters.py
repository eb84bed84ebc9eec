"""The editor's grid as a head uses it: arrows, typing, undo, paste, two people on one cell; the pages around it."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from engine.letters import items, joining
from engine.letters.drafting import copying, editing
from engine.letters.kinds import Level
from engine.workflow import definitions
from tests.browser.conftest import Visit
from tests.builders import drafts
from tests.builders.site import Site
from tests.paths import ROOT

FOCUSED = "[role=gridcell]:focus"
PASTED = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
  document.activeElement.dispatchEvent(event);
}"""


@pytest.fixture
def letter(site: Site) -> int:
    """A draft of three KPIs of 33.33, on a site with the drawn processes."""
    joining.join(site.engine)
    for key in ("approval", "escalation", "drafting", "adjustment"):
        definitions.deploy(site.engine, ROOT / "processes" / key)
    with site.engine.start_work() as work:
        drafts.regulation(work)
        made = drafts.letter(work, site.company.project, Level.MONTH)
        for number in (1, 2, 3):
            values = drafts.kpi(site.company, name=f"指标 {number}", weight=Decimal("33.33"))
            copying.add_item(work, made.id, values, actor=site.company.li)
        work.commit()
    return made.id


def weights(site: Site, letter: int) -> list[Decimal]:
    with site.engine.start_work(reading=True) as work:
        return [row.weight or Decimal(0) for row in items.of(work, letter)]


def go(page: Page, row: int, field: str) -> None:
    page.click(f"tbody tr:nth-child({row}) [data-field={field}]")


def test_u27_the_grid_has_one_tab_stop_and_arrows_move(visit: Visit, letter: int) -> None:
    visitor = visit("li")
    page = visitor.open(f"/letters/{letter}/edit")

    assert page.locator("[role=gridcell][tabindex='0']").count() == 1
    go(page, 1, "kind")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(page.locator(FOCUSED)).to_have_text("指标 2")
    page.keyboard.press("Control+End")
    assert page.locator(f"tr:has({FOCUSED})").get_attribute("aria-rowindex") == "4"
    page.keyboard.press("Control+Home")
    assert page.locator(FOCUSED).get_attribute("data-field") == "kind"
    assert page.locator("[role=gridcell][tabindex='0']").count() == 1
    assert visitor.problems == []


def test_u28_three_thirds_are_a_hundredth_short_until_one_is_corrected(visit: Visit, site: Site, letter: int) -> None:
    page = visit("li").open(f"/letters/{letter}/edit")
    expect(page.locator("[data-bar]")).to_contain_text("99.99/100")
    expect(page.locator("[data-bar]")).to_contain_text("还差 0.01")

    go(page, 3, "weight")
    page.keyboard.type("33.34")
    page.keyboard.press("Enter")

    expect(page.locator("[data-bar]")).to_contain_text("100.00/100")
    expect(page.locator("[data-bar]")).not_to_contain_text("还差")
    assert weights(site, letter)[2] == Decimal("33.34")


def test_typing_edits_escape_gives_up_and_undo_takes_back(visit: Visit, site: Site, letter: int) -> None:
    page = visit("li").open(f"/letters/{letter}/edit")
    go(page, 1, "weight")
    page.keyboard.type("99")
    page.keyboard.press("Escape")
    expect(page.locator(FOCUSED)).to_have_text("33.33")

    page.keyboard.type("40")
    page.keyboard.press("Tab")
    expect(page.locator("[data-saved]")).to_have_text("已保存")
    assert weights(site, letter)[0] == 40
    page.keyboard.press("Control+z")

    expect(page.locator("tbody tr:nth-child(1) [data-field=weight]")).to_have_text("33.33")
    assert weights(site, letter)[0] == Decimal("33.33")


def test_fill_down_and_moving_a_row(visit: Visit, site: Site, letter: int) -> None:
    page = visit("li").open(f"/letters/{letter}/edit")
    go(page, 1, "target")
    page.keyboard.type("11000")
    page.keyboard.press("Enter")
    expect(page.locator("[data-saved]")).to_have_text("已保存")
    page.keyboard.press("Control+d")
    expect(page.locator("tbody tr:nth-child(2) [data-field=target]")).to_have_text("11,000")

    page.keyboard.press("Alt+ArrowUp")

    expect(page.locator("tbody tr:nth-child(1) [data-field=name]")).to_have_text("指标 2")
    with site.engine.start_work(reading=True) as work:
        assert [row.name for row in items.of(work, letter)] == ["指标 2", "指标 1", "指标 3"]


def test_u33_two_people_on_one_cell_see_both_values(visit: Visit, site: Site, letter: int) -> None:
    page = visit("li").open(f"/letters/{letter}/edit")
    with site.engine.start_work(reading=True) as work:
        first = items.of(work, letter)[0]
    editing.change_item(
        site.engine.start_work, first.id, {"weight": "35"}, revision=first.revision, actor=site.company.li
    )

    go(page, 1, "weight")
    page.keyboard.type("36")
    page.keyboard.press("Enter")

    panel = page.locator("[role=alertdialog]")
    expect(panel).to_contain_text("35")
    expect(panel).to_contain_text("李建国")
    panel.locator("button", has_text="36").click()
    expect(page.locator("tbody tr:nth-child(1) [data-field=weight]")).to_have_text("36.00")
    assert weights(site, letter)[0] == 36


def test_u29_a_pasted_block_is_shown_before_it_is_written(visit: Visit, site: Site, letter: int) -> None:
    page = visit("li").open(f"/letters/{letter}/edit")
    go(page, 1, "threshold")
    page.evaluate(PASTED, "7000\t9000\n7100\t九千")

    expect(page.locator("body")).to_contain_text("第 2 行“目标值”：无法读取“九千”。")
    page.click("button.btn-primary")

    expect(page.locator("tbody tr:nth-child(1) [data-field=target]")).to_have_text("9,000")
    expect(page.locator("tbody tr:nth-child(2) [data-field=threshold]")).to_have_text("7,100")
    expect(page.locator("tbody tr:nth-child(2) [data-field=target]")).to_have_text("10,000")


def test_u30_handing_in_with_errors_lands_in_the_first_faulty_cell(visit: Visit, site: Site, letter: int) -> None:
    with site.engine.start_work(reading=True) as work:
        second = items.of(work, letter)[1]
    editing.change_item(
        site.engine.start_work, second.id, {"owner": None}, revision=second.revision, actor=site.company.li
    )
    page = visit("li").open(f"/letters/{letter}/edit")

    page.click(".grid-bar button.btn-primary")

    cell = page.locator(FOCUSED)
    expect(cell).to_have_attribute("data-field", "owner")
    described = cell.get_attribute("aria-describedby")
    expect(page.locator(f"#{described}")).to_contain_text("规则 4")


def test_letters_in_a_composition_save_nothing(visit: Visit, site: Site, letter: int) -> None:
    """U16: Enter during composition never saves."""
    page = visit("li").open(f"/letters/{letter}/edit")
    go(page, 1, "weight")
    page.keyboard.press("F2")
    page.evaluate(
        """() => document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
        {key: "Enter", isComposing: true, keyCode: 229, bubbles: true, cancelable: true}))"""
    )
    expect(page.locator("td.editing")).to_have_count(1)
    assert weights(site, letter)[0] == Decimal("33.33")


def test_the_drawer_of_a_row_saves_and_the_grid_shows_it(visit: Visit, site: Site, letter: int) -> None:
    """ux.md §4.6: Alt+Enter; parameters are rows of inputs that grow; the method is tried with a figure."""
    visitor = visit("li")
    page = visitor.open(f"/letters/{letter}/edit")
    go(page, 2, "name")
    page.keyboard.press("Alt+Enter")
    page.click("#part-scoring > summary")
    page.select_option("#method", "BAND")
    page.fill("[name='s.params.bands.0.hi']", "9000")
    page.fill("[name='s.params.bands.0.value']", "60")
    page.fill("[name='s.params.bands.1.lo']", "9000")
    page.fill("[name='s.params.bands.1.value']", "100")
    page.fill("[name='s.actual']", "9500")
    page.click("text=会得几分？")
    expect(page.locator("#tried")).to_contain_text("100.00")
    page.fill("#target", "9900")
    page.click(".item-save .btn-primary")

    expect(page.locator("tbody tr:nth-child(2) [data-field=target]")).to_have_text("9,900")
    page.keyboard.press("Escape")
    expect(page.locator(FOCUSED)).to_have_text("指标 2")
    with site.engine.start_work(reading=True) as work:
        assert items.of(work, letter)[1].params["bands"][1] == {"lo": 9000, "value": 100}
    assert visitor.problems == []


def test_two_in_one_letter_see_each_other_and_what_the_other_wrote(visit: Visit, site: Site, letter: int) -> None:
    """ux.md §4.6: 赵雪 正在编辑第 3 行; what another wrote stands in the grid, not over what is typed."""
    mine, other = visit("li"), visit("zhao")
    page, beside = mine.open(f"/letters/{letter}/edit"), other.open(f"/letters/{letter}/edit")
    with beside.expect_response("**/presence"):
        go(beside, 2, "name")
    with site.engine.start_work(reading=True) as work:
        third = items.of(work, letter)[2]
    editing.change_item(
        site.engine.start_work, third.id, {"weight": "30"}, revision=third.revision, actor=site.company.li
    )
    with page.expect_response("**/presence"):
        go(page, 1, "weight")

    expect(page.locator("[data-others]")).to_have_text("赵雪 正在编辑第 2 行")
    expect(page.locator("tbody tr:nth-child(3) [data-field=weight]")).to_have_text("30.00")


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_no_page_scrolls_sideways_or_complains(visit: Visit, letter: int, phone: bool) -> None:
    """U2, U3."""
    visitor = visit("li", phone=phone)
    for path in ("", "/new", "/commitments", f"/{letter}", f"/{letter}/edit", f"/{letter}/head", f"/{letter}/timeline"):
        page = visitor.open(f"/letters{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.locator("h1").count() == 1
    assert visitor.problems == []
