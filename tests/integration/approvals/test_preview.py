"""流程预测: who comes next, and why; and nothing is written (APR-30)."""

import pytest
from sqlalchemy import func, select

from engine.approvals import preview, substitutes
from engine.approvals.substitutes import NewSubstitute
from engine.approvals.tables import assignment
from engine.workflow import definitions
from tests.integration.approvals.conftest import Stage
from tests.integration.approvals.diagrams import Step, gated, person, row

FILL = Step("fill", ('rule="starter"',), 'kind="act"')


class Call(Step):
    """A service task whose answer names the person that a later node asks."""

    def xml(self) -> str:
        inside = '<lf:operation name="approvals.copy" /><lf:output name="chosen" value="=result.person" />'
        return (
            f'<bpmn:serviceTask id="{self.id}" name="选人"><bpmn:extensionElements>{inside}</bpmn:extensionElements>'
            "</bpmn:serviceTask>"
        )


FILES = row(FILL, Step("one", ('rule="head"',)), Step("two", ('rule="leader"',)), Step("three", ('rule="leader"',)))


def test_the_steps_ahead_are_shown_with_their_persons_and_why(stage: Stage) -> None:
    """APR-30"""
    who = stage.company
    instance = stage.start(FILES)

    ahead = preview.steps(stage.engine, instance)

    assert [(step.node, step.open, [c.person for c in step.candidates]) for step in ahead] == [
        ("fill", True, [who.chen]),
        ("one", False, [who.li]),
        ("two", False, [who.zhou]),
        ("three", False, [who.zhou]),
    ]
    assert [why.code for why in ahead[1].candidates[0].why] == ["head"]
    assert ahead[3].candidates[0].skipped


def test_the_forecast_is_what_really_happens(stage: Stage) -> None:
    """APR-30: same code as the real resolution."""
    who = stage.company
    instance = stage.start(FILES)
    foreseen = [[c.person for c in step.candidates if not c.skipped] for step in preview.steps(stage.engine, instance)]
    happened = []
    for outcome in ("DONE", "APPROVED", "APPROVED"):
        asked = [person for person, _ in stage.asked()]
        happened.append(asked)
        stage.say(asked[0], outcome)

    assert happened == [each for each in foreseen if each]
    assert stage.status(instance) == "completed"
    assert who.zhou in happened[-1]


def test_a_forecast_writes_nothing(stage: Stage) -> None:
    instance = stage.start(FILES)
    preview.steps(stage.engine, instance)

    with stage.store.start_work(reading=True) as work:
        assert work.connection.execute(select(func.count()).select_from(assignment)).scalar() == 1


def test_before_submission_the_same_can_be_asked(stage: Stage) -> None:
    """APR-30"""
    who = stage.company
    definitions.deploy(stage.engine, FILES)

    ahead = preview.before_start(stage.engine, "row", {}, who.chen)

    assert [step.node for step in ahead] == ["fill", "one", "two", "three"]


@pytest.mark.parametrize("mode", ["ALL", "RATIO"])
def test_substitutes_are_shown_beside_whom_they_stand_in_for(stage: Stage, mode: str) -> None:
    """APR-08, APR-30"""
    who = stage.company
    day = stage.store.clock.now().date()
    substitutes.appoint(stage.engine, NewSubstitute(who.wang, who.sun, day, day), who.wang)
    node = f'kind="decide" mode="{mode}" ratio="1/2"'
    instance = stage.start(gated(Step("check", (person("a"),), node)), a=who.wang)

    (step,) = preview.steps(stage.engine, instance)

    assert (step.mode, step.substitutes) == (mode, {who.wang: who.sun})


def test_a_person_who_is_not_known_yet_is_decided_later(stage: Stage) -> None:
    """APR-30: a rule that reads a later answer gives nobody, not the substitute for an empty rule."""
    instance = stage.start(row(FILL, Step("one", (person("chosen"),)), Step("two", ('rule="leader"',)), key="open"))

    _, one, two = preview.steps(stage.engine, instance)

    assert (one.later, one.candidates) == (True, ())
    assert (two.later, [each.person for each in two.candidates]) == (False, [stage.company.zhou])


def test_what_is_known_of_several_rules_is_shown(stage: Stage) -> None:
    """APR-30"""
    both = Step("one", (person("chosen"), 'rule="head"'))
    instance = stage.start(row(FILL, both, key="open"))

    _, one = preview.steps(stage.engine, instance)

    assert (one.later, [each.person for each in one.candidates]) == (False, [stage.company.li])


def test_a_person_whom_the_process_left_empty_is_not_decided_later(stage: Stage) -> None:
    """APR-21, APR-30: null is an answer, the empty rule says who decides."""
    instance = stage.start(row(FILL, Step("one", (person("chosen"),)), key="open"), chosen=None)

    _, one = preview.steps(stage.engine, instance)

    assert not one.later
    assert [why.code for why in one.candidates[0].why] == ["empty_role"]


def test_behind_an_operation_that_cannot_tell_its_answer_is_decided_later(stage: Stage) -> None:
    """APR-30: null there is no answer yet."""
    instance = stage.start(row(FILL, Call("call", ()), Step("one", (person("chosen"),)), key="open"), chosen=None)

    _, one = preview.steps(stage.engine, instance)

    assert (one.later, one.certain, one.candidates) == (True, False, ())
