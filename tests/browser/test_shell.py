"""What the shell does on every page: the palette, the map of keys, texts that are kept, sessions that are renewed."""

import re

from playwright.sync_api import Dialog, Page, expect

from engine.notices import notices
from engine.people import sessions
from tests.browser.conftest import Visit, Visitor

REPORT = "/inbox/tasks/26"
"""The page of the task with a form."""
COMPOSED = """key => document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
  {key, code: `Key${key.toUpperCase()}`, isComposing: true, keyCode: 229, bubbles: true, cancelable: true}))"""


def test_u26_the_palette_finds_a_unit_by_initials_and_opens_it_by_keys(visit: Visit) -> None:
    page = visit("zhou").open("/processes/")

    page.keyboard.press("Control+k")
    page.keyboard.type("cdxmb")
    found = page.locator("#palette [role=option]", has_text="城东项目部")
    expect(found).to_have_count(1)
    while found.get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowDown")
    expect(page.locator("#palette-text")).to_have_attribute("aria-activedescendant", found.get_attribute("id") or "")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/people/orgs\?org=\d+"))


def test_an_empty_palette_shows_what_is_due_and_what_was_seen_last(visit: Visit) -> None:
    visitor = visit("zhou")
    title = visitor.open("/inbox/tasks/3").locator("h1").inner_text()
    page = visitor.open("/")

    page.keyboard.press("Control+k")

    expect(page.locator("#palette [role=group]", has_text="最近看过")).to_contain_text(title)
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()


def test_the_palette_asks_nothing_while_a_word_is_composed(visit: Visit) -> None:
    """U26, U16: an IME's letters are no search."""
    visitor = visit("zhou")
    page = visitor.open("/")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette [role=option]").first).to_be_visible()
    visitor.requests.clear()

    page.evaluate(
        """() => { const field = document.getElementById("palette-text"); field.value = "cd";
        field.dispatchEvent(new InputEvent("input", {isComposing: true, bubbles: true})); }"""
    )
    page.evaluate(COMPOSED, "Enter")
    expect(page.locator("#palette")).to_be_visible()
    assert [each.url for each in visitor.requests if "palette" in each.url] == []
    page.evaluate("document.getElementById('palette-text').dispatchEvent(new CompositionEvent('compositionend'))")

    expect(page.locator("#palette [role=option]", has_text="城东项目部")).to_have_count(1)


