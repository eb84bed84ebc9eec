"""The ledger 台账: letters as a list shows them, with where each one waits and how it stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, func, select

from engine.approvals.tables import assignment
from engine.kernel.work import Work
from engine.letters import access, deadlines, groups, items, letters, rows, weights
from engine.letters.kinds import Level
from engine.letters.letters import LetterRow, LetterView
from engine.letters.states import LetterState
from engine.letters.watching.levels import WarningLevel
from engine.letters.watching.states import WARNING_OPEN
from engine.letters.watching.warnings import WarningRow
from engine.people import orgs, persons
from engine.people.orgs import OrgRow


@dataclass(frozen=True)
class Wanted:
    """What a list is asked for; empty means any. `text` is part of a number, title or organisation."""

    period: str = ""
    level: Level | None = None
    status: LetterState | None = None
    org: int | None = None
    text: str = ""
    late: bool = False
    warning: WarningLevel | None = None
    stage: tuple[LetterState, ...] = ()


@dataclass(frozen=True)
class Waits:
    """Whom a letter waits for, and until when."""

    person: str
    due: datetime | None


@dataclass(frozen=True)
class Line:
    """One letter of the ledger; `weight` is what its items sum to, `warning` the gravest open one."""

    letter: LetterView
    org_name: str
    weight: Decimal
    waits: Sequence[Waits]
    warning: WarningLevel | None
    submit_due: datetime | None
    late: bool


PAGE = 50
_OPEN_DRAFT = (LetterState.DRAFT, LetterState.RETURNED)


def page(work: Work, person: int, wanted: Wanted, *, offset: int = 0, limit: int = PAGE) -> tuple[Sequence[Line], bool]:
    """The letters this person may see, newest period first, without superseded versions; whether there are more."""
    query = _filtered(access.letters_of(work, person), wanted)
    if wanted.late:
        query = query.where(_is_late(work))
    ordered = query.order_by(LetterRow.starts_on.desc(), OrgRow.code, LetterRow.version.desc(), LetterRow.id.desc())
    found = [rows.view(LetterView, row) for row in work.session.execute(ordered.offset(offset).limit(limit + 1))]
    return _lines(work, found[:limit]), len(found) > limit


def following(  # noqa: PLR0913  (who asks, for what, from where, how many)
    work: Work, person: int, wanted: Wanted, *, after: int | None = None, newest: bool = True, limit: int = PAGE
) -> Sequence[Line]:
    """The letters this person may see in the order of their making, from behind the letter `after` on."""
    query = _filtered(access.letters_of(work, person), wanted).limit(limit)
    query = query.order_by(LetterRow.id.desc() if newest else LetterRow.id)
    if after is not None:
        query = query.where(LetterRow.id < after if newest else LetterRow.id > after)
    return _lines(work, [rows.view(LetterView, row) for row in work.session.execute(query)])


def search(work: Work, person: int, text: str, limit: int) -> Sequence[tuple[LetterView, str]]:
    """Letters this person may see by number, title or organisation (its pinyin too), newest first; with its name."""
    query = _filtered(access.letters_of(work, person), Wanted(text=text)).add_columns(OrgRow.name.label("org_name"))
    ordered = query.order_by(LetterRow.starts_on.desc(), LetterRow.id.desc()).limit(limit)
    return [(rows.view(LetterView, row), row.org_name) for row in work.session.execute(ordered)]


def counts(work: Work, person: int, wanted: Wanted) -> Mapping[LetterState, int]:
    """How many letters stand in which state, whatever state the list is asked for."""
    inner = _filtered(access.letters_of(work, person), replace(wanted, status=None, stage=())).subquery()
    found = work.session.execute(select(inner.c.status, func.count()).group_by(inner.c.status))
    return {LetterState(status): count for status, count in found}


def late(work: Work, person: int, wanted: Wanted) -> int:
    """How many drafts of the list should have been handed in, whatever state the list is asked for."""
    base = _filtered(access.letters_of(work, person), replace(wanted, status=None, stage=())).where(_is_late(work))
    return int(work.session.execute(select(func.count()).select_from(base.subquery())).scalar_one())


def _is_late(work: Work) -> ColumnElement[bool]:
    """A draft whose day to be handed in is over; an organisation's own deadline goes before everybody's."""
    row = deadlines.DeadlineRow
    same = select(row.due).where(
        row.level == LetterRow.level, row.period == LetterRow.period, row.step == deadlines.Step.SUBMIT
    )
    own = same.where(row.org_id == LetterRow.org_id).scalar_subquery()
    shared = same.where(row.org_id.is_(None)).scalar_subquery()
    unsent = LetterRow.status.in_(_OPEN_DRAFT) & LetterRow.submitted_at.is_(None)
    return unsent & (func.coalesce(own, shared) < work.now)


def periods(work: Work, person: int) -> Sequence[tuple[Level, str]]:
    """The periods in which this person sees letters, newest first."""
    wanted = select(LetterRow.level, LetterRow.period, func.max(LetterRow.starts_on))
    visible = wanted.where(access.visible_to(work, person)).group_by(LetterRow.level, LetterRow.period)
    found = work.session.execute(visible.order_by(func.max(LetterRow.starts_on).desc(), LetterRow.level))
    return [(Level(row.level), row.period) for row in found]


def of_units(work: Work, person: int, units: Iterable[int], limit: int = 6) -> Sequence[Line]:
    """The letters of these units that are on their way or in force, as the person may see them, newest period first."""
    wanted = access.letters_of(work, person).where(LetterRow.org_id.in_(sorted(set(units))))
    alive = wanted.where(LetterRow.status.not_in((LetterState.VOID, LetterState.SUPERSEDED, LetterState.CLOSED)))
    ordered = alive.order_by(LetterRow.starts_on.desc(), LetterRow.id.desc()).limit(limit)
    return _lines(work, [rows.view(LetterView, row) for row in work.session.execute(ordered)])


def above(work: Work, person: int, letter: LetterView) -> Sequence[Line]:
    """The letters that this one serves, the highest first, as far up as this person may see."""
    ids: list[int] = []
    upper = letter.parent
    while upper is not None and upper not in ids:
        ids.insert(0, upper)
        upper = letters.view(work, upper).parent
    wanted = access.letters_of(work, person).where(LetterRow.id.in_(ids))
    found = {row.id: rows.view(LetterView, row) for row in work.session.execute(wanted)}
    return _lines(work, [found[each] for each in ids if each in found])


def below(work: Work, person: int, letter: int) -> Sequence[Line]:
    """The letters that serve this one, as this person may see them, newest period first; without superseded ones."""
    wanted = access.letters_of(work, person).where(
        LetterRow.parent_id == letter, LetterRow.status.not_in((LetterState.SUPERSEDED, LetterState.VOID))
    )
    ordered = wanted.order_by(LetterRow.starts_on.desc(), LetterRow.org_id)
    return _lines(work, [rows.view(LetterView, row) for row in work.session.execute(ordered.limit(PAGE * 4))])


def waits(work: Work, found: Sequence[LetterView]) -> Mapping[int, Sequence[Waits]]:
    """Whom each letter's process waits for, by letter."""
    by_instance = {letter.instance: letter.id for letter in found if letter.instance is not None}
    wanted = select(assignment.c.instance_id, assignment.c.person_id, assignment.c.due_at).where(
        assignment.c.instance_id.in_(by_instance), assignment.c.state.in_(("PENDING", "POOLED"))
    )
    lines = list(work.connection.execute(wanted.order_by(assignment.c.id)))
    names = persons.names(work, [line.person_id for line in lines])
    told: dict[int, list[Waits]] = {}
    for line in lines:
        told.setdefault(by_instance[line.instance_id], []).append(Waits(names.get(line.person_id, ""), line.due_at))
    return told


