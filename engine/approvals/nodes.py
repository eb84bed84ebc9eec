"""Opens and closes approval nodes: hears of tasks, finds who is asked, and ends a node that needs nobody."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from engine.approvals import migrated, rows, saying, seats
from engine.approvals.modes import Mode, Outcome, State, parse_ratio
from engine.approvals.routing import Before, Candidate, Habits, Routed, resolve
from engine.approvals.rows import Node
from engine.approvals.saying import Said
from engine.approvals.seats import Assignment
from engine.approvals.who import Scene
from engine.kernel.work import Work
from engine.notices import channels, notices
from engine.workflow import runner, standings, tasks
from engine.workflow.engine import Engine
from engine.workflow.hooks import Listener
from engine.workflow.step import Answer
from engine.workflow.surroundings import Surroundings
from engine.workflow.views import InstanceView, TaskView

_RESTORE = "approvals.restore"
_JUST_DECIDED = "approvals.just_decided"


@dataclass(frozen=True)
class JustDecided:
    """What a decision tells the listener about the step that it causes: nothing is left to cancel, who approved."""

    task: int
    instance: int
    approvers: frozenset[int] = frozenset()
    reminded: bool = False


class Nodes(Listener):
    """Keeps assignments in line with tasks."""

    def task_opened(self, engine: Engine, work: Work, task: TaskView, data: Mapping[str, Any]) -> None:
        if task.topic is None:
            open_node(engine, work, task, data)

    def task_closed(self, engine: Engine, work: Work, task: TaskView, reason: str) -> None:
        decided = _just_decided(work)
        if decided is None or decided.task != task.id:
            rows.close(work, task.id)
        if decided is None or decided.task != task.id or decided.reminded:
            notices.settle(work, link_of(task.id))

    def task_moved(self, engine: Engine, work: Work, task: TaskView, due: datetime) -> None:
        rows.move_due(work, task.id, due)

    def instance_migrated(
        self,
        engine: Engine,
        work: Work,
        instance: InstanceView,
        tasks: tuple[TaskView, ...],
        renamed: Mapping[str, str],
    ) -> None:
        migrated.follow(work, instance.id, tasks, renamed)


def announce_decision(work: Work, decided: JustDecided) -> None:
    """Says before a task is completed who decided it; the listener's next calls in this work rely on it."""
    work.notes[_JUST_DECIDED] = decided


def restore(work: Work, instance: int, node: str, assignments: Sequence[Mapping[str, Any]]) -> None:
    """The next task that this work opens at `node` gets these assignments instead of new ones (撤回)."""
    work.notes[_RESTORE] = (instance, node, list(assignments))


def _restored(work: Work, task: TaskView) -> list[Mapping[str, Any]] | None:
    instance, node, kept = work.notes.get(_RESTORE, (None, None, None))
    if (instance, node) != (task.instance.id, task.node):
        return None
    del work.notes[_RESTORE]
    return list(kept or ())


def link_of(task_id: int) -> str:
    """Where the task stands in the inbox."""
    return f"/inbox?task={task_id}"


def tell_opened(work: Work, node: Node, assignments: Collection[int]) -> None:
    """Tells those whose turn it is now, outside the application; inside it their inbox shows it."""
    asked = [each.person for each in node.assignments if each.id in assignments]
    fields = {"title": node.title, "name": node.name}
    link = link_of(node.task_id)
    for each in assignments:
        channels.pass_on(work, asked, channels.Told("task.opened", fields, link, f"assignment:{each}:opened"))


def scene_of(engine: Engine, work: Work, task: TaskView, data: Mapping[str, Any]) -> Scene:
    """What the rules of a task's node are evaluated in."""
    standing = standings.lock(work, task.instance.id)
    tables = engine.programs.of(work, standing.view.definition_id, standing.pins).tables
    ports = Surroundings(engine, work, runner.context(standing.view), tables)
    return Scene(task.spec, data, task.instance.starter, ports)


def ratio_of(options: Mapping[str, Any]) -> Fraction | None:
    """The part of a vote that approves, None where the node is no vote."""
    written = options.get("ratio")
    return None if written in (None, "") else parse_ratio(written)


