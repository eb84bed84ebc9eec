"""Clearing the inbox as people do: by mouse, by key, together, beside others, on a phone, without scripts."""

from playwright.sync_api import Page, expect

from engine.approvals import decisions
from engine.approvals.decisions import Decision
from engine.people import sessions
from tests.browser.conftest import Visit, Visitor

ROWS = "[data-rows] > li[id]"
COMPOSED = """key => document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
  {key, code: `Key${key.toUpperCase()}`, isComposing: true, keyCode: 229, bubbles: true, cancelable: true}))"""


def test_u13_a_decision_takes_two_clicks_and_one_request_and_the_next_task_is_there(visit: Visit) -> None:
    visitor = visit("zhou")
    page = visitor.open("/inbox")
    visitor.requests.clear()

    page.click("button[value=APPROVED]")
    page.click("[data-sends]")

    expect(page.locator("#detail[data-task='2']")).to_be_visible()
    assert [each.method for each in visitor.requests if each.resource_type in {"xhr", "fetch", "document"}] == ["POST"]
    expect(page.locator(ROWS)).to_have_count(24)
    expect(page.locator(".side [data-count=inbox]")).to_have_text("24")
    expect(page.locator("#last-act")).to_contain_text("已同意 采购申请 00")


def test_u14_a_key_approves_with_an_opinion_and_z_takes_it_back(visit: Visit) -> None:
    visitor = visit("zhou")
    page = visitor.open("/inbox")

    page.keyboard.press("a")
    page.keyboard.type("ok")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#task-1")).to_have_count(0)
    page.keyboard.press("z")

    expect(page.locator(f"{ROWS} b", has_text="采购申请 00")).to_have_count(1)
    expect(page.locator("#detail .detail-title")).to_contain_text("采购申请 00")


def test_u14_a_rejection_without_an_opinion_is_refused_and_the_text_stays(visit: Visit) -> None:
    visitor = visit("zhou")
    page = visitor.open("/inbox")

    page.keyboard.press("r")
    page.click("[data-sends]")

    expect(page.locator("#opinion-wrong")).to_have_text("请填写意见")
    expect(page.locator("#task-1")).to_have_count(1)


def test_u15_keys_walk_pick_and_explain_and_the_focus_is_never_lost(visit: Visit) -> None:
    visitor = visit("zhou")
    page = visitor.open("/inbox")

    for _step in range(24):
        page.keyboard.press("j")
        assert _focused(page) != "BODY"
    expect(page.locator("#detail[data-task='25']")).to_be_visible()
    page.keyboard.press("k")
    expect(page.locator("#detail[data-task='24']")).to_be_visible()
    page.keyboard.press("x")
    expect(page.locator("[name=pick]:checked")).to_have_count(1)
    page.keyboard.press("Shift+a")
    expect(page.locator("[name=pick]:checked")).to_have_count(25)
    page.keyboard.press("u")
    assert _focused(page) == "A"
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_visible()


def test_u16_letters_typed_or_composed_trigger_nothing(visit: Visit) -> None:
    visitor = visit("zhou")
    page = visitor.open("/inbox")

    page.click("#q")
    page.keyboard.type("abrxz")
    expect(page.locator("[data-opinion]")).to_be_hidden()
    page.locator(f"{ROWS} a").first.focus()
    page.evaluate(COMPOSED, "a")
    expect(page.locator("[data-opinion]")).to_be_hidden()
    page.keyboard.press("?")
    page.keyboard.press("a")

    expect(page.locator("[data-opinion]")).to_be_hidden()
    assert page.input_value("#q") == "abrxz"


def test_u17_a_slash_is_found_by_its_place_and_letters_can_be_switched_off(visit: Visit) -> None:
    visitor = visit("zhou")
    page = visitor.open("/inbox")
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '、', code: 'Slash', bubbles: true}))"
    )
    assert page.evaluate("document.activeElement.id") == "q"

    visitor.open("/account/")
    page.uncheck("input[name=keys]")
    with page.expect_navigation():
        page.click("form[action$=look] button[type=submit]")
    visitor.open("/inbox")
    page.keyboard.press("a")

    expect(page.locator("[data-opinion]")).to_be_hidden()


