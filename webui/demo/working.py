"""People who work off their inboxes: whoever has a task does what one does with it, unless the story says otherwise."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from engine.approvals.tables import assignment
from engine.kernel.errors import LetterflowError
from engine.kernel.work import Work
from engine.letters.letters import LetterRow
from engine.workflow.engine import Engine


@dataclass(frozen=True)
class Duty:
    """One open assignment: who is asked what, about which letter (None where the subject is another)."""

    task: int
    instance: int
    person: int
    node: str
    name: str
    subject: str
    letter: int | None
    org: int | None


Habit = Callable[[Engine, Duty], None]
Refusal = Callable[[Duty], bool]


@dataclass
class People:
    """Everybody with an inbox; `idle` says who lets which duty lie for now."""

    engine: Engine
    habits: Mapping[str, Habit]
    idle: list[Refusal] = field(default_factory=list)
    done: int = 0
    problems: list[str] = field(default_factory=list)
    _tried: set[tuple[int, int]] = field(default_factory=set)

    def work_off(self) -> int:
        """Everybody does what lies in their inbox, and what comes in meanwhile; how many tasks that were."""
        count = 0
        while done := sum(self._does(duty) for duty in self._due()):
            count += done
        self._tried.clear()
        self.done += count
        return count

    def waiting(self, node: str) -> list[Duty]:
        """The open duties at a node."""
        return [duty for duty in self._open() if duty.node == node]

    def _due(self) -> list[Duty]:
        """What is to be done and was not tried yet; one person for each task, since the first may end it."""
        found: dict[tuple[int, int | None], Duty] = {}
        for duty in self._open():
            tried = (duty.task, duty.person) in self._tried
            if not tried and duty.node in self.habits and not any(refuses(duty) for refuses in self.idle):
                found.setdefault((duty.task, None), duty)
        return list(found.values())

    def _does(self, duty: Duty) -> bool:
        self._tried.add((duty.task, duty.person))
        try:
            self.habits[duty.node](self.engine, duty)
        except LetterflowError as error:
            if duty not in self._open():  # somebody was faster, or one act did two tasks
                return False
            self.problems.append(f"{duty.name} ({duty.node}, {duty.subject}): {error.code}: {error.message}")
            return False
        return True

    def _open(self) -> list[Duty]:
        with self.engine.start_work(reading=True) as work:
            return list(_duties(work))


def _duties(work: Work) -> Iterator[Duty]:
    open_ones = select(assignment).where(assignment.c.state == "PENDING").order_by(assignment.c.id)
    rows = work.connection.execute(open_ones).all()
    by_instance = {row.of: row for row in _letters(work, [each.instance_id for each in rows])}
    by_id = {row.id: row for row in _subjects(work, [_about(each.subject) for each in rows])}
    for row in rows:
        letter: Any = by_instance.get(row.instance_id) or by_id.get(_about(row.subject))
        yield Duty(
            row.task_id,
            row.instance_id,
            row.person_id,
            row.node,
            row.name,
            row.subject or row.business_key or "",
            letter.id if letter else None,
            letter.org_id if letter else None,
        )


def _about(subject: str | None) -> int | None:
    kind, _, number = (subject or "").partition(":")
    return int(number) if kind == "letter" and number.isdigit() else None


def _letters(work: Work, instances: list[int]) -> Any:
    wanted = select(LetterRow.id, LetterRow.org_id, LetterRow.instance_id.label("of"))
    return work.session.execute(wanted.where(LetterRow.instance_id.in_(instances))).all()


def _subjects(work: Work, ids: list[int | None]) -> Any:
    wanted = select(LetterRow.id, LetterRow.org_id).where(LetterRow.id.in_([each for each in ids if each is not None]))
    return work.session.execute(wanted).all()