def open_node(engine: Engine, work: Work, task: TaskView, data: Mapping[str, Any]) -> None:
    """Finds who is asked and writes their assignments; a node that needs nobody is decided at once."""
    again = _restored(work, task)
    if again is not None:
        rows.insert(work, task, again)
        return
    routed = _route(engine, work, task, data)
    mode = rows.mode_of(task.options, task.kind)
    seated = _seated(routed.candidates, mode, ratio_of(task.options))
    rows.insert(work, task, [_row(work, *pair) for pair in zip(routed.candidates, seated, strict=True)])
    _note(work, task, routed)
    asked = [each.person for each in seated if each.state in (State.PENDING, State.POOLED)]
    if asked:
        fields = {"title": task.instance.title, "name": task.name, "due": task.due_at}
        channels.pass_on(work, asked, channels.Told("task.opened", fields, link_of(task.id), f"task:{task.id}:opened"))
    elif routed.candidates or routed.passes_empty:
        _pass(engine, work, task, [each.person for each in routed.candidates])


def _route(engine: Engine, work: Work, task: TaskView, data: Mapping[str, Any]) -> Routed:
    """Who is asked; once the instance was returned nobody is passed over for having approved before (APR-23)."""
    habits = Habits.of(task.options, task.kind, task.instance.subject)
    scene = scene_of(engine, work, task, data)
    routed = resolve(work, scene, habits, _before(work, task, habits))
    passed = any(why.code == "dedup" for candidate in routed.candidates for why in candidate.why)
    if passed and habits.dedup == "consecutive" and saying.was_returned(work, task.instance.id):
        return resolve(work, scene, habits)
    return routed


def _before(work: Work, task: TaskView, habits: Habits) -> Before:
    if habits.decides and habits.dedup == "process":
        return Before(process=saying.approvers(work, task.instance.id))
    decided = _just_decided(work)
    if decided is None or decided.instance != task.instance.id:
        return Before()
    return Before(consecutive=decided.approvers)


def _seated(candidates: Sequence[Candidate], mode: Mode, ratio: Fraction | None) -> list[Assignment]:
    """How each candidate starts: asked, waiting for their turn, in the pool, or passed over."""
    drafts = [
        Assignment(number, 0, each.person, _start(each), position=number, weight=each.weight)
        for number, each in enumerate(candidates)
    ]
    ruling = seats.rule(drafts, mode, ratio)
    if ruling.outcome is not None:
        return [_moved(each, State.CANCELLED) if each.state is State.WAITING else each for each in drafts]
    to = State.POOLED if mode is Mode.CLAIM and len(drafts) > 1 else State.PENDING
    return [_moved(each, to) if each.id in ruling.turn else each for each in drafts]


def _start(candidate: Candidate) -> State:
    return State.SKIPPED if candidate.skipped else State.WAITING


def _moved(each: Assignment, state: State) -> Assignment:
    return Assignment(each.id, each.task, each.person, state, position=each.position, weight=each.weight)


def _row(work: Work, candidate: Candidate, seat: Assignment) -> dict[str, Any]:
    row = {
        "person_id": candidate.person,
        "position": seat.position,
        "weight": candidate.weight,
        "state": seat.state,
        "reason": [{"code": why.code, **why.fields} for why in candidate.why],
    }
    return {**row, "decided_at": work.now if candidate.skipped else None}


def _note(work: Work, task: TaskView, routed: Routed) -> None:
    """What is out of the ordinary goes on record: who was passed over, and a node that found nobody."""
    for candidate in routed.candidates:
        if candidate.skipped:
            why = candidate.why[-1]
            said = Said("SKIP", None, on_behalf_of=candidate.person, detail={"code": why.code, **why.fields})
            saying.record(work, task, said)
    if not routed.candidates:
        act = "PASS_EMPTY" if routed.passes_empty else "NOBODY"
        saying.record(work, task, Said(act, None, detail={"dropped": [person for person, _ in routed.dropped]}))


def _pass(engine: Engine, work: Work, task: TaskView, approvers: Sequence[int]) -> None:
    announce_decision(work, JustDecided(task.id, task.instance.id, frozenset(approvers)))
    values = answer_values(task.options, Outcome.APPROVED) if task.kind == "decide" else {}
    tasks.complete(engine, work, task.id, Answer(values), None)


def answer_values(
    options: Mapping[str, Any],
    outcome: Outcome,
    *,
    opinion: str = "",
    target: str | None = None,
    after: str | None = None,
) -> dict[str, Any]:
    """What a deciding node says to the diagram (`docs/architecture.md`)."""
    said = {"outcome": outcome.value, "opinion": opinion, "target": target, "after": after}
    variable = str(options.get("variable") or "outcome")
    return {**said, variable: outcome.value}


def _just_decided(work: Work) -> JustDecided | None:
    decided: JustDecided | None = work.notes.get(_JUST_DECIDED)
    return decided
