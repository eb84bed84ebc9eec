"""Decisions on the real workflow: each mode, who may, what is recorded, what the diagram learns."""

import pytest

from engine.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from engine.workflow import history
from tests.integration.approvals.conftest import Stage
from tests.integration.approvals.diagrams import Step, gated, person, row

TWO = (person("a"), person("b"))
THREE = (person("a"), person("b"), person("c"))


def _node(mode: str, more: str = "") -> str:
    return f'kind="decide" mode="{mode}" {more}'


def test_one_approval_completes_the_task_and_the_diagram_learns_the_outcome(stage: Stage) -> None:
    who = stage.company
    instance = stage.start(gated(Step("check", (person("a"),))), a=who.wang)

    decided = stage.approve(who.wang, opinion="同意")

    assert (decided.outcome, stage.status(instance)) == ("APPROVED", "completed")
    assert {key: stage.data(instance)[key] for key in ("outcome", "opinion")} == {
        "outcome": "APPROVED",
        "opinion": "同意",
    }
    assert stage.acts(instance) == ["APPROVE"]


def test_all_have_to_approve_and_one_reject_ends_it(stage: Stage) -> None:
    """APR-01; the trap: "all must act", one rejected, and the instance hangs."""
    who = stage.company
    instance = stage.start(gated(Step("check", THREE, _node("ALL"))), a=who.wang, b=who.sun, c=who.zhou)
    task = stage.task()

    first = stage.approve(who.wang)
    second = stage.say(who.sun, "REJECTED")

    assert (first.outcome, second.outcome, stage.status(instance)) == (None, "REJECTED", "completed")
    assert stage.asked(task) == [(who.wang, "APPROVED"), (who.sun, "REJECTED"), (who.zhou, "CANCELLED")]


def test_any_is_decided_by_the_first_and_cancels_the_rest(stage: Stage) -> None:
    """APR-02"""
    who = stage.company
    stage.start(gated(Step("check", TWO, _node("ANY"))), a=who.wang, b=who.sun)
    task = stage.task()

    stage.say(who.sun, "REJECTED")

    assert stage.asked(task) == [(who.wang, "CANCELLED"), (who.sun, "REJECTED")]


def test_seq_asks_one_after_the_other(stage: Stage) -> None:
    """APR-03"""
    who = stage.company
    instance = stage.start(gated(Step("check", TWO, _node("SEQ"))), a=who.wang, b=who.sun)
    before = stage.asked()
    with pytest.raises(NotAllowed, match="not your turn"):
        stage.approve(who.sun)

    stage.approve(who.wang)
    after = stage.asked()
    stage.approve(who.sun)

    assert (before, after) == (
        [(who.wang, "PENDING"), (who.sun, "WAITING")],
        [(who.wang, "APPROVED"), (who.sun, "PENDING")],
    )
    assert stage.data(instance)["outcome"] == "APPROVED"


def test_one_reject_does_not_end_a_vote(stage: Stage) -> None:
    """APR-04; the trap: a ratio vote that one reject ends."""
    who = stage.company
    instance = stage.start(gated(Step("vote", THREE, _node("RATIO", 'ratio="2/3"'))), a=who.wang, b=who.sun, c=who.zhou)

    outcomes = [
        stage.say(who.wang, "REJECTED").outcome,
        stage.approve(who.sun).outcome,
        stage.approve(who.zhou).outcome,
    ]

    assert (outcomes, stage.data(instance)["outcome"]) == ([None, None, "APPROVED"], "APPROVED")


def test_the_second_person_to_decide_is_told_who_was_faster(stage: Stage) -> None:
    """APR-34, U18"""
    who = stage.company
    instance = stage.start(gated(Step("check", TWO, _node("ANY"))), a=who.wang, b=who.sun)
    task = stage.task()
    stage.approve(who.wang)

    with pytest.raises(Conflict) as refused:
        stage.approve(who.sun, task)

    assert (refused.value.fields["by"], refused.value.fields["name"]) == (who.wang, "王敏")
    assert (refused.value.fields["at"], stage.acts(instance)) == (stage.store.clock.now().isoformat(), ["APPROVE"])


