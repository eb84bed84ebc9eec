"""Regulations 制度: versions of articles and parameters; what is approved never changes again (REQ-048…052)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Date, ForeignKey, String, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel import audit
from engine.kernel.clock import local
from engine.kernel.database import Base, Json, Key, Moment
from engine.kernel.errors import Conflict, InvalidInput, NotFound
from engine.kernel.work import Work
from engine.letters import parameters, rows, states
from engine.letters.parameters import Parameters
from engine.letters.states import RegulationState


class RegulationRow(Base):
    """One version of the rules; letters name the version they were created under."""

    __tablename__ = "regulation"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    no: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    articles: Mapped[Any] = mapped_column(Json, default=list)  # [{"no": "14", "text": …, "names": ["INTERP"]}]
    params: Mapped[Any] = mapped_column(Json, default=dict)
    effective_from: Mapped[date | None] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(12), default=RegulationState.DRAFT)
    previous_id: Mapped[int | None] = mapped_column(Key, ForeignKey("regulation.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    submitted_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    approved_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))


@dataclass(frozen=True)
class RegulationView:
    """A regulation; `parameters` are complete (what it does not set has its default).

    An article is {no, text, names}: `names` are what cites it (`INTERP`, `late`, `adjusting`, `3.1` for a draft rule).
    """

    id: int
    no: str
    title: str
    articles: tuple[Mapping[str, Any], ...]
    params: Mapping[str, Any]
    effective_from: date | None
    status: RegulationState
    previous: int | None
    submitted_at: datetime | None = None
    submitted_by: int | None = None
    approved_by: int | None = None
    parameters: Parameters = field(default_factory=Parameters)


def view(work: Work, regulation: int) -> RegulationView:
    """The regulation. Raises NotFound."""
    row = work.session.execute(select(RegulationRow.__table__).where(RegulationRow.id == regulation)).one_or_none()
    if row is None:
        raise NotFound("regulation.unknown", f"there is no regulation {regulation}", regulation=regulation)
    return _view(row)


def in_force(work: Work, on: date | None = None) -> RegulationView:
    """The regulation in force on that day (today when None). Raises NotFound when the group has none yet."""
    day = on or local(work.now).date()
    found = find_in_force(work, day)
    if found is None:
        raise NotFound(
            "regulation.none", f"no regulation is in force on {day}: approve one effective by then", day=str(day)
        )
    return found


def find_in_force(work: Work, day: date) -> RegulationView | None:
    """The regulation in force on that day, None where there is none."""
    wanted = (
        select(RegulationRow.__table__)
        .where(RegulationRow.status == RegulationState.EFFECTIVE, RegulationRow.effective_from <= day)
        .order_by(RegulationRow.effective_from.desc(), RegulationRow.id.desc())
        .limit(1)
    )
    row = work.session.execute(wanted).one_or_none()
    return None if row is None else _view(row)


def everyone(work: Work) -> tuple[RegulationView, ...]:
    """Every version, the newest first."""
    found = work.session.execute(select(RegulationRow.__table__).order_by(RegulationRow.id.desc()))
    return tuple(_view(row) for row in found)


def add(  # noqa: PLR0913  (a regulation is made of these)
    work: Work,
    *,
    no: str,
    title: str,
    params: Mapping[str, Any],
    articles: tuple[Mapping[str, Any], ...] = (),
    effective_from: date | None = None,
    previous: int | None = None,
    actor: int | None = None,
) -> int:
    """A new draft; its id. Raises InvalidInput for parameters out of bounds."""
    checked = parameters.dump(parameters.load(params))
    values = {
        "no": no,
        "title": title,
        "articles": list(articles),
        "params": checked,
        "effective_from": effective_from,
        "previous_id": previous,
        "created_at": work.now,
    }
    made = insert(RegulationRow).values(status=RegulationState.DRAFT, **values).returning(RegulationRow.id)
    regulation: int = work.session.execute(made).scalar_one()
    audit.append(work, f"regulation:{regulation}", "regulation.added", actor=actor, detail={"no": no})
    return regulation


def change(work: Work, regulation: int, params: Mapping[str, Any], *, actor: int) -> None:
    """Replaces a draft's parameters. Raises Conflict once it is approved: letters are frozen onto it."""
    known = view(work, regulation)
    if known.status is not RegulationState.DRAFT:
        raise Conflict(
            "regulation.frozen", f"regulation {known.no} is {known.status}: make a new version of it", no=known.no
        )
    checked = parameters.dump(parameters.load(params))
    work.session.execute(update(RegulationRow).where(RegulationRow.id == regulation).values(params=checked))
    audit.append(work, f"regulation:{regulation}", "regulation.changed", actor=actor)


