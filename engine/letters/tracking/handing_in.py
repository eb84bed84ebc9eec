"""Use-cases of deliverables: hand in, judge, report an item done (domain.md §12 P8, REQ-105)."""

from collections.abc import Sequence
from typing import Any

from engine.kernel import audit
from engine.kernel.clock import local
from engine.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from engine.kernel.files import FileView
from engine.kernel.work import Work
from engine.letters import access, deadlines, deliverable_specs, items, letters, regulations
from engine.letters.deadlines import Step
from engine.letters.deliverable_specs import DeliverableSpecView
from engine.letters.items import ItemView
from engine.letters.kinds import Kind, Stage
from engine.letters.letters import LetterView
from engine.letters.states import ItemState, LetterState
from engine.letters.tracking import submissions
from engine.letters.tracking.submissions import SubmissionView, Verdict
from engine.letters.watching import evaluating
from engine.notices import notices
from engine.people import orgs
from engine.workflow.engine import Engine

RUNNING = (LetterState.EFFECTIVE, LetterState.PERIOD_ENDED, LetterState.SCORING)
CLOSED = (ItemState.ACCEPTED, ItemState.SCORED, ItemState.CARRIED_OVER, ItemState.DELETED)
OPEN = (ItemState.PLANNED, ItemState.IN_PROGRESS, ItemState.OVERDUE, ItemState.RECTIFY)


def hand_in(  # noqa: PLR0913  (what, for which deliverable, by whom)
    engine: Engine,
    item_id: int,
    spec_id: int,
    actor: int,
    *,
    files: Sequence[tuple[str, bytes]] = (),
    kept: Sequence[str] = (),
    note: str = "",
) -> SubmissionView:
    """The next version of a deliverable, with its files; all final ones in: the item is reported done.

    `kept` are files that this person uploaded before, `files` such that come along.

    Raises NotFound, NotAllowed, InvalidInput (no file, a bad one), Conflict (cut-off passed, one is under review).
    """
    with engine.start_work() as work:
        item, spec = _of(work, item_id, spec_id)
        letter = access.see(work, item.letter, actor)
        if not hands_in(work, item, letter, actor):
            raise NotAllowed("deliverable.not_yours", f"the owner hands in for {item.name}", item=item_id)
        _refuse_late(work, letter, item)
        _refuse_twice(work, spec)
        if not files and not kept:
            raise InvalidInput("deliverable.no_file", "attach at least one file", item=item_id)
        ids = [each.id for each in engine.files.mine(work, kept, actor=actor)]
        ids += [engine.files.keep(work, name, content, actor=actor).id for name, content in files]
        made = submissions.add(work, spec_id, note, ids, actor=actor)
        told = {"item": item_id, "spec": spec.name, "version": made.version, "files": ids}
        audit.append(work, letters.stream(letter.id), "deliverable.handed_in", actor=actor, detail=told)
        _ask_review(work, item, spec, made)
        _report_when_complete(work, item, actor)
        work.commit()
    return made


def upload(engine: Engine, item_id: int, actor: int, name: str, content: bytes) -> FileView:
    """One file for a deliverable that is not handed in yet; the same checks as on handing in, before anything is sent.

    Raises NotFound, NotAllowed for others than the owner's side, InvalidInput as `Files.keep`.
    """
    with engine.start_work() as work:
        item = items.view(work, item_id)
        letter = access.see(work, item.letter, actor)
        if not hands_in(work, item, letter, actor):
            raise NotAllowed("deliverable.not_yours", f"the owner hands in for {item.name}", item=item_id)
        kept = engine.files.keep(work, name, content, actor=actor)
        work.commit()
    return kept


def judge(engine: Engine, submission_id: int, actor: int, result: Verdict, *, comment: str = "") -> SubmissionView:
    """The verdict of the reviewer, who is neither owner nor submitter (REQ-045); all final ones pass: accepted.

    Raises NotFound, NotAllowed, InvalidInput (no comment with 整改 or 不合格), Conflict (judged already).
    """
    with engine.start_work() as work:
        made = judge_in(engine, work, submission_id, actor, result, comment=comment)
        work.commit()
    return made


def judge_in(  # noqa: PLR0913  (which version, who, what)
    engine: Engine, work: Work, submission_id: int, actor: int, result: Verdict, *, comment: str
) -> SubmissionView:
    """`judge` inside a work of somebody else."""
    if result is not Verdict.PASS and not comment.strip():
        raise InvalidInput("deliverable.comment", "say what is missing")
    known = submissions.view(work, submission_id)
    item, spec = _of_spec(work, known.spec)
    letter = access.see(work, item.letter, actor)
    if not judges(work, item, spec, actor) or actor == known.submitted_by:
        raise NotAllowed(
            "deliverable.reviewer", f"the named reviewer judges {spec.name}, never the owner", spec=spec.id
        )
    values: dict[str, Any] = {"comment": comment, "reviewed_by_id": actor}
    if result is Verdict.CONDITIONAL:
        days = int(regulations.view(work, letter.regulation).parameters.scoring.conditional_days)
        today = local(work.now).date()
        values["mend_until"] = engine.calendar(work).add_working_days(today, days)
    made = submissions.judge(work, known, result, **values)
    told = {"item": item.id, "spec": spec.name, "version": made.version, "result": result, "comment": comment}
    audit.append(work, letters.stream(letter.id), "deliverable.judged", actor=actor, detail=told, article="§6")
    notices.notify(
        work,
        [known.submitted_by],
        f"deliverable.{result}",
        {"name": spec.name},
        link=link(item.id),
        key=f"submission:{made.id}:judged",
    )
    _settle(engine, work, item, result, actor)
    return made