def test_u18_the_second_person_to_decide_is_told_who_was_faster_and_goes_on(visit: Visit) -> None:
    slow = visit("zhou")
    page = slow.open("/inbox")
    decisions.decide(slow.site.engine, 1, slow.site.person("wang"), Decision("APPROVED"))

    page.keyboard.press("a")
    page.keyboard.type("我也同意")
    page.keyboard.press("Control+Enter")

    expect(page.locator("#detail .refusal")).to_contain_text("已由 王敏 于 11-02 09:00")
    expect(page.locator("#detail .refusal")).to_contain_text("我也同意")
    expect(page.locator("#task-1")).to_have_count(0)
    expect(page.locator("#detail .detail-title")).to_contain_text("采购申请 01")


def test_u19_a_batch_says_why_two_cannot_be_part_of_it(visit: Visit) -> None:
    page = visit("zhou").open("/inbox")
    for number in (0, 1, 2, 3, 4, 5, 23, 24):
        page.locator("[name=pick]").nth(number).check()

    page.click("[data-batch] button")

    dialog = page.locator("#batch-dialog")
    expect(dialog.locator(".wrong")).to_have_text(["需要填写意见，请打开办理"] * 2)
    dialog.locator("button.btn-primary").click()
    expect(dialog.locator("li", has_text="✓")).to_have_count(6)
    assert page.locator("[formaction*=reject], [action*=batch][action*=reject]").count() == 0


def test_u20_what_arrives_moves_no_row_until_it_is_asked_for(visit: Visit) -> None:
    visitor = visit("zhou")
    page = visitor.open("/inbox")
    before = page.locator(ROWS).first.bounding_box()
    for number in range(5):
        visitor.site.start("purchase", f"新申请 {number}")

    _poll(page)

    expect(page.locator("#strip")).to_contain_text("5 条新待办")
    assert page.locator(ROWS).count() == 25
    assert page.title().startswith("(30)")
    strip = page.locator("#strip").bounding_box()
    after = page.locator(ROWS).first.bounding_box()
    assert before and after and strip
    assert after["y"] == before["y"]


def test_u21_a_poll_without_news_swaps_nothing(visit: Visit) -> None:
    visitor = visit("zhou")
    page = visitor.open("/inbox")
    _poll(page)
    page.evaluate("window.swaps = 0; document.addEventListener('htmx:afterSwap', () => { window.swaps += 1 })")

    with page.expect_response(lambda answer: "/inbox/live" in answer.url) as told:
        _poll(page)

    assert told.value.status == 204
    assert page.evaluate("window.swaps") == 0


def test_u22_a_poll_leaves_focus_scroll_and_typed_text_alone(visit: Visit) -> None:
    visitor = visit("zhou")
    page = visitor.open("/inbox")
    page.evaluate("document.getElementById('list').scrollTop = 200")
    page.keyboard.press("a")
    page.keyboard.type("还没写完")
    visitor.site.start("purchase", "新申请")

    _poll(page)

    expect(page.locator("#strip")).to_contain_text("1 条新待办")
    assert page.evaluate("document.activeElement.id") == "opinion"
    assert page.input_value("#opinion") == "还没写完"
    assert page.evaluate("document.getElementById('list').scrollTop") == 200


def test_u23_without_scripts_one_signs_in_reads_and_approves_with_an_opinion(visit: Visit) -> None:
    visitor = visit("zhou", scripts=False)
    page = visitor.open("/inbox?task=1")

    page.fill("#opinion", "同意,请按期完成")
    page.click("button[value=APPROVED]")

    assert page.locator("#last-act").inner_text().startswith("已同意")
    assert page.locator("#task-1").count() == 0


def test_u23_without_scripts_a_drawn_form_is_filled_in_and_checked_by_the_server(visit: Visit) -> None:
    page = visit("chen", scripts=False).open("/inbox?task=26")

    page.click("button[value=DONE]")
    assert "原因" in page.locator(".error-summary").inner_text()
    page.fill("[name='field.cause']", "供货延迟")
    page.fill("[name='field.amount']", "12.5")
    page.click("button[value=DONE]")

    assert page.locator("#last-act").inner_text().startswith("已完成")


def test_u15_a_range_is_picked_from_the_last_tick_on(visit: Visit) -> None:
    page = visit("zhou").open("/inbox")

    for key in ("x", "j", "j", "j", "Shift+x"):
        page.keyboard.press(key)

    picked = page.locator("[name=pick]:checked").evaluate_all("all => all.map(each => each.value)")
    assert picked == ["1", "2", "3", "4"]
    expect(page.locator("[data-batch] button")).to_contain_text("(4)")


