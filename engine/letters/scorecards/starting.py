"""The periodic step that starts the scoring of letters whose period is over (domain.md §5: last day 24:00)."""

from datetime import date

from sqlalchemy import Select, select

from engine.kernel.clock import local
from engine.letters import letters
from engine.letters.letters import LetterRow
from engine.letters.scorecards.cards import CardRow
from engine.letters.states import LetterState
from engine.workflow import instances
from engine.workflow.engine import Engine


def start_due(engine: Engine) -> int:
    """Start one scoring instance for every letter that has ended and has none; how many. Twice changes nothing."""
    with engine.start_work(reading=True) as work:
        ended = list(work.session.execute(_ended(local(work.now).date())).scalars())
    return sum(start(engine, letter_id) for letter_id in ended)


def start(engine: Engine, letter_id: int) -> bool:
    """Start the scoring of one letter; False when somebody was faster."""
    with engine.start_work() as work:
        letter = letters.lock(work, letter_id)
        if letter.status not in (LetterState.EFFECTIVE, LetterState.PERIOD_ENDED):
            return False
        subject = letters.stream(letter_id)
        if any(each.key == "scoring" for each in instances.of_subject(work, subject)):
            return False
        instances.start(
            engine,
            work,
            "scoring",
            data={"letter_id": letter_id},
            business_key=str(letter_id),
            title=letter.no,
            subject=subject,
        )
        work.commit()
    return True


def _ended(today: date) -> Select[int]:
    return (
        select(LetterRow.id)
        .outerjoin(CardRow, CardRow.letter_id == LetterRow.id)
        .where(LetterRow.status.in_([LetterState.EFFECTIVE, LetterState.PERIOD_ENDED]))
        .where(LetterRow.ends_on < today, CardRow.id.is_(None))
        .order_by(LetterRow.id)
    )
