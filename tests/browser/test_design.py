"""The page of components: each state in both themes and languages, under forced colours and without motion."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.kernel.clock import ManualClock
from engine.kernel.database import open_database
from engine.kernel.work import Store
from tests.browser.conftest import DESK, PHONE
from tests.browser.walk.visiting import AXE, MEASURES
from tests.builders import site as sites
from tests.builders.site import Site

COMBINATIONS = [("light", "zh"), ("light", "en"), ("dark", "zh"), ("dark", "en")]
SHAPES = "all => all.map(each => each.getAttribute('d'))"
MOVES = """() => [...document.querySelectorAll("*")].filter(each => {
  const style = getComputedStyle(each);
  const lasts = value => value.split(",").some(each => parseFloat(each) > 0);
  return lasts(style.transitionDuration) || (style.animationName !== "none" && lasts(style.animationDuration));
}).map(each => each.outerHTML.slice(0, 80))"""


@pytest.fixture
def demo(sqlite_url: str, clock: ManualClock, tmp_path: object) -> Iterator[Site]:
    """A served site of a demo: elsewhere the page is not there."""
    database = open_database(sqlite_url)
    made = sites.build(Store(database, clock), tmp_path, demo=True)  # type: ignore[arg-type]  # pytest's own path
    with sites.served(made):
        yield made
    database.dispose()


@pytest.fixture
def look(chrome: Browser, demo: Site) -> Iterator[Page]:
    """A page with the measures of the walk."""
    context = chrome.new_context(viewport=DESK)  # type: ignore[arg-type]  # playwright's own typed dict
    context.add_init_script(path=AXE)
    context.add_init_script(path=MEASURES)
    page = context.new_page()
    shown = page.goto(f"{demo.address}/design")
    assert shown and shown.ok
    yield page
    context.close()


def test_u1_axe_finds_nothing_on_any_component_in_either_theme_and_language(look: Page, demo: Site) -> None:
    found: list[str] = []
    for theme, language in COMBINATIONS:
        look.goto(f"{demo.address}/design?theme={theme}&lang={language}")
        found += [f"{theme} {language}: {each}" for each in look.evaluate("lfWalk.axe()")]

    assert found == []


def test_u3_u6_u7_components_fit_and_can_be_read_and_pressed_on_a_phone(look: Page, demo: Site) -> None:
    look.set_viewport_size(PHONE)  # type: ignore[arg-type]  # playwright's own typed dict
    look.goto(f"{demo.address}/design?theme=light&lang=en")

    assert look.evaluate("lfWalk.sideways()") == []
    assert look.evaluate("lfWalk.type(true)") == []
    assert look.evaluate("lfWalk.targets(44)") == []


def test_u9_each_level_has_a_shape_of_its_own_a_word_and_a_name(look: Page, demo: Site) -> None:
    look.goto(f"{demo.address}/design?lang=zh")
    badges = look.locator("#levels .lv")

    assert len(set(badges.locator("path").evaluate_all(SHAPES))) == 5
    assert badges.all_inner_texts()[:5] == ["蓝", "黄", "橙", "红", "正常"]
    assert badges.get_by_role("img", name="预警级别").count() == 6


def test_u11_level_words_stay_under_forced_colours(look: Page, demo: Site) -> None:
    look.emulate_media(forced_colors="active")
    look.goto(f"{demo.address}/design?lang=zh")

    for word in ("蓝", "黄", "橙", "红", "正常"):
        expect(look.locator("#levels .lv", has_text=word).first).to_be_visible()
    fills = look.locator("#levels .lv path").evaluate_all("all => all.map(each => getComputedStyle(each).fill)")
    assert len(set(fills[:4])) == 1  # the shape tells, not the colour


def test_u11_nothing_moves_for_those_who_ask_for_less_motion(look: Page, demo: Site) -> None:
    look.emulate_media(reduced_motion="reduce")
    look.goto(f"{demo.address}/design")

    assert look.evaluate(MOVES) == []


def test_dialog_and_drawer_give_the_focus_back(look: Page) -> None:
    for name in ("shown-dialog", "shown-drawer"):
        look.click(f"[data-opens={name}]")
        expect(look.locator(f"#{name}")).to_be_visible()
        look.keyboard.press("Escape")
        assert look.evaluate("document.activeElement.dataset.opens") == name


def test_elsewhere_than_in_a_demo_there_is_no_such_page(site: Site) -> None:
    assert site.app.test_client().get("/design").status_code == 404
