"""Administration in a real browser: tree, matrix, calendar, audit by keyboard; heads and hand-overs in few clicks."""

import pytest
from playwright.sync_api import Page, expect

from engine.approvals import batches
from engine.kernel import audit
from engine.people import orgs
from engine.workflow import definitions
from tests.browser.conftest import Visit
from tests.builders.site import Site
from tests.paths import ROOT

CLICKS = 4


def _focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText")).split("\n")[0].strip()


class Clicking:
    """A mouse that counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def __call__(self, where: str) -> None:
        self.clicks += 1
        self.page.click(where)


def test_the_tree_of_units_is_walked_by_arrows_and_by_the_first_letters_of_a_name(visit: Visit) -> None:
    """ux.md §4.14: APG treeview; one tab stop, arrows open and close, letters find (chinese by initials)."""
    page = visit("admin").open("/people/orgs")
    tree = page.locator("[role=tree]")
    assert tree.locator("[tabindex='0']").count() == 1

    tree.locator("[tabindex='0']").focus()
    page.keyboard.press("c")
    page.keyboard.press("d")
    assert "城东项目部" in _focused(page)
    page.keyboard.press("ArrowLeft")
    assert "东区公司" in _focused(page)
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[role=treeitem]:has-text('城东项目部')").last).to_be_hidden()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#unit")).to_have_text("城东项目部")


def test_a_head_is_changed_in_four_clicks(visit: Visit, site: Site) -> None:
    page = visit("admin").open("/people/orgs")
    click = Clicking(page)
    click("[role=tree] a:has-text('城东项目部')")
    click("summary:has-text('修改')")
    page.fill("#head", "陈思远 (T003)")
    click("form[action$='/orgs/3'] button[type=submit]")
    page.wait_for_selector(".last-act")

    assert click.clicks <= CLICKS
    with site.engine.start_work(reading=True) as work:
        assert orgs.view(work, site.company.project).head == site.company.chen


def test_a_leaver_is_handed_over_in_four_clicks(visit: Visit, site: Site) -> None:
    """ux.md §4.26: preview, one act."""
    page = visit("admin").open("/admin/users")
    click = Clicking(page)
    click("tbody a:has-text('周文博')")
    click("a:has-text('离职交接')")
    expect(page.locator("dl.facts")).to_contain_text("待办")
    page.fill("#to", "李建国 (T002)")
    click("main form button[type=submit]")
    page.wait_for_url("**/people/persons/*")

    assert click.clicks <= CLICKS
    with site.engine.start_work(reading=True) as work:
        assert (batches.held_by(work, site.company.zhou), batches.held_by(work, site.company.li)) == (0, 25)


@pytest.fixture
def matrix(visit: Visit, site: Site) -> Page:
    definitions.deploy(site.engine, ROOT / "processes" / "approval")
    return visit("admin").open("/people/authority?mode=STRATEGIC")


def test_a_letter_sets_a_duty_and_the_route_that_changes_is_named(matrix: Page) -> None:
    """ux.md §4.15: keys I R P A F S E; every edit works the routes out again."""
    matrix.locator("[data-kind=MONTH_LETTER] [data-actor=HR]").focus()
    matrix.keyboard.press("a")
    expect(matrix.locator("[data-tried] [role=status]")).to_contain_text("月度目标责任书")
    expect(matrix.locator("[data-kind=MONTH_LETTER] [data-actor=HR]")).to_have_text("A")
    matrix.keyboard.press("a")

    expect(matrix.locator("[data-tried] [role=status]")).to_contain_text("路线没有变化")


def test_a_broken_rule_marks_its_row_and_the_menu_mends_it(matrix: Page) -> None:
    matrix.locator("[data-kind=MONTH_LETTER] [data-actor=OPS]").focus()
    matrix.keyboard.press("Enter")
    matrix.fill("#cell tr[data-duty=R] [data-order]", "1")
    matrix.keyboard.press("Enter")
    expect(matrix.locator("tr[data-kind=MONTH_LETTER]")).to_have_class("faulty")
    assert _focused(matrix).startswith("R1")
    matrix.keyboard.press("Enter")
    matrix.fill("#cell tr[data-duty=R] [data-order]", "2")
    matrix.click("[data-takes-cell]")

    expect(matrix.locator("tr.faulty")).to_have_count(0)


def test_arrows_walk_the_matrix_with_one_tab_stop(matrix: Page) -> None:
    """U27 for the matrix: one tab stop, arrows move."""
    assert matrix.locator("[role=gridcell][tabindex='0']").count() == 1
    matrix.locator("[role=gridcell][tabindex='0']").focus()
    matrix.keyboard.press("ArrowDown")
    matrix.keyboard.press("ArrowRight")

    place = matrix.evaluate(
        "[document.activeElement.parentElement.rowIndex, document.activeElement.cellIndex].join(' ')"
    )
    assert place == "2 2"


def test_days_are_walked_over_the_edge_of_a_month_and_asked_for_with_enter(visit: Visit) -> None:
    """ux.md §4.27: APG grid per month."""
    page = visit("admin").open("/admin/calendar/2026")
    page.locator("#d2026-11-30 .day").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('td').id") == "d2026-12-08"
    page.keyboard.press("Enter")

    expect(page.locator("#asked-title")).to_contain_text("12-08")
    expect(page.locator("#reason")).to_be_focused()


def test_a_line_of_history_opens_with_enter_and_the_next_is_reached_with_j(visit: Visit, site: Site) -> None:
    """ux.md §4.29: j, k, before and after on Enter."""
    with site.engine.start_work() as work:
        detail = {"before": {"weight": 20}, "after": {"weight": 25}}
        audit.append(work, "letter:7", "item.changed", actor=site.company.li, detail=detail)
        audit.append(work, "letter:7", "item.moved", actor=site.company.li)
        work.commit()
    page = visit("admin").open("/admin/audit?stream=letter:7")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")

    expect(page.locator("details[open] dd del")).to_have_text("20")
    expect(page.locator("details[open] dd ins")).to_have_text("25")