def report_done(engine: Engine, item_id: int, actor: int) -> ItemView:
    """The owner says it is done; a task needs its final deliverables in (REQ-105). Raises NotAllowed, Conflict."""
    with engine.start_work() as work:
        item = items.view(work, item_id)
        letter = access.see(work, item.letter, actor)
        if not hands_in(work, item, letter, actor):
            raise NotAllowed("deliverable.not_yours", f"the owner reports {item.name}", item=item_id)
        missing = _missing(work, item)
        if item.kind is Kind.TASK and missing:
            raise Conflict(
                "item.no_deliverable",
                f"{item.name} needs its deliverable first: {', '.join(missing)}",
                item=item_id,
                missing=missing,
            )
        item = items.move(work, item, ItemState.REPORTED_DONE, actor=actor)
        evaluating.evaluate(engine, work, item, updated=True)
        work.commit()
    return item


def letter_of(work: Work, submission_id: int) -> int:
    """The letter that a submission belongs to. Raises NotFound."""
    item, _ = _of_spec(work, submissions.view(work, submission_id).spec)
    return item.letter


def link(item: int) -> str:
    """Where the page of an item's deliverables is."""
    return f"/letters/items/{item}/deliverables"


def _settle(engine: Engine, work: Work, item: ItemView, result: Verdict, actor: int) -> None:
    """Bring the item's state and its warning in line with a verdict."""
    if item.status in CLOSED:
        return
    if result is Verdict.PASS and not _missing(work, item, passed=True):
        if item.status is not ItemState.REPORTED_DONE:
            item = items.move(work, item, ItemState.REPORTED_DONE, actor=actor)
        item = items.move(work, item, ItemState.ACCEPTED, actor=actor)
    elif result is not Verdict.PASS and item.status is ItemState.REPORTED_DONE:
        item = items.move(work, item, ItemState.RECTIFY, actor=actor)
    evaluating.evaluate(engine, work, item, updated=True)


def _report_when_complete(work: Work, item: ItemView, actor: int) -> None:
    if item.kind is Kind.TASK and item.status in OPEN and not _missing(work, item):
        items.move(work, item, ItemState.REPORTED_DONE, actor=actor)


def _missing(work: Work, item: ItemView, *, passed: bool = False) -> list[str]:
    """Names of final deliverables not handed in (or, `passed`, not accepted); the item itself where it has none."""
    final = [spec for spec in deliverable_specs.of_item(work, item.id) if spec.stage is Stage.FINAL]
    versions = submissions.of_specs(work, [spec.id for spec in final])
    good = {Verdict.PASS} if passed else {Verdict.PENDING, Verdict.PASS}
    if not final:
        return [item.name]
    return [spec.name for spec in final if not any(each.result in good for each in versions.get(spec.id, ()))]


def _of(work: Work, item_id: int, spec_id: int) -> tuple[ItemView, DeliverableSpecView]:
    spec = next((each for each in deliverable_specs.of_item(work, item_id) if each.id == spec_id), None)
    if spec is None:
        raise NotFound("deliverable.unknown", f"item {item_id} has no deliverable {spec_id}", spec=spec_id)
    return items.view(work, item_id), spec


def _of_spec(work: Work, spec_id: int) -> tuple[ItemView, DeliverableSpecView]:
    spec = deliverable_specs.view(work, spec_id)
    return items.view(work, spec.item), spec


def hands_in(work: Work, item: ItemView, letter: LetterView, actor: int) -> bool:
    """Whether the person hands in for the item: its owner, who carries it out, the letter's party B or the head."""
    return actor in {item.owner, *item.executors, letter.party_b, orgs.view(work, letter.org).head}


def judges(work: Work, item: ItemView, spec: DeliverableSpecView, actor: int) -> bool:
    """Whether the person judges what is handed in: the named reviewer, else the operations centre; never the owner."""
    if actor == item.owner:
        return False
    return actor == spec.reviewer if spec.reviewer is not None else access.Sight(work, actor).ops


def _refuse_late(work: Work, letter: LetterView, item: ItemView) -> None:
    cut_off = deadlines.of(work, letter.level, letter.period, letter.org).get(Step.EVIDENCE)
    if letter.status not in RUNNING or (cut_off is not None and work.now >= cut_off and not _mending(work, item)):
        raise Conflict(
            "deliverable.cut_off", "the evidence is closed: this item scores 0 and is carried over", at=cut_off
        )


def _mending(work: Work, item: ItemView) -> bool:
    """Whether a conditional version waits to be mended; that may be after the cut-off (domain.md §6)."""
    specs = [spec.id for spec in deliverable_specs.of_item(work, item.id)]
    return any(each[0].result is Verdict.CONDITIONAL for each in submissions.of_specs(work, specs).values())


def _refuse_twice(work: Work, spec: DeliverableSpecView) -> None:
    newest = submissions.of_specs(work, [spec.id]).get(spec.id, ())[:1]
    if newest and newest[0].result in (Verdict.PENDING, Verdict.PASS):
        raise Conflict(
            "deliverable.waiting",
            f"version {newest[0].version} of {spec.name} is {newest[0].result}: wait for the verdict",
            version=newest[0].version,
            result=str(newest[0].result),
        )


def _ask_review(work: Work, item: ItemView, spec: DeliverableSpecView, made: SubmissionView) -> None:
    if spec.reviewer is None:
        return
    fields = {"name": spec.name, "item": item.name, "version": made.version}
    key = f"submission:{made.id}"
    notices.notify(work, [spec.reviewer], "deliverable.review", fields, link=link(item.id), key=key, needs_action=True)
