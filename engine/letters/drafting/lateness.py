"""迟交: a draft handed in after its day costs points for every day that began, up to a maximum (`domain.md` §5)."""

from sqlalchemy import update

from engine.kernel import audit
from engine.kernel.clock import local
from engine.kernel.work import Work
from engine.letters import letters, regulations
from engine.letters.drafting import generation
from engine.letters.letters import LetterRow, LetterView


def register(work: Work, letter: int) -> tuple[LetterView, bool]:
    """Counts the days since the deadline of a draft that was never handed in; the letter, and whether it is news.

    A draft that came back from approval was in time once: it costs nothing again.
    """
    known = letters.lock(work, letter)
    due = generation.submit_due(work, known)
    if due is None or work.now < due or known.submitted_at is not None:
        return known, False
    days = max(1, (local(work.now).date() - local(due).date()).days)
    rules = regulations.view(work, known.regulation).parameters.scoring
    points = min(rules.late_per_day * days, rules.late_max)
    if days > known.late_days:
        changed = update(LetterRow).where(LetterRow.id == letter).values(late_days=days, late_points=points)
        work.session.execute(changed)
        detail = {"days": days, "points": points}
        audit.append(
            work,
            letters.stream(letter),
            "letter.late",
            actor=None,
            detail=detail,
            article=rules.article("late") or "§5",
        )
    return letters.view(work, letter), known.late_days == 0
