"""退回 and 撤回 on the real workflow (APR-14 to APR-16, APR-23)."""

from datetime import timedelta

import pytest

from engine.approvals import copies, inbox, retracting
from engine.approvals.inbox import Tab
from engine.kernel.clock import ManualClock
from engine.kernel.errors import Conflict, InvalidInput, NotFound
from tests.integration.approvals.conftest import Stage
from tests.integration.approvals.diagrams import Step, gated, person, row

FILL = Step("fill", ('rule="starter"',), 'kind="act"')
THREE = row(FILL, Step("one", (person("a"),)), Step("two", (person("b"),)), Step("three", (person("c"),)))


@pytest.fixture
def at_three(stage: Stage) -> int:
    """An instance whose third approver is asked."""
    who = stage.company
    instance = stage.start(THREE, a=who.wang, b=who.sun, c=who.zhou)
    stage.say(who.chen, "DONE")
    stage.approve(who.wang)
    stage.approve(who.sun)
    return instance


def _nodes(stage: Stage) -> list[str]:
    return [node for _, node in stage.open()]


def test_a_task_goes_back_to_a_chosen_step_and_everything_between_is_done_again(stage: Stage, at_three: int) -> None:
    """APR-14, APR-15 RESTART"""
    who = stage.company

    stage.say(who.zhou, "RETURNED", target="one", after="RESTART")
    back = _nodes(stage)
    stage.approve(who.wang)

    assert (back, _nodes(stage), stage.asked()) == (["one"], ["two"], [(who.sun, "PENDING")])


def test_after_a_direct_return_it_comes_straight_back_to_the_returner(stage: Stage, at_three: int) -> None:
    """APR-15 DIRECT"""
    who = stage.company

    stage.say(who.zhou, "RETURNED", target="one", after="DIRECT")
    stage.approve(who.wang)
    straight = (_nodes(stage), stage.asked())
    stage.approve(who.zhou)

    assert straight == (["three"], [(who.zhou, "PENDING")])
    assert stage.status(at_three) == "completed"


@pytest.mark.parametrize(("amount", "asked"), [(10, "two"), (12, "one")])
def test_a_decisive_change_makes_everybody_between_look_again(stage: Stage, amount: int, asked: str) -> None:
    """APR-15: RESTART is forced when a decisive field changed."""
    who = stage.company
    fill = Step("fill", ('rule="starter"',), 'kind="act" decisive="amount, due"')
    stage.start(row(fill, Step("one", (person("a"),)), Step("two", (person("b"),))), a=who.wang, b=who.sun)
    stage.say(who.chen, "DONE", values={"amount": 10})
    stage.approve(who.wang)
    stage.say(who.sun, "RETURNED", target="fill", after="DIRECT")

    stage.say(who.chen, "DONE", values={"amount": amount})

    assert _nodes(stage) == [asked]


def test_a_straight_way_back_is_used_once(stage: Stage, at_three: int) -> None:
    """APR-15"""
    who = stage.company
    stage.say(who.zhou, "RETURNED", target="one", after="DIRECT")
    stage.approve(who.wang)
    stage.say(who.zhou, "RETURNED", target="one", after="RESTART")

    stage.approve(who.wang)

    assert _nodes(stage) == ["two"]


def test_a_return_to_the_submitter_goes_back_and_not_forward(stage: Stage, at_three: int) -> None:
    """APR-14; the trap: a return to the submitter that goes forward."""
    who = stage.company

    decided = stage.say(who.zhou, "RETURNED", target="START")

    assert (decided.outcome, _nodes(stage), stage.asked()) == ("RETURNED", ["fill"], [(who.chen, "PENDING")])
    assert stage.acts(at_three)[-1] == "RETURN"


