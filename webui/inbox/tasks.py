"""One task: what it is about, why it is mine, what I may do with it; beside the list and on a page of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import g, render_template, url_for

from engine.approvals import (
    conditions,
    copies,
    decisions,
    drafts,
    forms,
    looking,
    retracting,
    returns,
    rows,
    sealing,
    sight,
)
from engine.approvals.modes import OPEN, Mode, State
from engine.approvals.returns import Target
from engine.approvals.rows import Case, Node
from engine.approvals.seats import ADDED
from engine.kernel.clock import local
from engine.kernel.errors import LetterflowError, NotFound
from engine.kernel.files import FileView
from engine.kernel.work import Work
from engine.people import persons
from engine.people.persons import PersonView
from engine.workflow import instances, standings
from engine.workflow.views import InstanceView
from webui import registry
from webui.current import engine, viewer
from webui.family import Rendered
from webui.inbox import fields, voices
from webui.inbox.blueprint import blueprint
from webui.inbox.fields import Sent, ShownField
from webui.words import sentence


@dataclass(frozen=True)
class Form:
    """The drawn form as it stands; `lively` where a field depends on what is filled in."""

    fields: list[ShownField] = field(default_factory=list)
    lively: bool = False


@dataclass(frozen=True)
class TaskPage:
    """Everything that the detail shows; `may` are the acts that are possible for this person now.

    `own_page`: it is done on the page at `address` and nowhere else. `sealed` is the hash of what is to be signed.
    """

    node: Node
    instance: InstanceView
    starter: PersonView | None
    mine: voices.Mine
    asked: tuple[voices.Voice, ...]
    opinions: tuple[voices.Opinion, ...]
    form: Form
    targets: tuple[Target, ...]
    may: frozenset[str]
    refusal: str | None
    due: Any
    late: bool
    address: str | None = None
    summary: Rendered | None = None
    typed: Mapping[str, Any] | None = None
    errors: Mapping[str, str] | None = None
    added: tuple[PersonView, ...] = ()
    attached: tuple[FileView, ...] = ()
    files: Mapping[str, FileView] = field(default_factory=dict)
    beside: tuple[str, ...] = ()
    sealed: str | None = None

    @property
    def id(self) -> int:
        return self.node.task_id

    @property
    def own_page(self) -> bool:
        return bool(self.address and self.node.kind != "decide")

    def refused(self, errors: Mapping[str, str], typed: Mapping[str, Any]) -> "TaskPage":
        """The same page with what was typed and why it was not accepted."""
        return replace(self, errors=errors, typed=typed)


@blueprint.get("/tasks/<int:task_id>")
def task(task_id: int) -> Any:
    return render_template("inbox/task.html", page=load(task_id))


def load(task_id: int, typed: Sent | None = None) -> TaskPage:
    """The task for this person, with what they typed or kept; opening it is noted. Raises NotFound for strangers."""
    with engine().start_work(reading=True) as work:
        node, instance = visible(work, task_id)
        page = _page(work, node, instance, typed)
    if page.mine.unread:
        copies.read(engine(), viewer().id, task=task_id)
    return replace(
        page,
        address=registry.task_page(node.page, instance.subject),
        summary=registry.summary(instance.subject),
    )


def visible(work: Work, task_id: int) -> tuple[Node, InstanceView]:
    """The task and its instance. Raises NotFound for strangers."""
    node = rows.load(work, task_id)
    if node is None:
        raise NotFound("task.unknown", f"there is no task {task_id}", task=task_id)
    return node, sight.instance_for(work, node.instance_id, viewer().id, viewer().roles)


def form_of(case: Case, typed: Sent) -> Form:
    """The node's form as it stands with what was typed: what its conditions hide is left out."""
    if not case.node.form:
        return Form()
    drawn = forms.schema(case.work, case.standing, case.node.form)
    data = instances.look(case.engine, case.work, case.node.instance_id).data
    if drawn is None or not conditions.conditional(drawn):
        return Form(fields.shown(drawn, typed, data))
    values = fields.leniently(drawn, typed)
    settled = conditions.settled(drawn, data, values, now=local(case.work.now))
    return Form(fields.shown(settled, typed, data), lively=True)


def _page(work: Work, node: Node, instance: InstanceView, typed: Sent | None) -> TaskPage:
    standings.hold(work, standings.read(work, node.instance_id))  # to look, not to step: nobody waits for a reader
    case = Case(engine(), work, node)
    may, refusal = _rights(work, node)
    people = voices.people(work, node, instance)
    draft = drafts.find(work, node.task_id, viewer().id) or {}
    due = next((each.due_at for each in node.assignments if each.due_at), None)
    decides = "decide" in may
    opinions = voices.opinions(work, instance.id, people)
    files = engine().files.views(
        work, [*draft.get(drafts.FILES, ()), *(one for each in opinions for one in each.files)]
    )
    names = persons.names(work, looking.others(work, node.task_id, viewer().id))
    return TaskPage(
        node=node,
        instance=instance,
        starter=people.get(instance.starter or 0),
        mine=voices.mine(work, node, people),
        asked=voices.asked(node, people),
        opinions=opinions,
        form=form_of(case, _kept(draft) if typed is None else typed) if decides else Form(),
        targets=returns.targets(case) if decides else (),
        may=may | _retract(work, node),
        refusal=refusal,
        due=due,
        late=bool(due and due < g.now and node.status == "open"),
        typed={"opinion": draft.get("opinion", "")},
        added=_added(work, node),
        attached=tuple(files[one] for one in draft.get(drafts.FILES, ()) if one in files),
        files=files,
        beside=tuple(names.values()),
        sealed=sealing.of(engine(), work, instance.id) if decides and node.kind == "sign" else None,
    )


def _kept(draft: Mapping[str, Any]) -> Sent:
    said = draft.get("values") or {}
    return {key: texts if isinstance(texts, list) else [str(texts)] for key, texts in said.items()}


def _rights(work: Work, node: Node) -> tuple[frozenset[str], str | None]:
    """What this person may do, and in words why they may not decide."""
    may = {"urge"} if node.status == "open" and node.starter == viewer().id else set()
    own = [each for each in node.assignments if each.person == viewer().id]
    if any(each.state is State.POOLED for each in own):
        return frozenset(may | {"claim"}), None
    if any(each.state is State.WAITING for each in own):
        may |= {"recall"} if _waits_for_answer(node, own[-1].id) else set()
    try:
        decisions.seat_of(work, node, viewer().id)
    except LetterflowError as refusal:
        return frozenset(may), sentence(refusal) if own else None
    if node.mode is Mode.CLAIM and own and any(each.state is State.WAITING for each in node.assignments):
        may.add("release")
    return frozenset(may | {"decide", "hand"}), None


def _waits_for_answer(node: Node, assignment: int) -> bool:
    return any(each.parent == assignment and each.state is State.PENDING for each in node.assignments)


def _retract(work: Work, node: Node) -> frozenset[str]:
    decided = any(each.decided_by == viewer().id for each in node.assignments)
    if decided and retracting.possible(engine(), work, node.task_id, viewer().id):
        return frozenset({"retract"})
    return frozenset()


def _added(work: Work, node: Node) -> tuple[PersonView, ...]:
    """Persons whom this person added and may still remove (APR-13)."""
    own = {each.id for each in node.assignments if each.person == viewer().id}
    mine = [
        each.person for each in node.assignments if each.parent in own and each.source in ADDED and each.state in OPEN
    ]
    return tuple(persons.many(work, mine).values())


def address(task_id: int) -> str:
    """Where the task is shown beside the list."""
    return url_for("inbox.index", task=task_id)
