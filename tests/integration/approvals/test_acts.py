"""Acts beside the decision, on the real workflow (APR-05 to APR-13, APR-19, APR-24, APR-26, APR-32)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.approvals import acts, batches, drafts, inbox
from engine.approvals.acts import Addition
from engine.approvals.inbox import Tab
from engine.approvals.modes import Mode
from engine.approvals.seats import Source
from engine.kernel.clock import ManualClock
from engine.kernel.errors import Conflict, InvalidInput, LetterflowError, NotAllowed
from engine.notices import notices
from engine.people import persons
from engine.people.persons import NewPerson
from engine.workflow import instances
from tests.integration.approvals.conftest import Stage
from tests.integration.approvals.diagrams import Step, gated, person, row

ONE = gated(Step("check", (person("a"),)))
BOTH = gated(Step("check", (person("a"), person("b"))))


def _todo(stage: Stage, who: int) -> int:
    return inbox.counts(stage.engine, who)["todo"]


def test_a_transfer_replaces_the_assignee_for_good(stage: Stage) -> None:
    """APR-06"""
    who = stage.company
    instance = stage.start(ONE, a=who.wang)

    acts.transfer(stage.engine, stage.task(), who.wang, who.sun, "我不在")

    assert (_todo(stage, who.wang), _todo(stage, who.sun)) == (0, 1)
    assert stage.approve(who.sun).outcome == "APPROVED"
    assert stage.acts(instance) == ["TRANSFER", "APPROVE"]


@pytest.mark.parametrize("to", ["wang", "sun"])
def test_a_transfer_goes_neither_to_oneself_nor_to_whoever_decided_here(stage: Stage, to: str) -> None:
    """APR-06"""
    who = stage.company
    stage.start(BOTH, a=who.wang, b=who.sun)
    task = stage.task()
    stage.approve(who.sun)

    with pytest.raises(InvalidInput):
        acts.transfer(stage.engine, task, who.wang, getattr(who, to), "我不在")


def test_a_transfer_needs_a_reason(stage: Stage) -> None:
    """APR-06"""
    who = stage.company
    stage.start(ONE, a=who.wang)

    with pytest.raises(InvalidInput, match="reason"):
        acts.transfer(stage.engine, stage.task(), who.wang, who.sun, " ")


def test_who_was_asked_answers_and_it_comes_back(stage: Stage) -> None:
    """APR-07"""
    who = stage.company
    instance = stage.start(ONE, a=who.wang)
    acts.delegate(stage.engine, stage.task(), who.wang, who.sun, "怎么看?")
    meanwhile = (_todo(stage, who.wang), _todo(stage, who.sun))
    with pytest.raises(NotAllowed):
        stage.approve(who.wang)

    answered = stage.say(who.sun, "REJECTED")
    decided = stage.approve(who.wang)

    assert (meanwhile, answered.outcome, decided.outcome) == ((0, 1), None, "APPROVED")
    assert stage.data(instance)["outcome"] == "APPROVED"


def test_a_question_may_be_taken_back(stage: Stage) -> None:
    """APR-07"""
    who = stage.company
    stage.start(ONE, a=who.wang)
    task = stage.task()
    acts.delegate(stage.engine, task, who.wang, who.sun, "")

    acts.recall(stage.engine, task, who.wang)

    assert (_todo(stage, who.wang), _todo(stage, who.sun)) == (1, 0)
    with pytest.raises(Conflict):
        acts.recall(stage.engine, task, who.wang)


def test_those_added_before_decide_first(stage: Stage) -> None:
    """APR-09"""
    who = stage.company
    stage.start(ONE, a=who.wang)

    acts.add(stage.engine, stage.task(), who.wang, Addition((who.sun, who.zhou), Source.ADD_BEFORE, Mode.SEQ))
    first = stage.asked()
    stage.approve(who.sun)
    second = stage.asked()
    stage.approve(who.zhou)

    assert first == [(who.wang, "WAITING"), (who.sun, "PENDING"), (who.zhou, "WAITING")]
    assert second == [(who.wang, "WAITING"), (who.sun, "APPROVED"), (who.zhou, "PENDING")]
    assert stage.approve(who.wang).outcome == "APPROVED"


def test_an_approval_is_provisional_until_those_added_after_decided(stage: Stage) -> None:
    """APR-10"""
    who = stage.company
    instance = stage.start(ONE, a=who.wang)
    acts.add(stage.engine, stage.task(), who.wang, Addition((who.sun,), Source.ADD_AFTER))

    first = stage.approve(who.wang)
    second = stage.say(who.sun, "REJECTED")

    assert (first.outcome, second.outcome, stage.data(instance)["outcome"]) == (None, "REJECTED", "REJECTED")


def test_somebody_added_beside_joins_a_vote_and_enlarges_it(stage: Stage) -> None:
    """APR-04, APR-11, APR-12"""
    who = stage.company
    vote = gated(Step("vote", (person("a"), person("b")), 'kind="decide" mode="RATIO" ratio="1/2"'))
    stage.start(vote, a=who.wang, b=who.sun)
    acts.add(stage.engine, stage.task(), who.wang, Addition((who.zhou, who.li), Source.ADD_PARALLEL))

    outcomes = [stage.approve(who.wang).outcome, stage.approve(who.zhou).outcome]

    assert outcomes == [None, "APPROVED"]


def test_nobody_is_added_twice_nor_on_a_third_level(stage: Stage) -> None:
    """APR-12"""
    who = stage.company
    stage.start(BOTH, a=who.wang, b=who.sun)
    task = stage.task()

    def beside(adder: int, added: int) -> None:
        acts.add(stage.engine, task, adder, Addition((added,), Source.ADD_PARALLEL))

    with pytest.raises(InvalidInput):
        beside(who.wang, who.sun)
    beside(who.wang, who.zhou)
    beside(who.zhou, who.li)
    with pytest.raises(NotAllowed, match="2 levels"):
        beside(who.li, who.president)


def test_who_was_added_is_removed_with_those_they_added(stage: Stage) -> None:
    """APR-13"""
    who = stage.company
    stage.start(ONE, a=who.wang)
    task = stage.task()
    acts.add(stage.engine, task, who.wang, Addition((who.sun,), Source.ADD_PARALLEL))
    acts.add(stage.engine, task, who.sun, Addition((who.zhou,), Source.ADD_BEFORE))

    acts.remove(stage.engine, task, who.wang, who.sun)

    assert stage.asked() == [(who.wang, "PENDING"), (who.sun, "CANCELLED"), (who.zhou, "CANCELLED")]


def test_removing_the_last_one_awaited_ends_the_node(stage: Stage) -> None:
    """APR-13: the node is decided by what was said."""
    who = stage.company
    instance = stage.start(ONE, a=who.wang)
    task = stage.task()
    acts.add(stage.engine, task, who.wang, Addition((who.sun,), Source.ADD_PARALLEL))
    stage.approve(who.wang)

    acts.remove(stage.engine, task, who.wang, who.sun)

    assert (stage.status(instance), stage.data(instance)["outcome"]) == ("completed", "APPROVED")


def test_only_persons_that_one_added_can_be_removed(stage: Stage) -> None:
    """APR-13"""
    who = stage.company
    stage.start(BOTH, a=who.wang, b=who.sun)

    with pytest.raises(NotAllowed):
        acts.remove(stage.engine, stage.task(), who.wang, who.sun)


def test_one_claims_and_the_others_see_it_no_more_until_it_is_released(stage: Stage) -> None:
    """APR-05"""
    who = stage.company
    pool = gated(Step("check", (person("a"), person("b")), 'kind="decide" mode="CLAIM"'))
    stage.start(pool, a=who.wang, b=who.sun)
    task = stage.task()

    def pools() -> list[int]:
        return [len(inbox.page(stage.engine, each, Tab.CLAIM).entries) for each in (who.wang, who.sun)]

    acts.claim(stage.engine, task, who.wang)
    claimed = (pools(), _todo(stage, who.wang))
    with pytest.raises(Conflict, match="王敏"):
        acts.claim(stage.engine, task, who.sun)
    acts.release(stage.engine, task, who.wang)
    released = (pools(), _todo(stage, who.wang))
    acts.claim(stage.engine, task, who.sun)

    assert (claimed, released) == (([0, 0], 1), ([1, 1], 0))
    assert stage.approve(who.sun).outcome == "APPROVED"


def test_only_the_submitter_urges_and_not_twice_within_four_working_hours(stage: Stage, clock: ManualClock) -> None:
    """APR-19"""
    who = stage.company
    stage.start(ONE, a=who.wang)
    task = stage.task()
    with pytest.raises(NotAllowed):
        acts.urge(stage.engine, task, who.sun)

    told = acts.urge(stage.engine, task, who.chen)
    clock.move(timedelta(hours=3))
    with pytest.raises(Conflict):
        acts.urge(stage.engine, task, who.chen)
    clock.move(timedelta(hours=3))

    assert (told, acts.urge(stage.engine, task, who.chen)) == ((who.wang,), (who.wang,))
    with stage.store.start_work(reading=True) as work:
        assert notices.unread(work, who.wang).action == 2


def test_an_urge_is_settled_when_the_task_is_decided(stage: Stage) -> None:
    who = stage.company
    stage.start(ONE, a=who.wang)
    acts.urge(stage.engine, stage.task(), who.chen)

    stage.approve(who.wang)

    with stage.store.start_work(reading=True) as work:
        assert notices.unread(work, who.wang).action == 0


@pytest.mark.parametrize("act", ["transfer", "delegate", "add"])
def test_nothing_is_given_to_someone_inactive(stage: Stage, act: str) -> None:
    """APR-24"""
    who = stage.company
    stage.start(ONE, a=who.wang)
    with stage.store.start_work() as work:
        persons.change(work, who.sun, NewPerson("T005", "孙立", active=False))
        work.commit()
    task = stage.task()
    given: dict[str, Callable[[], None]] = {
        "transfer": lambda: acts.transfer(stage.engine, task, who.wang, who.sun, "我不在"),
        "delegate": lambda: acts.delegate(stage.engine, task, who.wang, who.sun, ""),
        "add": lambda: acts.add(stage.engine, task, who.wang, Addition((who.sun,), Source.ADD_BEFORE)),
    }

    with pytest.raises(InvalidInput, match="not active"):
        given[act]()


def test_what_somebody_leaves_goes_to_their_successor_in_one_act(stage: Stage) -> None:
    """APR-24"""
    who = stage.company
    stage.start(ONE, a=who.wang)
    stage.start(BOTH, a=who.wang, b=who.sun)

    count = batches.hand_over(stage.engine, who.wang, who.sun, who.admin, "离职")

    assert (count, _todo(stage, who.wang), _todo(stage, who.sun)) == (2, 0, 2)
    assert stage.approve(who.sun).outcome == "APPROVED"


def test_a_batch_approves_what_needs_nothing_and_says_why_not_for_the_rest(stage: Stage) -> None:
    """APR-26, U19"""
    who = stage.company
    strict = gated(Step("check", (person("a"),), 'kind="decide" opinion="required"'), "strict")
    act = row(Step("do", (person("a"),), 'kind="act"'))
    tasks = []
    for files, asked in ((ONE, who.wang), (strict, who.wang), (act, who.wang), (ONE, who.sun)):
        stage.start(files, a=asked)
        tasks.append(stage.task())

    results = batches.approve(stage.engine, tasks, who.wang)

    assert [(result.approved, result.code) for result in results] == [
        (True, ""),
        (False, "batch.opinion"),
        (False, "batch.kind"),
        (False, "task.unknown"),
    ]


def test_a_draft_is_kept_per_person_and_never_part_of_the_instance(stage: Stage) -> None:
    """APR-32"""
    who = stage.company
    instance = stage.start(BOTH, a=who.wang, b=who.sun)
    task = stage.task()

    drafts.save(stage.engine, task, who.wang, {"opinion": "还在看"})
    drafts.save(stage.engine, task, who.wang, {"opinion": "再看看"})

    with stage.store.start_work(reading=True) as work:
        kept = [drafts.find(work, task, each) for each in (who.wang, who.sun)]
    assert (kept, "opinion" in stage.data(instance)) == ([{"files": [], "opinion": "再看看"}, None], False)
    with pytest.raises(LetterflowError):
        drafts.save(stage.engine, task, who.zhou, {})


def test_an_admin_gives_a_task_that_nobody_is_asked_for_to_somebody(stage: Stage) -> None:
    """APR-21: where not even an admin was found, the task waits and can be assigned."""
    who = stage.company
    with stage.store.start_work() as work:
        for number, each in (("T006", who.zhao), ("T007", who.admin)):
            persons.change(work, each, NewPerson(number, "离职", active=False))
        work.commit()
    instance = stage.start(gated(Step("check", ('rule="role" value="HR"',))))
    before = (stage.asked(), stage.acts(instance))

    acts.assign(stage.engine, stage.task(), who.admin, who.wang, "无人")

    assert before == ([], ["NOBODY"])
    assert stage.approve(who.wang).outcome == "APPROVED"


def test_a_suspended_instance_takes_no_act_until_it_is_resumed(stage: Stage) -> None:
    """APR-18"""
    who = stage.company
    instance = stage.start(ONE, a=who.wang)
    task = stage.task()
    instances.suspend(stage.engine, instance, who.admin, "核查")

    refused: list[Callable[[], object]] = [
        lambda: stage.approve(who.wang, task),
        lambda: acts.transfer(stage.engine, task, who.wang, who.sun, "我不在"),
        lambda: acts.urge(stage.engine, task, who.chen),
    ]
    for act in refused:
        with pytest.raises(Conflict, match="suspended"):
            act()
    instances.resume(stage.engine, instance, who.admin, "完毕")

    assert stage.approve(who.wang, task).outcome == "APPROVED"