def test_a_diagram_that_draws_the_way_back_is_followed(stage: Stage) -> None:
    """APR-14: the outcome and the target reach the gateway."""
    who = stage.company
    instance = stage.start(gated(Step("check", (person("a"),))), a=who.wang)

    stage.say(who.wang, "RETURNED", after="DIRECT")

    data = stage.data(instance)
    assert [data[name] for name in ("outcome", "target", "after", "opinion")] == ["RETURNED", "START", "DIRECT", "因为"]


@pytest.mark.parametrize("target", ["three", "nowhere", "finish"])
def test_a_return_to_a_step_that_was_not_passed_is_refused(stage: Stage, at_three: int, target: str) -> None:
    """APR-14"""
    with pytest.raises(InvalidInput) as refused:
        stage.say(stage.company.zhou, "RETURNED", target=target)

    assert refused.value.fields["allowed"] == ["START", "fill", "one", "two"]


def test_where_nothing_was_passed_and_nothing_is_drawn_nothing_can_be_returned(stage: Stage) -> None:
    """APR-14: rather a refusal than a return that goes forward."""
    who = stage.company
    stage.start(row(Step("one", (person("a"),)), Step("two", (person("b"),))), a=who.wang, b=who.sun)

    with pytest.raises(InvalidInput, match="reject"):
        stage.say(who.wang, "RETURNED")


def test_a_return_by_one_of_several_cancels_the_others_and_keeps_what_they_said(stage: Stage) -> None:
    """APR-14: sibling tasks are cancelled, their opinions kept as history."""
    who = stage.company
    files = row(FILL, Step("all", (person("a"), person("b"), person("c"))))
    instance = stage.start(files, a=who.wang, b=who.sun, c=who.zhou)
    stage.say(who.chen, "DONE")
    task = stage.task()
    stage.approve(who.wang, opinion="可以")

    stage.say(who.sun, "RETURNED")

    assert stage.asked(task) == [(who.wang, "APPROVED"), (who.sun, "RETURNED"), (who.zhou, "CANCELLED")]
    assert (_nodes(stage), stage.acts(instance)) == (["fill"], ["DONE", "APPROVE", "RETURN"])
    assert inbox.counts(stage.engine, who.zhou)["todo"] == 0


def test_nobody_returns_alone_what_several_vote_on(stage: Stage) -> None:
    """APR-04, APR-14"""
    who = stage.company
    files = row(FILL, Step("vote", (person("a"), person("b")), 'kind="decide" mode="RATIO" ratio="1/2"'))
    stage.start(files, a=who.wang, b=who.sun)
    stage.say(who.chen, "DONE")

    with pytest.raises(InvalidInput, match="reject"):
        stage.say(who.wang, "RETURNED")


def test_after_a_return_nobody_is_passed_over_as_a_duplicate(stage: Stage) -> None:
    """APR-23: never applied after a return."""
    who = stage.company
    steps = (FILL, Step("one", (person("a"),)), Step("two", (person("a"),)), Step("three", (person("b"),)))
    stage.start(row(*steps), a=who.wang, b=who.sun)
    stage.say(who.chen, "DONE")
    stage.approve(who.wang)
    stage.say(who.sun, "RETURNED", target="one")

    stage.approve(who.wang)

    assert (_nodes(stage), stage.asked()) == (["two"], [(who.wang, "PENDING")])


def test_a_decision_is_taken_back_while_nobody_further_on_acted(stage: Stage) -> None:
    """APR-16"""
    who = stage.company
    instance = stage.start(THREE, a=who.wang, b=who.sun, c=who.zhou)
    stage.say(who.chen, "DONE")
    task = stage.task()
    stage.approve(who.wang)

    back = retracting.retract(stage.engine, task, who.wang)

    assert (_nodes(stage), stage.asked(back)) == (["one"], [(who.wang, "PENDING")])
    assert inbox.counts(stage.engine, who.sun)["todo"] == 0
    assert stage.say(who.wang, "RETURNED").outcome == "RETURNED"
    assert stage.acts(instance) == ["DONE", "APPROVE", "RETRACT", "RETURN"]


