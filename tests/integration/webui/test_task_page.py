"""The task page without scripts: fields that depend on each other, files, comments, signing, copies (`ux.md` §4.4)."""

import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from engine.approvals import acts, copies, looking, record
from engine.people import preferences
from engine.workflow import definitions
from tests.builders.site import PASSWORD, Site, _drawn, _task
from tests.integration.webui.conftest import Person

SignIn = Callable[[str], Person]
PDF = b"%PDF-1.4 report"
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
        {"type": "checklist", "key": "parts", "label": "部分", "values": [{"value": "A"}, {"value": "B"}]},
    ],
}


def deploy(site: Site, key: str, options: str, extra: str = "", files: dict[str, bytes] | None = None) -> None:
    """A process of one node at 周文博."""
    drawn = _drawn(key, key, {"only": _task("only", "唯一环节", ("zhou",), options, extra)})
    definitions.deploy(site.engine, {f"{key}.bpmn": drawn, **(files or {})})


@pytest.fixture
def asked(site: Site) -> int:
    form = json.dumps(FORM).encode()
    deploy(site, "ask", 'kind="act"', '<lf:form key="ask"/>', {"ask.form.json": form})
    return site.start("ask", "请答复")


def test_a_field_appears_when_its_condition_calls_for_it(site: Site, signed_in: SignIn, asked: int) -> None:
    zhou = signed_in("zhou")
    before = zhou.get(f"/inbox/tasks/{asked}").text
    htmx = {"HX-Request": "true"}

    after = zhou.post(f"/inbox/tasks/{asked}/fields", {"field.answer": "NO", "field.parts": "B"}, headers=htmx).text

    assert "不接受的理由" not in before and 'hx-trigger="change"' in before
    assert "不接受的理由" in after
    assert len(re.findall(r" checked", after)) == 2


def test_a_refused_form_shows_what_it_needs_and_keeps_what_was_said(site: Site, signed_in: SignIn, asked: int) -> None:
    zhou = signed_in("zhou")

    refused = zhou.post(f"/inbox/tasks/{asked}/decision", {"outcome": "DONE", "field.answer": "NO"})
    sent = {"outcome": "DONE", "field.answer": "NO", "field.why": "人手不足"}
    done = zhou.post(f"/inbox/tasks/{asked}/decision", sent)

    assert refused.status_code == 422
    assert "不接受的理由" in refused.text and 'href="#field.why"' in refused.text
    assert done.status_code == 303


def test_what_a_hidden_field_still_holds_is_not_sent_on(site: Site, signed_in: SignIn, asked: int) -> None:
    sent = {"outcome": "DONE", "field.answer": "YES", "field.why": "改了主意"}

    assert signed_in("zhou").post(f"/inbox/tasks/{asked}/decision", sent).status_code == 303


def test_several_choices_are_kept_in_a_draft(site: Site, signed_in: SignIn, asked: int) -> None:
    """APR-32"""
    zhou = signed_in("zhou")

    zhou.post(f"/inbox/tasks/{asked}/draft", {"field.parts": ["A", "B"], "field.answer": "NO", "field.why": "还在想"})

    shown = zhou.get(f"/inbox/tasks/{asked}").text
    assert len(re.findall(r" checked", shown)) == 3
    assert "还在想" in shown


def upload(person: Person, task: int, *files: tuple[str, bytes], **options: Any) -> Any:
    sent = {"files": [(io.BytesIO(content), name) for name, content in files]}
    return person.post(f"/inbox/tasks/{task}/files", sent, content_type="multipart/form-data", **options)


def test_files_go_with_the_decision_and_are_there_for_those_who_see_the_task(site: Site, signed_in: SignIn) -> None:
    """APR-27"""
    task = site.start("purchase", "采购")
    zhou = signed_in("zhou")
    upload(zhou, task, ("报价.pdf", PDF))
    (path,) = set(re.findall(rf'href="(/inbox/tasks/{task}/files/[\w-]+)"', zhou.get(f"/inbox/tasks/{task}").text))

    zhou.post(f"/inbox/tasks/{task}/decision", {"outcome": "APPROVED"})

    shown = signed_in("chen").get(path)
    assert (shown.status_code, shown.data) == (200, PDF)
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert signed_in("li").get(path).status_code == 404


def test_a_file_that_is_no_such_thing_is_named_and_the_others_stay(site: Site, signed_in: SignIn) -> None:
    """U35"""
    task = site.start("purchase", "采购")
    zhou = signed_in("zhou")

    answer = upload(zhou, task, ("好.pdf", PDF), ("坏.pdf", b"MZ\x90"), headers={"HX-Request": "true"})

    assert answer.status_code == 422
    assert "坏.pdf" in answer.text and "与扩展名不符" in answer.text
    assert "好.pdf" in zhou.get(f"/inbox/tasks/{task}").text


def test_a_file_is_taken_back_before_the_decision(site: Site, signed_in: SignIn) -> None:
    task = site.start("purchase", "采购")
    zhou = signed_in("zhou")
    upload(zhou, task, ("报价.pdf", PDF))
    page = zhou.get(f"/inbox/tasks/{task}").text
    remove = re.findall(r'action="(/inbox/tasks/\d+/files/[\w-]+/remove)"', page)[0]

    zhou.post(remove)

    assert "报价.pdf" not in zhou.get(f"/inbox/tasks/{task}").text


