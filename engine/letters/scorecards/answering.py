"""Use-cases of pages that complete a task of the scoring process together with what was entered."""

from collections.abc import Sequence

from sqlalchemy import select

from engine.approvals.tables import assignment
from engine.kernel.work import Work
from engine.letters import letters
from engine.letters.drafting import tasks
from engine.letters.scorecards import entering
from engine.letters.scorecards.entering import Data, Given, SelfScore
from engine.letters.scoring.letter import Total
from engine.letters.tracking import handing_in
from engine.letters.tracking.submissions import SubmissionView, Verdict
from engine.workflow import instances
from engine.workflow.engine import Engine
from engine.workflow.tables import task

SCORING = "scoring"


def self_report(engine: Engine, letter_id: int, said: Sequence[SelfScore], actor: int) -> None:
    """The self-report, and its task is done."""
    with engine.start_work() as work:
        held = _hold(work, letter_id)
        entering.self_report_in(work, letter_id, said, actor)
        _done(engine, work, held, "self_report", actor)
        work.commit()


def confirm_data(engine: Engine, letter_id: int, confirmed: Sequence[Data], actor: int) -> Total:
    """The provider's data, and its task is done."""
    with engine.start_work() as work:
        held = _hold(work, letter_id)
        total = entering.confirm_data_in(engine, work, letter_id, confirmed, actor)
        _done(engine, work, held, "confirm_data", actor)
        work.commit()
    return total


def give(engine: Engine, letter_id: int, given: Sequence[Given], actor: int) -> Total:
    """Scores set by hand; the task stays open."""
    return entering.give(engine, letter_id, given, actor)


def finish(engine: Engine, letter_id: int, actor: int) -> Total:
    """Everything is scored, and the task of OPS is done. Raises Conflict `score.unscored`."""
    with engine.start_work() as work:
        held = _hold(work, letter_id)
        total = entering.finish_in(work, letter_id, actor)
        _done(engine, work, held, "ops_score", actor)
        work.commit()
    return total


def judge(engine: Engine, submission_id: int, actor: int, result: Verdict, *, comment: str = "") -> SubmissionView:
    """The verdict on a deliverable; where the scoring waits for it, that task is done."""
    with engine.start_work() as work:
        letter_id = handing_in.letter_of(work, submission_id)
        held = _hold(work, letter_id)
        made = handing_in.judge_in(engine, work, submission_id, actor, result, comment=comment)
        _done(engine, work, held, "accept_deliverable", actor)
        work.commit()
    return made


def waiting(work: Work, letter_id: int, node: str, actor: int) -> int | None:
    """The open task of this person at a node of the letter's scoring."""
    return _seated(work, instance_of(work, letter_id), node, actor)


def instance_of(work: Work, letter_id: int) -> int | None:
    """The running scoring of a letter."""
    found = instances.of_subject(work, letters.stream(letter_id))
    return next((each.id for each in found if each.key == SCORING and each.ended_at is None), None)


def _hold(work: Work, letter_id: int) -> int | None:
    held = instance_of(work, letter_id)
    tasks.hold(work, held)
    return held


def _done(engine: Engine, work: Work, held: int | None, node: str, actor: int) -> None:
    found = _seated(work, held, node, actor)
    if found is not None:
        tasks.done(engine, work, found, actor)


def _seated(work: Work, held: int | None, node: str, actor: int) -> int | None:
    if held is None:
        return None
    wanted = (
        select(task.c.id)
        .join(assignment, assignment.c.task_id == task.c.id)
        .where(task.c.instance_id == held, task.c.node == node, task.c.status == "open")
        .where(assignment.c.person_id == actor, assignment.c.state == "PENDING")
        .order_by(task.c.id)
        .limit(1)
    )
    found: int | None = work.connection.execute(wanted).scalar()
    return found
