"""What holds on every page: policy, headings, one primary button, levels, words, Chinese that is seen."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit

PAGES = {
    "zhou": (
        "/", "/inbox", "/inbox?tab=done", "/inbox?tab=started", "/inbox/tasks/1", "/processes/", "/processes/purchase",
        "/processes/purchase?tab=versions", "/processes/instances/1", "/people/orgs", "/people/persons", "/notices/",
        "/account/",
    ),
    "admin": (
        "/", "/processes/instances", "/processes/incidents", "/admin/users", "/admin/calendar/2026", "/admin/audit",
    ),
}  # fmt: skip
KEY = re.compile(
    r"%\(\w+\)|\b(?:state|word|why|said|node|act|level|notice|role|org|mode|page|timer|mark)\.[A-Za-z]+[._A-Za-z]*\b"
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
INK = """() => {
  const canvas = document.createElement("canvas"); canvas.width = canvas.height = 64;
  const pen = canvas.getContext("2d");
  pen.font = `60px ${getComputedStyle(document.body).fontFamily}`; pen.fillText("永", 2, 56);
  const pixels = pen.getImageData(0, 0, 64, 64).data;
  let dark = 0;
  for (let at = 3; at < pixels.length; at += 4) if (pixels[at] > 128) dark += 1;
  return dark / 4096;
}"""


@pytest.mark.parametrize("account", PAGES)
def test_u2_no_page_breaks_the_content_policy(visit: Visit, account: str) -> None:
    visitor = visit(account)

    for path in PAGES[account]:
        visitor.open(path).wait_for_load_state("networkidle")

    assert visitor.problems == []


@pytest.mark.parametrize("account", PAGES)
def test_u3_no_page_scrolls_sideways_on_a_phone(visit: Visit, account: str) -> None:
    visitor = visit(account, phone=True)

    wide = [
        path for path in PAGES[account] if visitor.open(path).evaluate("document.documentElement.scrollWidth") > 390
    ]

    assert wide == []


@pytest.mark.parametrize("account", PAGES)
def test_u4_each_page_has_one_heading_one_main_a_skip_link_and_its_name_in_the_title(
    visit: Visit, account: str
) -> None:
    visitor = visit(account)

    for path in PAGES[account]:
        page = visitor.open(path)
        heading = page.locator("h1").first.inner_text().strip()
        assert (page.locator("h1").count(), page.locator("main").count()) == (1, 1), path
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip", path
        assert page.title().removesuffix(" – Letterflow") not in {"", "Letterflow"}, (path, heading)


@pytest.mark.parametrize("account", PAGES)
def test_u5_at_most_one_primary_button_is_in_sight(visit: Visit, account: str) -> None:
    visitor = visit(account)

    several = {
        path: shown
        for path in PAGES[account]
        if (shown := visitor.open(path).locator(".btn-primary:visible").count()) > 1
    }

    assert several == {}


def test_u9_each_level_has_a_shape_of_its_own_a_word_and_a_name(visit: Visit) -> None:
    visitor = visit("zhou")
    with visitor.site.app.test_request_context("/"):
        visitor.site.app.preprocess_request()
        macro = visitor.site.app.jinja_env.get_template("components/level.html").module
        badges = [str(macro.level(code)) for code in ("BLUE", "YELLOW", "ORANGE", "RED", "NORMAL")]  # type: ignore[attr-defined]  # a macro

    page = visitor.open("/")
    page.evaluate("html => { document.querySelector('main').innerHTML = html }", "".join(badges))

    paths = page.locator("main .lv path").evaluate_all("all => all.map(each => each.getAttribute('d'))")
    assert len(set(paths)) == 5
    assert page.locator("main .lv").all_inner_texts() == ["蓝", "黄", "橙", "红", "正常"]
    assert page.get_by_role("img", name="预警级别").count() == 5


@pytest.mark.parametrize("account", PAGES)
@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_u12_no_page_shows_a_key_or_a_placeholder(visit: Visit, account: str, language: str, tag: str) -> None:
    visitor = visit(account)
    visitor.speak(language)

    for path in PAGES[account]:
        page = visitor.open(path)
        shown = page.locator("body").inner_text() + " ".join(_names(page))
        assert not KEY.search(shown), (path, KEY.search(shown))
        assert page.locator("html").get_attribute("lang") == tag


def test_u12_an_english_page_has_no_chinese_but_names(visit: Visit) -> None:
    visitor = visit("admin")
    visitor.speak("en")

    page = visitor.open("/admin/calendar/2026")
    page.evaluate("document.querySelectorAll('.person, select, .clock').forEach(each => each.remove())")

    assert not CHINESE.search(page.locator("main").inner_text())


def test_u24_a_cold_inbox_is_light(visit: Visit) -> None:
    """U24: at most 80 kB compressed, and no bundle that the page does not use."""
    visitor = visit("zhou")
    visitor.page.context.clear_cookies()
    fresh = visit("zhou")
    fresh.requests.clear()
    fresh.open("/inbox").wait_for_load_state("networkidle")

    sizes = {each.url: each.sizes()["responseBodySize"] for each in fresh.requests if each.response()}

    assert sum(sizes.values()) <= 80_000, sizes
    assert not any("diagram" in url for url in sizes)


def test_u40_chinese_really_renders_and_no_request_leaves_the_host(visit: Visit) -> None:
    visitor = visit("zhou")

    page = visitor.open("/inbox")
    page.wait_for_load_state("networkidle")

    assert page.evaluate(INK) >= 0.05
    assert all(each.url.startswith((visitor.site.address, "data:")) for each in visitor.requests)


def _names(page: Page) -> list[str]:
    read = "all => all.map(each => each.getAttribute('aria-label') || each.title || each.placeholder || '')"
    names: list[str] = page.locator("[aria-label], [title], [placeholder]").evaluate_all(read)
    return names