def approve(work: Work, regulation: int, *, actor: int | None) -> None:
    """DRAFT → APPROVED. Raises Conflict in another state, InvalidInput where it would change an open period.

    PRINCIPLE parameters change only with a fiscal year, TUNABLE ones only with a month (REQ-050, REQ-052).
    """
    known = view(work, regulation)
    states.check(states.REGULATION_MOVES, known.status, RegulationState.APPROVED, thing="regulation")
    refuse_inside_period(work, known)
    _move(work, known, RegulationState.APPROVED, actor)


def put_in_force(work: Work, regulation: int, *, actor: int | None) -> None:
    """APPROVED → EFFECTIVE from its day on; the one before it stays for the letters that were created under it."""
    known = view(work, regulation)
    states.check(states.REGULATION_MOVES, known.status, RegulationState.EFFECTIVE, thing="regulation")
    if known.effective_from is None:
        raise InvalidInput("regulation.no_date", f"regulation {known.no} has no day from which it is in force")
    _move(work, known, RegulationState.EFFECTIVE, actor)


def refuse_inside_period(work: Work, new: RegulationView) -> None:
    """Raises InvalidInput where a version would change what counts inside an open period (REQ-050, REQ-052)."""
    if new.previous is None:
        return
    old, start = view(work, new.previous).parameters, new.effective_from
    if start is None:
        raise InvalidInput("regulation.no_date", f"regulation {new.no} has no day from which it is in force")
    differing = parameters.changed(old, new.parameters)
    principles = sorted(name for name, kind in differing.items() if kind == "PRINCIPLE")
    year_start = (old.cycle.fiscal_year_start, 1)
    if principles and (start.month, start.day) != year_start:
        raise InvalidInput(
            "regulation.principle",
            f"{', '.join(principles)} may change only with a year: make it effective on month {year_start[0]} day 1",
            parameters=principles,
            month=year_start[0],
        )
    if differing and start.day != 1:
        raise InvalidInput(
            "regulation.open_period", f"parameters change only with a period: {start} is not the first of a month"
        )


def _move(work: Work, known: RegulationView, to: RegulationState, actor: int | None) -> None:
    moved = update(RegulationRow).where(RegulationRow.id == known.id, RegulationRow.status == known.status)
    work.session.execute(moved.values(status=to))
    detail = {"before": known.status, "after": to}
    audit.append(work, f"regulation:{known.id}", "regulation.moved", actor=actor, detail=detail)


def _view(row: Any) -> RegulationView:
    loaded = _loaded(orjson.dumps(row.params, option=orjson.OPT_SORT_KEYS))
    cited = {name: article["no"] for article in row.articles or () for name in article.get("names", ())}
    rules = replace(loaded.scoring, regulation=row.no, articles=cited)
    return rows.view(RegulationView, {**row._mapping, "parameters": replace(loaded, scoring=rules)})


@lru_cache(maxsize=32)
def _loaded(params: bytes) -> Parameters:
    # every item that is watched or scored asks for its regulation; reading it costs more than all the rest
    return parameters.load(orjson.loads(params))
