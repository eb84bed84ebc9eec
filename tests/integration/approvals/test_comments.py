"""Comments beside decisions, and who else looks at a task (`ux.md` §4.4)."""

from datetime import timedelta

import pytest

from engine.approvals import comments, looking, record, sight
from engine.kernel.clock import ManualClock
from engine.kernel.errors import InvalidInput
from engine.notices import notices
from tests.integration.approvals.conftest import Stage
from tests.integration.approvals.diagrams import Step, gated, person

CHECK = Step("check", (person("a"),))


def test_a_comment_stands_in_the_record_and_decides_nothing(stage: Stage) -> None:
    who = stage.company
    instance = stage.start(gated(CHECK), a=who.wang)
    task = stage.task()

    comments.say(stage.engine, task, who.chen, "附件已补充")

    with stage.engine.start_work(reading=True) as work:
        (act,) = record.of_instance(work, instance)
    assert (act.act, act.actor, act.opinion) == ("COMMENT", who.chen, "附件已补充")
    assert stage.task() == task


def test_whoever_is_named_is_told_and_may_look(stage: Stage) -> None:
    who = stage.company
    instance = stage.start(gated(CHECK), a=who.wang)

    named = comments.say(stage.engine, stage.task(), who.wang, "@孙立请核对金额,@没有此人 @陈思远")

    with stage.engine.start_work(reading=True) as work:
        told = notices.page(work, who.sun)
        seen = sight.takes_part(work, instance, who.sun)
    assert named == (who.sun, who.chen)
    assert "task.mentioned" in {each.kind for each in told}
    assert seen


def test_an_empty_comment_is_refused(stage: Stage) -> None:
    stage.start(gated(CHECK), a=stage.company.wang)

    with pytest.raises(InvalidInput):
        comments.say(stage.engine, stage.task(), stage.company.wang, "  ")


def test_who_has_the_task_open_is_known_until_they_leave(stage: Stage, clock: ManualClock) -> None:
    who = stage.company
    stage.start(gated(CHECK), a=who.wang)
    task = stage.task()
    looking.seen(stage.engine, task, who.wang)
    looking.seen(stage.engine, task, who.wang)
    looking.seen(stage.engine, task, who.zhou)

    with stage.engine.start_work(reading=True) as work:
        now = looking.others(work, task, who.zhou)
    clock.move(timedelta(minutes=2))
    with stage.engine.start_work(reading=True) as work:
        later = looking.others(work, task, who.zhou)

    assert (tuple(now), tuple(later)) == ((who.wang,), ())