def test_a_row_that_somebody_else_decided_stays_struck_out_with_the_name(visit: Visit) -> None:
    visitor = visit("zhou")
    page = visitor.open("/inbox?task=2")
    decisions.decide(visitor.site.engine, 3, visitor.site.person("wang"), Decision("APPROVED"))

    _poll(page)

    expect(page.locator("#task-3.decided")).to_contain_text("由 王敏 办理")
    expect(page.locator("#task-3 [name=pick]")).to_be_disabled()
    assert page.locator(ROWS).count() == 25


def test_going_back_finds_the_list_where_it_was_left(visit: Visit) -> None:
    """`ux.md` §2: URLs are state, Back restores scroll and selection."""
    page = visit("zhou").open("/inbox?q=采购")
    page.evaluate("document.getElementById('list').scrollTop = 300")
    page.locator(f"{ROWS} a").nth(12).click()
    expect(page.locator("#detail[data-task='13']")).to_be_visible()
    page.locator(".detail-title a").click()
    page.wait_for_url("**/inbox/tasks/13")

    page.go_back()

    expect(page.locator("#task-13 a[aria-current]")).to_be_visible()
    assert page.evaluate("document.getElementById('list').scrollTop") == 300
    assert page.input_value("#q") == "采购"


def test_what_follows_a_decision_is_the_next_of_the_list_that_is_shown(visit: Visit) -> None:
    page = visit("zhou").open("/inbox?process=sealing")

    page.keyboard.press("a")
    page.keyboard.type("同意用印")
    page.keyboard.press("Control+Enter")

    expect(page.locator("#detail[data-task='25']")).to_be_visible()
    assert "process=sealing" in page.url
    expect(page.locator(ROWS)).to_have_count(1)


def test_a_list_is_saved_under_a_name_in_four_clicks(visit: Visit) -> None:
    page = visit("zhou").open("/inbox?process=sealing")

    page.click("#filter summary")
    page.fill("#filter-name", "我的用印")
    page.click("#filter .keep button")

    expect(page.locator(".saved [aria-current]")).to_have_text("我的用印")
    page.click("text=显示全部")
    expect(page.locator(ROWS)).to_have_count(25)
    page.click(".saved .chip")
    expect(page.locator(ROWS)).to_have_count(2)


def test_on_a_phone_one_works_through_the_list_and_sees_the_place(visit: Visit) -> None:
    page = visit("zhou", phone=True).open("/inbox")
    page.locator(f"{ROWS} a").nth(2).tap()
    expect(page.locator("[data-place]")).to_have_text("3/25")

    page.locator("button[value=APPROVED]").tap()
    page.locator("[data-sends]").tap()

    expect(page.locator("#detail .detail-title")).to_contain_text("采购申请 03")
    expect(page.locator("[data-place]")).to_have_text("3/24")
    expect(page.locator("#list")).to_be_hidden()


def test_on_a_phone_the_list_gives_way_to_the_task_and_comes_back(visit: Visit) -> None:
    page = visit("zhou", phone=True).open("/inbox")
    expect(page.locator("#detail")).to_be_hidden()

    page.locator(f"{ROWS} a").nth(2).tap()

    expect(page.locator("#detail .detail-title")).to_contain_text("采购申请 02")
    expect(page.locator("#list")).to_be_hidden()
    expect(page.locator(".phone-bar")).to_be_hidden()
    page.click(".back")
    expect(page.locator("#list")).to_be_visible()


def test_an_ended_session_is_renewed_above_the_page_and_keeps_what_was_typed(visit: Visit) -> None:
    """U34"""
    visitor = visit("zhou")
    page = visitor.open("/inbox")
    page.keyboard.press("a")
    page.keyboard.type("写了很久的意见")
    _end_sessions(visitor, "zhou")

    page.keyboard.press("Control+Enter")
    page.fill("#again-password", "letterflow")
    page.click("#session-over button.btn-primary")

    expect(page.locator("#task-1")).to_have_count(0)  # what was being sent is sent
    expect(visitor.open("/inbox/tasks/1").locator("main")).to_contain_text("写了很久的意见")


def _poll(page: Page) -> None:
    """What the page's own timer does every twenty seconds."""
    with page.expect_response(lambda answer: "/inbox/live" in answer.url):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_function("() => !document.querySelector('.htmx-request')")


def _focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.tagName"))


def _end_sessions(visitor: Visitor, account: str) -> None:
    with visitor.site.engine.start_work() as work:
        sessions.revoke_all(work, visitor.site.person(account))
        work.commit()
