"""代理: who acts for whom, and never in a chain (APR-08)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.approvals import record, substitutes
from engine.approvals.substitutes import NewSubstitute
from engine.kernel.clock import ManualClock
from engine.kernel.errors import Conflict, InvalidInput, NotFound
from tests.integration.approvals.conftest import Stage
from tests.integration.approvals.diagrams import Step, gated, person

ONE = gated(Step("check", (person("a"),), 'kind="decide" self="allow"'))
DAY = date(2026, 11, 2)


def _rule(stage: Stage, who: int, instead: int, **more: object) -> NewSubstitute:
    rule = NewSubstitute(who, instead, DAY, DAY + timedelta(days=2))
    return replace(rule, **more)  # type: ignore[arg-type]  # fields of the dataclass by name


def test_either_acts_and_the_first_wins(stage: Stage) -> None:
    """APR-08: new and open tasks, recorded as B 代 A."""
    who = stage.company
    stage.start(ONE, a=who.wang)
    substitutes.appoint(stage.engine, _rule(stage, who.wang, who.sun), who.wang)
    task = stage.task()

    stage.approve(who.sun)

    with pytest.raises(Conflict) as refused:
        stage.approve(who.wang, task)
    assert refused.value.fields["name"] == "孙立"


def test_the_record_says_for_whom_somebody_acted(stage: Stage) -> None:
    """APR-08, APR-35"""
    who = stage.company
    substitutes.appoint(stage.engine, _rule(stage, who.wang, who.sun), who.wang)
    instance = stage.start(ONE, a=who.wang)
    stage.approve(who.sun)

    with stage.store.start_work(reading=True) as work:
        acted = record.of_instance(work, instance)[0]
    assert (acted.actor, acted.on_behalf_of, acted.act) == (who.sun, who.wang, "APPROVE")


def test_a_substitute_does_not_decide_what_they_submitted_themselves(stage: Stage) -> None:
    """APR-08"""
    who = stage.company
    substitutes.appoint(stage.engine, _rule(stage, who.wang, who.sun), who.wang)
    stage.start(ONE, a=who.wang, starter=who.sun)

    with pytest.raises(NotFound):
        stage.approve(who.sun)


def test_a_substitute_of_a_substitute_has_nothing_to_say(stage: Stage) -> None:
    """APR-08: one hop only."""
    who = stage.company
    substitutes.appoint(stage.engine, _rule(stage, who.wang, who.sun), who.wang)
    substitutes.appoint(stage.engine, _rule(stage, who.sun, who.zhou), who.sun)
    stage.start(ONE, a=who.wang)

    with pytest.raises(NotFound):
        stage.approve(who.zhou)


def test_a_circle_of_substitutes_is_refused_and_names_its_persons(stage: Stage) -> None:
    """APR-08; the trap: a substitute chain that loops."""
    who = stage.company
    substitutes.appoint(stage.engine, _rule(stage, who.wang, who.sun), who.wang)
    substitutes.appoint(stage.engine, _rule(stage, who.sun, who.zhou), who.sun)

    with pytest.raises(InvalidInput) as refused:
        substitutes.appoint(stage.engine, _rule(stage, who.zhou, who.wang), who.zhou)

    assert (refused.value.code, "周文博 → 王敏 → 孙立 → 周文博" in refused.value.message) == ("substitute.cycle", True)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"substitute": 0}, "substitute.self"),
        ({"ends": DAY - timedelta(days=1)}, "substitute.period"),
        ({}, "substitute.second"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(stage: Stage, more: dict[str, object], code: str) -> None:
    who = stage.company
    substitutes.appoint(stage.engine, _rule(stage, who.wang, who.sun), who.wang)
    wrong = {name: who.wang if name == "substitute" else value for name, value in more.items()}

    with pytest.raises(InvalidInput) as refused:
        substitutes.appoint(stage.engine, _rule(stage, who.wang, who.zhou, **wrong), who.wang)

    assert refused.value.code == code


def test_a_rule_holds_in_its_period_and_its_processes_only(stage: Stage, clock: ManualClock) -> None:
    """APR-08"""
    who = stage.company
    substitutes.appoint(stage.engine, _rule(stage, who.wang, who.sun, keys=("other",)), who.wang)
    substitutes.appoint(stage.engine, _rule(stage, who.zhou, who.sun), who.zhou)
    stage.start(ONE, a=who.wang)
    with pytest.raises(NotFound):
        stage.approve(who.sun)
    stage.start(ONE, a=who.zhou)
    clock.move(timedelta(days=3))
    with pytest.raises(NotFound):
        stage.approve(who.sun)


def test_a_revoked_rule_ends_at_once(stage: Stage) -> None:
    who = stage.company
    rule = substitutes.appoint(stage.engine, _rule(stage, who.wang, who.sun), who.wang)
    stage.start(ONE, a=who.wang)

    substitutes.revoke(stage.engine, rule, who.wang)

    with pytest.raises(NotFound):
        stage.approve(who.sun)