def test_a_comment_stands_below_the_opinions(site: Site, signed_in: SignIn) -> None:
    task = site.start("purchase", "采购")

    signed_in("chen").post(f"/inbox/tasks/{task}/comments", {"comment": "@孙立 请看预算"})

    assert "请看预算" in signed_in("zhou").get(f"/inbox/tasks/{task}").text
    assert "评论中提到了您" in signed_in("sun").get("/notices/?tab=info").text


def test_a_signature_names_the_hash_and_refuses_a_wrong_password(site: Site, signed_in: SignIn) -> None:
    deploy(site, "contract", 'kind="sign"')
    task = site.start("contract", "合同")
    zhou = signed_in("zhou")
    page = zhou.get(f"/inbox/tasks/{task}").text
    sealed = re.findall(r'name="sha256" value="(\w{64})"', page)[0]
    said = {"outcome": "DONE", "sha256": sealed}

    wrong = zhou.post(f"/inbox/tasks/{task}/decision", {**said, "password": "wrong"})
    changed = zhou.post(f"/inbox/tasks/{task}/decision", {**said, "sha256": "0" * 64, "password": PASSWORD})
    signed = zhou.post(f"/inbox/tasks/{task}/decision", {**said, "password": PASSWORD})

    assert f">{sealed[:8]}</code>" in page
    assert (wrong.status_code, changed.status_code, signed.status_code) == (422, 422, 303)
    assert 'href="#password"' in wrong.text and "已变更" in changed.text
    with site.engine.start_work(reading=True) as work:
        (act,) = record.of_instance(work, 1)
    assert act.detail["signature"]["sha256"] == sealed


def test_a_stored_signature_is_used_where_it_is_wanted(site: Site, signed_in: SignIn) -> None:
    deploy(site, "contract", 'kind="sign"')
    task = site.start("contract", "合同")
    with site.engine.start_work() as work:
        preferences.change(work, site.person("zhou"), signature="abc")
        work.commit()
    zhou = signed_in("zhou")
    sealed = re.findall(r'name="sha256" value="(\w{64})"', zhou.get(f"/inbox/tasks/{task}").text)[0]

    said = {"outcome": "DONE", "sha256": sealed, "password": PASSWORD, "stored": "on"}
    zhou.post(f"/inbox/tasks/{task}/decision", said)

    with site.engine.start_work(reading=True) as work:
        (act,) = record.of_instance(work, 1)
    assert act.detail["signature"]["image"] == "abc"


def test_who_else_has_the_task_open_is_told_by_name(site: Site, signed_in: SignIn) -> None:
    task = site.start("purchase", "采购")
    signed_in("wang").get(f"/inbox/tasks/{task}/live")

    page = signed_in("zhou").get(f"/inbox/tasks/{task}").text

    assert "<b>王敏</b>" in page and "也在看" in page
    with site.engine.start_work(reading=True) as work:
        assert tuple(looking.others(work, task, site.person("zhou"))) == (site.person("wang"),)


def test_a_task_without_news_answers_nothing(site: Site, signed_in: SignIn) -> None:
    task = site.start("purchase", "采购")
    zhou = signed_in("zhou")
    revision = re.findall(r'data-rev="([^"]*)"', zhou.get(f"/inbox/tasks/{task}/live").text)[0]

    quiet = zhou.get(f"/inbox/tasks/{task}/live?rev={revision}")
    signed_in("chen").post(f"/inbox/tasks/{task}/comments", {"comment": "补充"})
    fresh = zhou.get(f"/inbox/tasks/{task}/live?rev={revision}")

    assert quiet.status_code == 204
    assert "补充" in fresh.text


def test_what_was_claimed_goes_back_into_the_pool(site: Site, signed_in: SignIn) -> None:
    """APR-05"""
    who = 'kind="decide" mode="CLAIM"'
    drawn = _drawn("pool", "pool", {"only": _task("only", "认领", ("zhou", "wang"), who)})
    definitions.deploy(site.engine, {"pool.bpmn": drawn})
    task = site.start("pool", "谁来办")
    acts.claim(site.engine, task, site.person("zhou"))
    zhou = signed_in("zhou")

    assert "退回认领池" in zhou.get(f"/inbox/tasks/{task}").text
    zhou.post(f"/inbox/tasks/{task}/release")

    assert 'data-count="claim">1<' in zhou.get("/inbox?tab=claim").text


def test_opening_a_copy_marks_it_as_read(site: Site, signed_in: SignIn) -> None:
    """APR-20"""
    site.start("purchase", "采购")
    copies.send(site.engine, 1, site.person("zhou"), [site.person("sun")])
    sun = signed_in("sun")
    listed = sun.get("/inbox?tab=copies").text

    opened = sun.get("/inbox/copies/1")

    assert 'href="/inbox/copies/1"' in listed
    assert opened.headers["Location"] == "/processes/instances/1"
    with site.engine.start_work(reading=True) as work:
        assert copies.of(work, 1) == {site.person("sun"): True}


def test_an_act_that_is_done_on_a_page_of_its_own_leads_there(site: Site, signed_in: SignIn) -> None:
    """No dead button: 完成 is not offered where the task is done elsewhere."""
    deploy(site, "score", 'kind="act"', '<lf:page name="letter.edit"/>')
    task = site.start("score", "编制")

    page = signed_in("zhou").get(f"/inbox/tasks/{task}").text

    assert 'name="outcome"' not in page
    assert re.search(r'class="btn btn-primary" href="/letters', page)