def _filtered(query: Select, wanted: Wanted) -> Select:  # type: ignore[type-arg]  # rows of `letter`
    query = query.join(OrgRow, OrgRow.id == LetterRow.org_id).where(LetterRow.status != LetterState.SUPERSEDED)
    if wanted.period:
        query = query.where(LetterRow.period == wanted.period)
    if wanted.level is not None:
        query = query.where(LetterRow.level == wanted.level)
    if wanted.status is not None:
        query = query.where(LetterRow.status == wanted.status)
    if wanted.org is not None:
        query = query.where(LetterRow.org_id == wanted.org)
    if wanted.stage:
        query = query.where(LetterRow.status.in_(wanted.stage))
    if wanted.warning is not None:
        open_ones = select(WarningRow.letter_id).where(
            WarningRow.level == wanted.warning, WarningRow.status.in_(WARNING_OPEN)
        )
        query = query.where(LetterRow.id.in_(open_ones))
    if wanted.text.strip():
        sought = wanted.text.strip()
        query = query.where(
            LetterRow.no.contains(sought, autoescape=True)
            | LetterRow.title.contains(sought, autoescape=True)
            | OrgRow.name.contains(sought, autoescape=True)
            | OrgRow.initials.contains(sought.lower(), autoescape=True)
            | OrgRow.pinyin.startswith(sought.lower(), autoescape=True)
        )
    return query


def _lines(work: Work, found: Sequence[LetterView]) -> list[Line]:
    units = orgs.many(work, [letter.org for letter in found])
    waiting = waits(work, found)
    grave = _gravest(work, [letter.id for letter in found])
    ids = [letter.id for letter in found]
    rows_of, blocks_of = items.weighed(work, ids), groups.of_many(work, ids)
    dues = deadlines.of_step(work, deadlines.Step.SUBMIT, {letter.period for letter in found})
    made = []
    for letter in found:
        key = (letter.level, letter.period)
        due = dues.get((*key, letter.org)) or dues.get((*key, None))
        late = letter.status in _OPEN_DRAFT and letter.submitted_at is None and due is not None and due < work.now
        effective = weights.effective(rows_of.get(letter.id, ()), blocks_of.get(letter.id, ()), letter.full_score)
        weight = weights.total(effective)
        name = units[letter.org].name
        made.append(Line(letter, name, weight, waiting.get(letter.id, ()), grave.get(letter.id), due, late))
    return made


def _gravest(work: Work, found: Sequence[int]) -> Mapping[int, WarningLevel]:
    wanted = select(WarningRow.letter_id, WarningRow.level).where(
        WarningRow.letter_id.in_(found), WarningRow.status.in_(WARNING_OPEN)
    )
    grave: dict[int, WarningLevel] = {}
    for row in work.session.execute(wanted):
        level = WarningLevel(row.level)
        if row.letter_id not in grave or level.rank > grave[row.letter_id].rank:
            grave[row.letter_id] = level
    return grave


def version_list(work: Work, letter: LetterView) -> Sequence[LetterView]:
    """All versions of a letter, newest first."""
    return letters.versions(work, letter.org, letter.level, letter.period)
