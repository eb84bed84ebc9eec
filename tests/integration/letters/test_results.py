"""What comes of published scores: the year's result, the group's wall; panels and effects on the way there."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert, update

from engine.kernel.clock import ManualClock
from engine.kernel.errors import Conflict, InvalidInput, NotAllowed
from engine.kernel.work import Work
from engine.letters import effects, items, letters
from engine.letters.adjustments import AdjustmentRow
from engine.letters.deliverable_specs import DeliverableSpecRow
from engine.letters.effects import NewEffect
from engine.letters.kinds import EffectKind, Level
from engine.letters.letters import LetterRow
from engine.letters.scorecards import calculating, cards, entering, outcomes, passing, standing
from engine.letters.scorecards.entering import Data
from engine.letters.scoring.terms import Rating
from engine.letters.states import LetterState
from engine.letters.tracking import handing_in
from engine.workflow.engine import Engine
from tests.builders import drafts, running
from tests.integration.people.company import Company

D = Decimal


@pytest.fixture
def december(processes: Engine, clock: ManualClock, company: Company) -> Engine:
    clock.set(running.FIRST)
    return processes


def published(work: Work, org: int, level: Level, period: str, final: str) -> None:
    """A published letter with this total."""
    made = drafts.letter(work, org, level, period)
    card = cards.add(work, made.id)
    cards.set_card(work, card.id, final=D(final), grade="B")
    work.session.execute(update(LetterRow).where(LetterRow.id == made.id).values(status=LetterState.PUBLISHED))
    outcomes.keep(work, letters.view(work, made.id), cards.of(work, made.id))


def scoring(work: Work, letter: int) -> None:
    """Put a letter into scoring, with its card."""
    work.session.execute(update(LetterRow).where(LetterRow.id == letter).values(status=LetterState.SCORING))
    cards.add(work, letter)
    calculating.calculate(work, letter)


def test_the_year_is_its_letter_and_the_mean_of_its_months(december: Engine, company: Company) -> None:
    """REQ-144: Y = 0.7·F + 0.3·mean."""
    with december.start_work() as work:
        for period, final in (("202601", "80"), ("202602", "100")):
            published(work, company.project, Level.MONTH, period, final)
        published(work, company.project, Level.ANNUAL, "2026", "90")
        found = outcomes.of_period(work, Level.ANNUAL, "2026")[company.project]

    assert (found.final, found.value, found.grade) == (90, 90, "B")


def test_the_wall_weighs_types_and_sorts_the_worst_first(december: Engine, company: Company) -> None:
    """REQ-058."""
    with december.start_work() as work:
        published(work, company.east, Level.MONTH, "202611", "90")
        published(work, company.cost, Level.MONTH, "202611", "70")
        published(work, company.finance, Level.MONTH, "202611", "100")
        wall = standing.wall(work, "202611")

    assert wall.index == 88  # 0.6 × 90 + 0.4 × (70 + 100) / 2
    assert wall.status == "YELLOW"
    assert [tile.org.id for tile in wall.tiles][:3] == [company.cost, company.east, company.finance]


def test_punctuality_counts_key_tasks_by_the_day_they_were_handed_in(
    december: Engine, company: Company, clock: ManualClock
) -> None:
    with december.start_work() as work:
        item = running.alone(work, company, running.task(company), running.REPORT)
        work.commit()
    clock.move(timedelta(days=26))
    with december.start_work(reading=True) as work:
        late = standing.wall(work, "202612").on_time
    clock.set(running.FIRST + timedelta(days=20))
    with december.start_work(reading=True) as work:
        spec = work.session.query(DeliverableSpecRow.id).scalar()
    handing_in.hand_in(december, item, spec, company.chen, files=[("r.pdf", b"%PDF-1.7 x")])
    clock.set(running.FIRST + timedelta(days=26))

    with december.start_work(reading=True) as work:
        assert (late, standing.wall(work, "202612").on_time) == (0, 100)


def test_a_panel_item_is_scored_by_its_raters(december: Engine, company: Company) -> None:
    """REQ-143."""
    panel = {"method": "PANEL", "params": {}, "assessors": [{"person": company.wang}]}
    with december.start_work() as work:
        item = running.alone(work, company, drafts.kpi(company, **panel))
        letter = items.view(work, item).letter
        scoring(work, letter)
        work.commit()
    with pytest.raises(NotAllowed):
        entering.rate(december, letter, item, Rating("", D(80)), company.chen)
    with pytest.raises(InvalidInput):
        entering.rate(december, letter, item, Rating("", D(99)), company.wang)

    entering.rate(december, letter, item, Rating("", D(80)), company.wang)
    total = entering.rate(december, letter, item, Rating("", D(90)), company.zhao)

    assert total.final == 85


def test_effects_of_an_adjustment_reach_the_score_and_the_provider(december: Engine, company: Company) -> None:
    """REQ-055, REQ-056: factor 0.9, then at most 90; a broken promise costs its provider 2 points."""
    with december.start_work() as work:
        item = running.alone(work, company, drafts.kpi(company))
        known = items.view(work, item)
        letter = letters.view(work, known.letter)
        made = insert(AdjustmentRow).returning(AdjustmentRow.id)
        values = {"no": "A1", "letter_id": letter.id, "type": "TARGET", "cause": "SELF", "applicant_id": company.li}
        adjustment = work.session.execute(made.values(created_at=work.now, **values)).scalar_one()
        for kind, value in ((EffectKind.FACTOR, "0.9"), (EffectKind.CAP, "90")):
            effects.add(work, NewEffect(kind, D(value), adjustment, "§9", letter=letter.id, item=item))
        broken = NewEffect(
            EffectKind.PROVIDER_DEDUCTION,
            D(2),
            adjustment,
            "§9",
            org=letter.org,
            level=letter.level,
            period=letter.period,
        )
        effects.add(work, broken)
        scoring(work, letter.id)
        work.commit()

    total = entering.confirm_data(december, letter.id, [Data(item, "11000")], company.sun)

    assert (total.indicator, total.deduction, total.final) == (90, 2, 88)


def test_what_does_not_apply_gives_its_weight_to_the_others(december: Engine, company: Company) -> None:
    with december.start_work() as work:
        letter = running.letter(work, company)
        scoring(work, letter)
        sales = running.named(work, letter, "销售回款额").id
        work.commit()
    entering.confirm_data(december, letter, [Data(sales, "10000")], company.sun)
    cost, report = (item for item in _ids(december, letter) if item != sales)
    gone = [entering.Given(each, None, "本期不适用", not_applicable=True) for each in (cost, report)]

    total = entering.give(december, letter, gone, company.zhao)

    assert (total.indicator, total.unscored) == (100, ())


def test_what_was_not_reviewed_is_not_published(december: Engine, company: Company) -> None:
    with december.start_work() as work:
        letter = running.letter(work, company)
        scoring(work, letter)
        with pytest.raises(Conflict, match="review it first"):
            passing.publish(december, work, letter, "A")


def _ids(engine: Engine, letter: int) -> list[int]:
    with engine.start_work(reading=True) as work:
        return [item.id for item in items.of(work, letter)]