def test_once_somebody_further_on_acted_nothing_is_taken_back(stage: Stage) -> None:
    """APR-16"""
    who = stage.company
    stage.start(THREE, a=who.wang, b=who.sun, c=who.zhou)
    stage.say(who.chen, "DONE")
    task = stage.task()
    stage.approve(who.wang)
    stage.approve(who.sun)

    with pytest.raises(Conflict, match="cannot be taken back"):
        retracting.retract(stage.engine, task, who.wang)


@pytest.mark.parametrize(("switch", "late"), [("", False), ('retract="unread"', True)])
def test_reading_counts_as_acting_where_the_process_says_so(stage: Stage, switch: str, late: bool) -> None:
    """APR-16"""
    who = stage.company
    files = row(Step("one", (person("a"),), f'kind="decide" {switch}'), Step("two", (person("b"),)))
    stage.start(files, a=who.wang, b=who.sun)
    task = stage.task()
    stage.approve(who.wang)
    copies.read(stage.engine, who.sun, task=stage.task())

    with stage.store.start_work(reading=True) as work:
        assert retracting.possible(stage.engine, work, task, who.wang) is not late


def test_a_voice_in_a_node_that_goes_on_is_simply_taken_back(stage: Stage) -> None:
    """APR-16"""
    who = stage.company
    stage.start(gated(Step("all", (person("a"), person("b")))), a=who.wang, b=who.sun)
    task = stage.task()
    stage.approve(who.wang)

    retracting.retract(stage.engine, task, who.wang)

    assert stage.asked(task) == [(who.wang, "PENDING"), (who.sun, "PENDING")]


def test_taking_back_in_a_sequence_takes_the_next_ones_turn(stage: Stage) -> None:
    """APR-03, APR-16"""
    who = stage.company
    stage.start(gated(Step("seq", (person("a"), person("b")), 'kind="decide" mode="SEQ"')), a=who.wang, b=who.sun)
    task = stage.task()
    stage.approve(who.wang)

    retracting.retract(stage.engine, task, who.wang)

    assert stage.asked(task) == [(who.wang, "PENDING"), (who.sun, "WAITING")]


def test_what_the_others_said_stands_when_the_last_one_takes_it_back(stage: Stage, clock: ManualClock) -> None:
    """APR-16"""
    who = stage.company
    files = row(Step("all", (person("a"), person("b"))), Step("two", (person("c"),)))
    stage.start(files, a=who.wang, b=who.sun, c=who.zhou)
    stage.approve(who.wang)
    clock.move(timedelta(minutes=5))
    task = stage.task()
    stage.approve(who.sun)

    back = retracting.retract(stage.engine, task, who.sun)

    assert stage.asked(back) == [(who.wang, "APPROVED"), (who.sun, "PENDING")]
    assert stage.approve(who.sun).outcome == "APPROVED"
    assert _nodes(stage) == ["two"]


def test_an_ended_instance_takes_nothing_back(stage: Stage) -> None:
    """APR-16"""
    who = stage.company
    stage.start(gated(Step("check", (person("a"),))), a=who.wang)
    task = stage.task()
    stage.approve(who.wang)

    with pytest.raises(Conflict):
        retracting.retract(stage.engine, task, who.wang)
    with pytest.raises(NotFound):
        retracting.retract(stage.engine, task, who.sun)


def test_a_withdrawn_task_shows_in_nobodys_inbox(stage: Stage) -> None:
    """The trap: a withdrawn task that still shows in somebody's inbox."""
    who = stage.company
    stage.start(THREE, a=who.wang, b=who.sun, c=who.zhou)
    stage.say(who.chen, "DONE")
    task = stage.task()
    stage.approve(who.wang)
    retracting.retract(stage.engine, task, who.wang)

    assert [len(inbox.page(stage.engine, each, Tab.TODO).entries) for each in (who.wang, who.sun, who.zhou)] == [
        1,
        0,
        0,
    ]