def test_deciding_twice_on_a_node_that_goes_on_is_a_conflict(stage: Stage) -> None:
    """APR-34"""
    who = stage.company
    stage.start(gated(Step("check", TWO, _node("ALL"))), a=who.wang, b=who.sun)
    stage.approve(who.wang)

    with pytest.raises(Conflict):
        stage.say(who.wang, "REJECTED")


def test_a_stranger_does_not_learn_that_the_task_exists(stage: Stage) -> None:
    who = stage.company
    stage.start(gated(Step("check", (person("a"),))), a=who.wang)
    task = stage.task()

    with pytest.raises(NotFound):
        stage.approve(who.sun, task)
    with pytest.raises(NotFound):
        stage.approve(who.wang, task + 1000)


@pytest.mark.parametrize("outcome", ["REJECTED", "RETURNED"])
def test_saying_no_needs_a_reason(stage: Stage, outcome: str) -> None:
    """APR-27"""
    who = stage.company
    stage.start(gated(Step("check", (person("a"),))), a=who.wang)

    with pytest.raises(InvalidInput) as refused:
        stage.say(who.wang, outcome, opinion="  ")

    assert (refused.value.code, stage.asked()) == ("decision.opinion", [(who.wang, "PENDING")])


def test_a_node_may_ask_for_an_opinion_on_everything(stage: Stage) -> None:
    """APR-27"""
    who = stage.company
    stage.start(gated(Step("check", (person("a"),), 'kind="decide" opinion="required"')), a=who.wang)

    with pytest.raises(InvalidInput, match="opinion"):
        stage.approve(who.wang)


def test_work_that_is_only_done_knows_no_yes_and_no(stage: Stage) -> None:
    """APR-31"""
    who = stage.company
    instance = stage.start(row(Step("do", (person("a"),), 'kind="act"')), a=who.wang)
    with pytest.raises(InvalidInput, match="DONE"):
        stage.approve(who.wang)

    stage.say(who.wang, "DONE", values={"paid": 12})

    assert (stage.status(instance), stage.data(instance)["paid"]) == ("completed", 12)


def test_a_signature_is_asked_for_where_the_node_is_signed(stage: Stage) -> None:
    """APR-27"""
    who = stage.company
    instance = stage.start(row(Step("sign", (person("a"),), 'kind="sign"')), a=who.wang)
    with pytest.raises(InvalidInput, match="signed"):
        stage.say(who.wang, "DONE")

    stage.say(who.wang, "DONE", signature={"sha256": "ab"})

    assert stage.data(instance)["signature"] == {"sha256": "ab"}


def test_nothing_stands_after_a_decision_that_fails(stage: Stage) -> None:
    who = stage.company
    instance = stage.start(gated(Step("check", (person("a"),))), a=who.wang)

    with pytest.raises(InvalidInput):
        stage.say(who.wang, "RETURNED", target="nowhere")

    assert (stage.acts(instance), stage.asked()) == ([], [(who.wang, "PENDING")])


def test_a_decision_needs_few_statements(stage: Stage) -> None:
    """One completion is at most 12 SQL statements, approvals and history included."""
    who = stage.company
    stage.start(row(Step("one", (person("a"),)), Step("two", (person("b"),))), a=who.wang, b=who.sun)

    task = stage.task()

    seen = stage.statements(lambda: stage.approve(who.wang, task))

    assert len(seen) <= 12, "\n".join(seen)


def test_one_act_is_one_line_of_history_with_what_it_moved(stage: Stage) -> None:
    """APR-35: who said what for whom, and where the process went, stand in the same line."""
    who = stage.company
    instance = stage.start(row(Step("one", (person("a"),)), Step("two", (person("b"),))), a=who.wang, b=who.sun)

    stage.approve(who.wang, opinion="同意")

    with stage.store.start_work(reading=True) as work:
        line = history.of(work, instance)[-1]
    assert (line.act, line.actor, line.detail["opinion"]) == ("approval.approve", who.wang, "同意")
    assert [(node, event) for node, event, _ in line.moves] == [("one", "leave"), ("two", "enter")]