def test_on_a_phone_the_palette_opens_by_its_button(visit: Visit) -> None:
    page = visit("zhou", phone=True).open("/")

    page.locator("[data-opens-palette]").tap()
    page.fill("#palette-text", ">用印")
    page.fill("#palette-text", "@王敏")

    expect(page.locator("#palette [role=option]", has_text="王敏")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_u15_the_map_of_keys_is_that_of_the_page(visit: Visit) -> None:
    visitor = visit("zhou")
    page = visitor.open("/inbox")
    page.keyboard.press("?")

    help_ = page.locator("#keys-help")
    expect(help_.locator("[data-keys-page]")).to_contain_text("同意")
    expect(help_.locator("[data-keys-page]")).to_contain_text("下一项")
    expect(help_.locator("[data-keys-go]")).to_contain_text("待办")
    page.keyboard.press("Escape")

    visitor.open("/people/persons")
    page.keyboard.press("?")
    expect(help_).to_be_visible()
    expect(help_.locator("[data-keys-page]")).not_to_contain_text("同意")


def test_a_text_survives_a_reload_and_is_offered_back(visit: Visit) -> None:
    page = visit("chen").open(REPORT)
    page.fill("[name='field.cause']", "供货延迟")
    page.wait_for_function("() => Object.keys(sessionStorage).some(key => key.startsWith('lf-typed'))")
    page.on("dialog", lambda dialog: dialog.accept())

    page.reload()
    page.click("[data-restores]")

    assert page.input_value("[name='field.cause']") == "供货延迟"


def test_leaving_with_unsent_text_asks_first(visit: Visit) -> None:
    page = visit("chen").open(REPORT)
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.fill("[name='field.cause']", "供货延迟")

    page.goto("about:blank")

    assert asked == ["beforeunload"]


def test_a_fault_keeps_what_was_typed_and_names_its_number(visit: Visit) -> None:
    visitor = visit("chen")
    page = visitor.open(REPORT)
    _break(visitor)
    page.fill("[name='field.cause']", "供货延迟")

    page.click("button[value=DONE]")
    page.click("[data-sends]")
    expect(page.locator("#refusals")).to_contain_text(re.compile(r"编号 ?[0-9A-F]{4}"))
    assert page.input_value("[name='field.cause']") == "供货延迟"


def test_offline_nothing_is_sent_and_the_page_says_so(visit: Visit) -> None:
    visitor = visit("chen")
    page = visitor.open(REPORT)
    page.fill("[name='field.cause']", "供货延迟")
    page.context.set_offline(True)

    page.click("button[value=DONE]")

    expect(page.locator("#offline")).to_be_visible()
    assert page.input_value("[name='field.cause']") == "供货延迟"
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()


def test_u34_a_whole_page_s_form_is_sent_after_the_session_was_renewed(visit: Visit) -> None:
    visitor = visit("li")
    page = visitor.open("/account/")
    page.check("input[name=density][value=compact]")
    _end_sessions(visitor, "li")

    page.click("form[action$=look] button[type=submit]")
    page.fill("#again-password", "letterflow")
    page.click("#session-over button.btn-primary")

    expect(page.locator("html")).to_have_attribute("data-density", "compact")


def test_u34_somebody_else_who_signs_in_there_gets_a_page_of_their_own(visit: Visit) -> None:
    visitor = visit("li")
    page = visitor.open("/account/")
    page.check("input[name=density][value=compact]")
    _end_sessions(visitor, "li")

    page.click("form[action$=look] button[type=submit]")
    page.fill("#again-account", "wang")
    page.fill("#again-password", "letterflow")
    page.click("#session-over button.btn-primary")

    expect(page.locator(".top .menu .person")).to_contain_text("王敏")
    expect(page.locator("html")).to_have_attribute("data-density", "comfortable")


def test_u21_every_page_asks_for_its_numbers_and_swaps_nothing_while_they_stand(visit: Visit) -> None:
    visitor = visit("zhou")
    page = visitor.open("/people/persons")
    _poll(page)
    page.evaluate("window.swaps = 0; document.addEventListener('htmx:afterSwap', () => { window.swaps += 1 })")

    assert _poll(page) == 204
    assert page.evaluate("window.swaps") == 0
    visitor.site.start("purchase", "新申请")
    assert _poll(page) == 200
    expect(page.locator(".side [data-count=inbox]")).to_have_text("26")


def test_the_bell_has_two_tabs_and_marks_nothing_read_by_being_looked_at(visit: Visit) -> None:
    visitor = visit("zhou")
    _notify(visitor, "zhou")
    page = visitor.open("/people/persons")

    page.click("#bell summary")
    tabs = page.locator("#bell nav a")
    expect(tabs.first).to_have_attribute("aria-current", "true")
    tabs.nth(1).click()
    expect(page.locator("#bell nav a").nth(1)).to_have_attribute("aria-current", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#bell .popover")).to_be_hidden()

    expect(visitor.open("/people/persons").locator("#bell summary [data-count]")).to_have_text("1")


def _notify(visitor: Visitor, account: str) -> None:
    with visitor.site.engine.start_work() as work:
        whom = [visitor.site.person(account)]
        notices.notify(work, whom, "task.assigned", {"title": "采购"}, link="/inbox", key="t", needs_action=True)
        work.commit()


def _break(visitor: Visitor) -> None:
    """From now on the server fails when a task is decided."""

    def fail(**_parts: object) -> str:
        raise RuntimeError("broken on purpose")

    visitor.site.app.view_functions["inbox.decide"] = fail


def _poll(page: Page) -> int:
    with page.expect_response(lambda answer: "/live" in answer.url) as told:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_function("() => !document.querySelector('.htmx-request')")
    return told.value.status


def _end_sessions(visitor: Visitor, account: str) -> None:
    with visitor.site.engine.start_work() as work:
        sessions.revoke_all(work, visitor.site.person(account))
        work.commit()
