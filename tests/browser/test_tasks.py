"""The task page as people use it: fields that appear, drafts, files, comments, handwriting (`ux.md` §4.4)."""

import json

from playwright.sync_api import FilePayload, Page, expect

from engine.approvals import comments, record
from engine.workflow import definitions
from tests.browser.conftest import Visit
from tests.builders.site import PASSWORD, Site, _drawn, _task

FORM = {
    "type": "default",
    "components": [
        {
            "type": "radio",
            "key": "answer",
            "label": "答复",
            "validate": {"required": True},
            "values": [{"label": "接受", "value": "YES"}, {"label": "不接受", "value": "NO"}],
        },
        {
            "type": "textarea",
            "key": "why",
            "label": "不接受的理由",
            "validate": {"required": True},
            "conditional": {"hide": '=not(answer = "NO")'},
        },
    ],
}


def deploy(site: Site, key: str, options: str, extra: str = "", **files: bytes) -> int:
    """A process of one node at 周文博, started; its task."""
    drawn = _drawn(key, key, {"only": _task("only", "唯一环节", ("zhou",), options, extra)})
    definitions.deploy(site.engine, {f"{key}.bpmn": drawn, **files})
    return site.start(key, key)


def asked(site: Site) -> int:
    form = {"ask.form.json": json.dumps(FORM).encode()}
    return deploy(site, "ask", 'kind="act"', '<lf:form key="ask"/>', **form)


def test_a_field_appears_while_the_form_is_filled_in_and_the_focus_stays(visit: Visit) -> None:
    visitor = visit("zhou")
    page = visitor.open(f"/inbox/tasks/{asked(visitor.site)}")
    expect(page.get_by_label("不接受的理由")).to_have_count(0)

    page.get_by_label("不接受", exact=True).check()

    expect(page.get_by_label("不接受的理由")).to_be_visible()
    assert page.evaluate("document.activeElement.value") == "NO"
    page.get_by_label("不接受的理由").fill("人手不足")
    page.click("button[value=DONE]")
    page.click("[data-sends]")
    expect(page.locator("#last-act")).to_contain_text("已完成")


def test_what_is_typed_is_kept_two_seconds_after_the_last_letter(visit: Visit) -> None:
    """APR-32: 已暂存"""
    visitor = visit("zhou")
    task = asked(visitor.site)
    page = visitor.open(f"/inbox/tasks/{task}")
    page.get_by_label("不接受", exact=True).check()

    page.get_by_label("不接受的理由").fill("还没写完")

    expect(page.locator("[data-draft-told]")).to_have_text("已暂存 09:00", timeout=6000)
    again = visitor.open(f"/inbox/tasks/{task}")
    expect(again.get_by_label("不接受的理由")).to_have_value("还没写完")


def test_u35_a_file_that_is_refused_is_named_and_the_others_stay(visit: Visit) -> None:
    page = visit("zhou").open("/inbox/tasks/1")

    good = FilePayload(name="报价.pdf", mimeType="application/pdf", buffer=b"%PDF-1.4 x")
    bad = FilePayload(name="冒充.pdf", mimeType="application/pdf", buffer=b"MZ")
    page.set_input_files("#files", [good, bad])

    expect(page.locator("#attached .file-refused")).to_contain_text("冒充.pdf")
    expect(page.locator("#attached .lines")).to_contain_text("报价.pdf")


def test_a_comment_appears_without_losing_what_is_typed_elsewhere(visit: Visit) -> None:
    page = visit("zhou").open("/inbox/tasks/1")
    page.keyboard.press("a")
    page.keyboard.type("同意")

    page.fill("#comment", "请补充报价")
    page.keyboard.press("Enter")

    expect(page.locator("#opinions .opinion-text")).to_have_text("请补充报价")
    expect(page.locator("#opinions summary")).to_contain_text("1")
    assert page.input_value("#opinion") == "同意"


def test_opinions_of_others_and_who_looks_arrive_by_themselves(visit: Visit) -> None:
    """U22: 王敏 也在看; what is being typed below the opinions stays."""
    visitor, other = visit("zhou"), visit("wang")
    page = visitor.open("/inbox/tasks/1")
    page.fill("#comment", "我正在写")
    with other.page.expect_response(lambda answer: "/live" in answer.url):
        other.open("/inbox/tasks/1")
    comments.say(visitor.site.engine, 1, visitor.site.person("chen"), "已补充附件")

    _poll(page)

    expect(page.locator("#beside")).to_contain_text("王敏 也在看")
    expect(page.locator("#opinions .opinion-text")).to_have_text("已补充附件")
    assert page.input_value("#comment") == "我正在写"


def test_a_task_is_signed_by_hand_with_password_and_hash(visit: Visit) -> None:
    visitor = visit("zhou")
    task = deploy(visitor.site, "contract", 'kind="sign"')
    page = visitor.open(f"/inbox/tasks/{task}")
    page.click("button[value=DONE]")
    box = page.locator("[data-pad]").bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60)
    page.mouse.up()

    page.fill("#password", PASSWORD)
    page.click("[data-sends]")

    expect(page.locator("#last-act")).to_contain_text("已完成")
    with visitor.site.engine.start_work(reading=True) as work:
        signature = record.of_instance(work, 27)[0].detail["signature"]
        assert visitor.site.engine.files.view(work, signature["image"]).media_type == "image/png"
    assert len(signature["sha256"]) == 64


def test_an_act_beside_the_decision_is_fetched_when_it_is_wanted(visit: Visit) -> None:
    page = visit("zhou").open("/inbox/tasks/24")

    page.keyboard.press("t")
    page.fill("#transfer-to", "孙立")
    page.fill("#transfer-reason", "由财务办理")
    page.click("#act-dialog button.btn-primary")

    expect(page.locator("#last-act")).to_contain_text("已转办")


def test_the_diagram_is_drawn_when_it_is_opened_and_not_before(visit: Visit) -> None:
    """U24: the viewer's bundle is loaded only where somebody looks."""
    visitor = visit("zhou")
    page = visitor.open("/inbox/tasks/1")
    assert not [each for each in visitor.requests if "/diagram-" in each.url]

    page.click("summary:has-text('流程图')")

    expect(page.locator("[data-diagram][data-state=drawn]")).to_be_visible()
    assert visitor.problems == []


def test_on_a_phone_the_task_shows_title_and_deadline_first_and_the_bar_below(visit: Visit) -> None:
    page = visit("zhou", phone=True).open("/inbox/tasks/1")

    bar = page.locator(".acts").bounding_box()
    assert bar and bar["y"] + bar["height"] <= 845
    expect(page.locator(".detail-title")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def _poll(page: Page) -> None:
    """What the page's own timer does every twenty seconds."""
    with page.expect_response(lambda answer: "/live" in answer.url and answer.status == 200):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_function("() => !document.querySelector('.htmx-request')")
