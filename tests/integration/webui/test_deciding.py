"""Deciding through pages, without scripts: what is refused, what is told, what stays as it was."""

from collections.abc import Callable

from engine.approvals import decisions, inbox
from engine.approvals.decisions import Decision
from tests.builders.site import Site
from tests.integration.webui.conftest import Person

SignIn = Callable[[str], Person]


def test_a_decision_by_somebody_who_may_not_is_told_in_words(site: Site, signed_in: SignIn) -> None:
    task = site.start("purchase", "采购申请")

    answer = signed_in("chen").post(f"/inbox/tasks/{task}/decision", {"outcome": "APPROVED"})

    assert answer.status_code in {403, 404}
    assert inbox.counts(site.engine, site.person("zhou"))["todo"] == 1


def test_a_second_decision_names_who_was_faster_and_keeps_what_was_typed(site: Site, signed_in: SignIn) -> None:
    """U18, APR-34"""
    task = site.start("purchase", "采购申请")
    zhou = signed_in("zhou")
    decisions.decide(site.engine, task, site.person("wang"), Decision("APPROVED"))

    answer = zhou.post(f"/inbox/tasks/{task}/decision", {"outcome": "REJECTED", "opinion": "价格过高"})

    assert answer.status_code == 409
    assert "已由 王敏 于" in answer.text and "价格过高" in answer.text


def test_a_return_without_an_opinion_is_refused_at_its_field(site: Site, signed_in: SignIn) -> None:
    task = site.start("purchase", "采购申请")

    answer = signed_in("zhou").post(f"/inbox/tasks/{task}/decision", {"outcome": "REJECTED", "opinion": ""})

    assert answer.status_code == 422
    assert 'href="#opinion"' in answer.text and "请填写意见" in answer.text


def test_a_field_that_the_node_does_not_offer_is_refused_when_it_is_sent(site: Site, signed_in: SignIn) -> None:
    """APR-28: the right to a field is the server's, not the page's."""
    task = site.start("report", "进展")

    sent = {"outcome": "DONE", "field.cause": "供货", "field.origin": "伪造"}
    answer = signed_in("chen").post(f"/inbox/tasks/{task}/decision", sent)

    assert answer.status_code == 422
    assert "不可修改" in answer.text


def test_what_was_typed_is_kept_as_a_draft_and_shown_again(site: Site, signed_in: SignIn) -> None:
    """APR-32"""
    task = site.start("report", "进展")
    chen = signed_in("chen")

    kept = chen.post(f"/inbox/tasks/{task}/draft", {"opinion": "先存着", "field.cause": "供货延迟"})

    assert kept.text == "已暂存 09:00"
    shown = chen.get(f"/inbox/tasks/{task}").text
    assert "供货延迟" in shown and "先存着" in shown


def test_a_task_is_handed_on_with_a_reason(site: Site, signed_in: SignIn) -> None:
    """APR-06"""
    task = site.start("sealing", "用印")
    zhou = signed_in("zhou")

    silent = zhou.post(f"/inbox/tasks/{task}/transfer", {"to": "孙立"})
    told = zhou.post(f"/inbox/tasks/{task}/transfer", {"to": "孙立", "reason": "由财务办理"})

    assert (silent.status_code, told.status_code) == (422, 303)
    assert inbox.counts(site.engine, site.person("sun"))["todo"] == 1


def test_a_fault_has_a_number_and_no_trace(site: Site, signed_in: SignIn) -> None:
    zhou = signed_in("zhou")
    site.app.view_functions["people.persons_index"] = lambda: 1 / 0

    answer = zhou.get("/people/persons")

    assert answer.status_code == 500
    assert "编号" in answer.text and "Traceback" not in answer.text and "ZeroDivision" not in answer.text


def test_the_instance_page_says_where_it_stands_with_whom_and_what_comes_next(site: Site, signed_in: SignIn) -> None:
    site.start("purchase", "采购申请")

    page = signed_in("chen").get("/processes/instances/1").text

    assert "部门审核" in page and "周文博" in page and "总裁审批" in page and "催办" in page
