"""A letter's scores from the end of its period to publication and closing, on the scoring process as it is drawn."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from engine.approvals import decisions
from engine.approvals.decisions import Decision
from engine.approvals.tables import assignment
from engine.kernel import audit
from engine.kernel.clock import ManualClock
from engine.kernel.errors import Conflict, InvalidInput, NotAllowed
from engine.letters import access, carry_overs, cycle, letters
from engine.letters.kinds import Level
from engine.letters.scorecards import cards, entering, outcomes, vetoes
from engine.letters.scorecards.cards import CardView, ItemScoreView
from engine.letters.scorecards.entering import Data, Given, SelfScore
from engine.letters.states import LetterState
from engine.letters.watching import evaluating, warnings
from engine.letters.watching.levels import WarningLevel
from engine.workflow import definitions, incidents, timers
from engine.workflow.engine import Engine
from engine.workflow.tables import task as tasks
from tests.builders import running
from tests.integration.people.company import Company
from tests.paths import ROOT

JANUARY = datetime(2027, 1, 2, 1, 0, tzinfo=UTC)
SALES, TASK, COST = "销售回款额", "主体结构封顶", "营销费用率"


@pytest.fixture
def letter(processes: Engine, company: Company, clock: ManualClock) -> int:
    """The December letter of 城东项目部, its period over and its scoring started by the cycle."""
    for key in ("scoring",):
        definitions.deploy(processes, ROOT / "processes" / key)
    clock.set(running.FIRST)
    with processes.start_work() as work:
        made = running.letter(work, company)
        work.commit()
    clock.set(JANUARY)
    assert cycle.end_due(processes) == 1
    no_incident(processes)
    return made


def no_incident(engine: Engine) -> None:
    with engine.start_work(reading=True) as work:
        assert [each.message for each in incidents.open(work)] == []


def item(engine: Engine, letter: int, name: str) -> int:
    with engine.start_work(reading=True) as work:
        return running.named(work, letter, name).id


def card(engine: Engine, letter: int) -> CardView:
    with engine.start_work(reading=True) as work:
        return cards.of(work, letter)


def line(engine: Engine, letter: int, name: str) -> ItemScoreView:
    wanted = item(engine, letter, name)
    with engine.start_work(reading=True) as work:
        return cards.line(work, letter, wanted)


def status(engine: Engine, letter: int) -> LetterState:
    with engine.start_work(reading=True) as work:
        return letters.view(work, letter).status


def open_tasks(engine: Engine) -> list[tuple[int, str]]:
    with engine.start_work(reading=True) as work:
        wanted = select(tasks.c.id, tasks.c.node).where(tasks.c.status == "open").order_by(tasks.c.id)
        return [(int(row.id), str(row.node)) for row in work.connection.execute(wanted)]


def seats(engine: Engine, task: int) -> list[int]:
    with engine.start_work(reading=True) as work:
        wanted = select(assignment.c.person_id).where(assignment.c.task_id == task, assignment.c.state == "PENDING")
        return list(work.connection.execute(wanted).scalars())


def finish(engine: Engine, node: str, outcome: str = "DONE", **values: Any) -> None:
    """Everybody asked at a node answers, until it is closed."""
    for task in [each for each, name in open_tasks(engine) if name == node]:
        while seats(engine, task) and task in dict(open_tasks(engine)):
            who = seats(engine, task)[0]
            with engine.start_work() as work:  # as the page of the task does, together with its own use-case
                decisions.decide_in(engine, work, task, who, Decision(outcome, "见评分表", values=values))
                work.commit()


def enter_data(engine: Engine, letter: int, company: Company) -> None:
    entering.confirm_data(
        engine,
        letter,
        [
            Data(item(engine, letter, SALES), "9000", evidence="到账流水"),
            Data(item(engine, letter, COST), "2.9", evidence="费用台账"),
        ],
        company.sun,
    )


def to_ops(engine: Engine, letter: int, company: Company) -> None:
    entering.self_report(engine, letter, [SelfScore(item(engine, letter, SALES), Decimal(95), "超预期")], company.li)
    finish(engine, "self_report")
    enter_data(engine, letter, company)
    finish(engine, "confirm_data")
    no_incident(engine)


def to_review(engine: Engine, letter: int, company: Company) -> None:
    to_ops(engine, letter, company)
    finish(engine, "ops_score")
    no_incident(engine)


def test_scoring_runs_from_self_report_to_publication_and_closing(
    processes: Engine, letter: int, company: Company, clock: ManualClock
) -> None:
    """REQ-091, REQ-093, REQ-094: 80·35 + 0·30 + 110·35 = 66.50, less nothing."""
    assert status(processes, letter) is LetterState.SCORING

    to_review(processes, letter, company)
    assert status(processes, letter) is LetterState.REVIEW
    finish(processes, "leader_review", "APPROVED")
    clock.set(datetime(2027, 1, 11, 12, 0, tzinfo=UTC))
    timers.fire_due(processes)
    no_incident(processes)

    assert status(processes, letter) is LetterState.PUBLISHED
    done = card(processes, letter)
    assert (done.final, done.grade, done.rest) == (Decimal("66.5"), "D", 0)
    clock.move(timedelta(days=7))
    timers.fire_due(processes)
    no_incident(processes)
    assert status(processes, letter) is LetterState.CLOSED


def test_every_score_cites_its_article_and_its_formula(processes: Engine, letter: int, company: Company) -> None:
    """REQ-049."""
    to_ops(processes, letter, company)

    found = line(processes, letter, SALES)

    assert found.article == "第 14 条"
    assert found.formula == "60 + (100 − 60) × (9000 − 8000) ÷ (10000 − 8000) = 80.00"
    assert (found.points, found.contribution) == (80, 28)


def test_a_task_without_deliverable_scores_nothing_and_goes_into_the_next_letter(
    processes: Engine, letter: int, company: Company, clock: ManualClock
) -> None:
    """REQ-107, domain.md §6 MILESTONE."""
    to_review(processes, letter, company)
    finish(processes, "leader_review", "APPROVED")
    clock.set(datetime(2027, 1, 11, 12, 0, tzinfo=UTC))
    timers.fire_due(processes)
    clock.move(timedelta(days=7))
    timers.fire_due(processes)

    with processes.start_work(reading=True) as work:
        waiting = carry_overs.waiting(work, company.project, Level.MONTH)
    assert [(each.item, each.cap) for each in waiting] == [(item(processes, letter, TASK), 80)]


def test_scores_are_hidden_until_they_are_published_except_from_the_scorers(
    processes: Engine, letter: int, company: Company, clock: ManualClock
) -> None:
    to_review(processes, letter, company)

    def sees(person: int) -> bool:
        with processes.start_work(reading=True) as work:
            return access.sees_scores(work, letters.view(work, letter), person)

    assert [sees(who) for who in (company.chen, company.li, company.zhou, company.zhao)] == [False, False, True, True]
    finish(processes, "leader_review", "APPROVED")
    clock.set(datetime(2027, 1, 11, 12, 0, tzinfo=UTC))
    timers.fire_due(processes)
    assert sees(company.chen)


def test_a_review_with_an_unscored_item_is_refused(processes: Engine, letter: int, company: Company) -> None:
    """REQ-091: a period cannot go to REVIEW with an unscored item."""
    with pytest.raises(Conflict) as caught:
        entering.finish(processes, letter, company.zhao)

    assert caught.value.code == "score.unscored"
    assert sorted(caught.value.fields["names"]) == sorted([SALES, COST])


def test_data_come_from_the_provider_and_nobody_else(processes: Engine, letter: int, company: Company) -> None:
    """REQ-092: provider org ≠ scored org."""
    wanted = [Data(item(processes, letter, SALES), "12000")]
    for person in (company.li, company.wang, company.zhao):
        with pytest.raises(NotAllowed):
            entering.confirm_data(processes, letter, wanted, person)


def test_only_ops_scores_and_never_its_own(processes: Engine, letter: int, company: Company) -> None:
    """REQ-031, REQ-117."""
    to_ops(processes, letter, company)
    wanted = [Given(item(processes, letter, SALES), Decimal(100), "更正")]
    with pytest.raises(NotAllowed):
        entering.give(processes, letter, wanted, company.li)

    entering.give(processes, letter, wanted, company.zhao)

    found = line(processes, letter, SALES)
    assert (found.computed, found.points, found.given_by) == (80, 100, company.zhao)


def test_a_score_that_differs_from_the_computed_one_needs_a_reason(
    processes: Engine, letter: int, company: Company
) -> None:
    to_ops(processes, letter, company)

    with pytest.raises(InvalidInput) as caught:
        entering.give(processes, letter, [Given(item(processes, letter, SALES), Decimal(100), "")], company.zhao)

    assert caught.value.code == "score.reason"


def test_a_score_above_the_cap_of_its_item_is_refused(processes: Engine, letter: int, company: Company) -> None:
    with pytest.raises(InvalidInput) as caught:
        entering.give(processes, letter, [Given(item(processes, letter, SALES), Decimal(121), "x")], company.zhao)

    assert caught.value.code == "score.range"


def test_after_review_only_the_committee_changes_a_score(processes: Engine, letter: int, company: Company) -> None:
    to_review(processes, letter, company)
    wanted = [Given(item(processes, letter, SALES), Decimal(90), "复核更正")]
    with pytest.raises(NotAllowed):
        entering.give(processes, letter, wanted, company.zhao)

    entering.give(processes, letter, wanted, company.wang)

    assert line(processes, letter, SALES).points == 90


def test_changes_of_scores_are_told_before_and_after_with_the_article(
    processes: Engine, letter: int, company: Company
) -> None:
    to_ops(processes, letter, company)
    entering.give(processes, letter, [Given(item(processes, letter, SALES), Decimal(100), "更正")], company.zhao)

    with processes.start_work() as work:
        told = [each for each in audit.of(work, letters.stream(letter)) if each.act == "score.given"]

    assert [(each.actor, each.article, each.detail["reason"]) for each in told] == [(company.zhao, "§6", "更正")]


def test_a_confirmed_veto_ends_below_60_with_grade_e(processes: Engine, company: Company, clock: ManualClock) -> None:
    """REQ-065, domain.md §7."""
    definitions.deploy(processes, ROOT / "processes" / "scoring")
    clock.set(running.FIRST)
    with processes.start_work() as work:
        made = running.letter(work, company, with_veto=True)
        veto = running.named(work, made, "安全生产").id
        vetoes.report(work, veto, event="死亡事故", evidence="事故报告", actor=company.zhao)
        work.commit()
    clock.set(JANUARY)
    cycle.end_due(processes)
    finish(processes, "self_report")
    enter_data(processes, made, company)
    finish(processes, "confirm_data")

    finish(processes, "confirm_veto", "APPROVED")
    finish(processes, "vote_veto", "APPROVED")
    finish(processes, "ops_score")
    finish(processes, "leader_review", "APPROVED")
    clock.set(datetime(2027, 1, 11, 12, 0, tzinfo=UTC))
    timers.fire_due(processes)

    no_incident(processes)
    done = card(processes, made)
    assert (done.before_veto, done.final, done.grade) == (Decimal("66.5"), Decimal("59.99"), "E")


def test_a_red_warning_costs_no_points(processes: Engine, company: Company, clock: ManualClock) -> None:
    """REQ-086: warnings further, they do not punish."""
    definitions.deploy(processes, ROOT / "processes" / "scoring")
    clock.set(running.FIRST)
    with processes.start_work() as work:
        made = running.letter(work, company)
        work.commit()
    clock.set(running.FIRST + timedelta(days=29))
    evaluating.evaluate_due(processes)
    with processes.start_work(reading=True) as work:
        levels = {warning.level for warning in warnings.listed(work)}
    clock.set(JANUARY)
    cycle.end_due(processes)

    to_ops(processes, made, company)

    assert WarningLevel.RED in levels
    assert card(processes, made).final == Decimal("66.5")


def test_what_was_published_is_the_organisations_result(
    processes: Engine, letter: int, company: Company, clock: ManualClock
) -> None:
    to_review(processes, letter, company)
    finish(processes, "leader_review", "APPROVED")
    clock.set(datetime(2027, 1, 11, 12, 0, tzinfo=UTC))
    timers.fire_due(processes)

    with processes.start_work(reading=True) as work:
        found = outcomes.of_period(work, Level.MONTH, "202612")[company.project]
    assert (found.value, found.grade) == (Decimal("66.5"), "D")
