"""Versions of the matrix: saved with a note, in force from a moment on, each the table that approvals ask from then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, Integer, String, Table, Text, func, select, update

from engine.kernel import audit
from engine.kernel.database import Base, Json, Key, Moment
from engine.kernel.errors import InvalidInput, NotFound
from engine.kernel.findings import Finding
from engine.kernel.work import Work
from engine.letters import regulations
from engine.letters.matrix import rendering, vocabulary
from engine.letters.parameters import Parameters
from engine.people import authority, orgs, rights
from engine.people.authority import Authority, Condition, Duty, WorkItemType
from engine.people.roles import Role
from engine.workflow import definitions, diagrams, programs
from engine.workflow.engine import Engine

PROCESS = "approval"
CHANGERS = (Role.PROCESS_OWNER, Role.OPS_HEAD, Role.ADMIN)

authority_version = Table(
    "authority_version",
    Base.metadata,
    Column("id", Key, primary_key=True),
    Column("no", Integer, nullable=False, unique=True),
    Column("status", String(10), nullable=False),
    Column("effective_at", Moment, nullable=False),
    Column("kinds", Json, nullable=False),
    Column("rows", Json, nullable=False),
    Column("note", Text, nullable=False),
    Column("definition_version", Integer),
    Column("made_at", Moment, nullable=False),
    Column("made_by", Key),
    Index("ix_authority_version_due", "status", "effective_at"),
)


class VersionState(StrEnum):
    """PLANNED waits for its moment; one is EFFECTIVE; RETIRED ones are history."""

    PLANNED = "PLANNED"
    EFFECTIVE = "EFFECTIVE"
    RETIRED = "RETIRED"


@dataclass(frozen=True)
class MatrixVersion:
    """A saved matrix; `definition_version` is the version of the process `approval` that carries it as a table."""

    id: int
    no: int
    status: VersionState
    effective_at: datetime
    note: str
    by: int | None
    made_at: datetime
    definition_version: int | None
    kinds: tuple[WorkItemType, ...] = ()
    rows: tuple[Authority, ...] = ()


@dataclass(frozen=True)
class Saving:
    """A matrix to be saved; without a moment it is in force at once."""

    kinds: tuple[WorkItemType, ...]
    rows: tuple[Authority, ...]
    note: str
    effective_at: datetime | None = None


def findings(kinds: Sequence[WorkItemType], rows: Iterable[Authority]) -> list[Finding]:
    """What keeps a matrix from being saved: the rules of the matrix, and kinds of work that approvals need."""
    matrix = tuple(rows)
    known = {row.type for row in matrix}
    missing = [kind for kind in vocabulary.ROUTED if kind not in known]
    told = [
        Finding(
            "authority.missing",
            "error",
            kind,
            f"{kind}: nobody stands in the matrix",
            "take its template, or name who does what",
            {"kind": kind},
        )
        for kind in missing
    ]
    named = {kind.code for kind in kinds}
    unnamed = sorted(known - named)
    if unnamed:
        told.append(
            Finding("authority.type", "error", unnamed[0], f"{unnamed[0]} has no name", "name it", {"type": unnamed[0]})
        )
    return [*told, *authority.check(matrix)]


def save(engine: Engine, wanted: Saving, actor: int) -> MatrixVersion:
    """Keeps the matrix as the next version: at once as the table that approvals ask, or when its moment comes.

    Instances that run keep the table they started with. Raises NotAllowed, InvalidInput with the findings, or for a
    moment gone by, BadDefinition where the process cannot take the table.
    """
    found = findings(wanted.kinds, wanted.rows)
    if found:
        text = f"{found[0].message}: {found[0].remedy}"
        raise InvalidInput("authority.broken", text, findings=found)
    with engine.start_work() as work:
        rights.require(work, actor, *CHANGERS)
        if not wanted.note.strip():
            raise InvalidInput("authority.note", "say what changes and why", field="note")
        if wanted.effective_at is not None and wanted.effective_at < work.now:
            raise InvalidInput("authority.moment", "this moment has passed: choose a later one", field="effective_at")
        made = _keep(work, wanted, actor)
        _compiled(work, wanted.rows)  # what could not be used when its moment comes is refused now
        if wanted.effective_at is None:
            _put_in_force(work, view(work, made), actor)
        work.commit()
    with engine.start_work(reading=True) as work:
        return view(work, made)


def put_in_force_due(engine: Engine) -> int:
    """One step: versions whose moment has come become the table that approvals ask; how many."""
    with engine.start_work(reading=True) as work:
        found = _due(work)
    if not found:
        return 0
    with engine.start_work() as work:
        found = _due(work)  # another process may have done them meanwhile
        for version in found:
            known = view(work, version)
            _put_in_force(work, known, known.by)
        work.commit()
    return len(found)


def call_off(engine: Engine, version: int, actor: int) -> None:
    """A planned version will not come. Raises NotAllowed, NotFound once it has."""
    with engine.start_work() as work:
        rights.require(work, actor, *CHANGERS)
        planned = (authority_version.c.id == version, authority_version.c.status == VersionState.PLANNED)
        ended = update(authority_version).where(*planned).values(status=VersionState.RETIRED)
        no = work.connection.execute(ended.returning(authority_version.c.no)).scalar()
        if no is None:
            raise NotFound("authority.version", "this version has come, or is not there", version=version)
        audit.append(work, "authority", "authority.called_off", actor=actor, detail={"no": no})
        work.commit()


def view(work: Work, version: int) -> MatrixVersion:
    """The version with its rows. Raises NotFound."""
    row = work.connection.execute(select(authority_version).where(authority_version.c.id == version)).first()
    if row is None:
        raise NotFound("authority.version", f"there is no version {version} of the matrix", version=version)
    return _view(row, whole=True)


def in_force(work: Work) -> MatrixVersion | None:
    """The version that approvals follow now; None until the first is saved."""
    row = work.connection.execute(
        select(authority_version).where(authority_version.c.status == VersionState.EFFECTIVE)
    ).first()
    return None if row is None else _view(row, whole=True)


def everyone(work: Work, limit: int = 50) -> tuple[MatrixVersion, ...]:
    """The versions without their rows, the newest first."""
    query = select(authority_version).order_by(authority_version.c.no.desc()).limit(limit)
    return tuple(_view(row, whole=False) for row in work.connection.execute(query))


def present(work: Work) -> tuple[tuple[WorkItemType, ...], tuple[Authority, ...]]:
    """The kinds and rows to begin with: what is in force, else the matrix on record, completed by the templates."""
    known = in_force(work)
    if known is not None:
        return known.kinds, known.rows
    rows, kinds = authority.everyone(work), authority.types(work)
    there, named = {row.type for row in rows}, {kind.code for kind in kinds}
    missing = tuple(row for row in vocabulary.whole_template() if row.type not in there)
    return (*kinds, *(kind for kind in vocabulary.KINDS if kind.code not in named)), (*rows, *missing)


def tables(work: Work, rows: Iterable[Authority]) -> dict[str, bytes]:
    """The files of the active process `approval` with this matrix as its table. Raises NotFound, BadDefinition."""
    files = definitions.files(work, definitions.current(work, PROCESS).id)
    known = regulations.find_in_force(work, work.now.date())
    limit = (known.parameters if known else Parameters()).adjusting.high_weight
    table = files.get(rendering.TABLE, b"<none/>")
    return {**files, rendering.TABLE: rendering.render(table, rows, orgs.codes(work), limit)}


def _due(work: Work) -> list[int]:
    due = select(authority_version.c.id).where(
        authority_version.c.status == VersionState.PLANNED, authority_version.c.effective_at <= work.now
    )
    return list(work.connection.execute(due.order_by(authority_version.c.effective_at)).scalars())


def _compiled(work: Work, rows: Iterable[Authority]) -> None:
    files = tables(work, rows)
    programs.compile_with(work, diagrams.identify(files, PROCESS), files)


def _put_in_force(work: Work, version: MatrixVersion, actor: int | None) -> None:
    files = tables(work, version.rows)
    deployed = definitions.deploy_in(work, diagrams.identify(files, PROCESS), files, actor=actor)
    authority.replace(work, version.kinds, version.rows)
    effective = authority_version.c.status == VersionState.EFFECTIVE
    work.connection.execute(update(authority_version).where(effective).values(status=VersionState.RETIRED))
    now = {"status": VersionState.EFFECTIVE, "definition_version": deployed.version}
    work.connection.execute(update(authority_version).where(authority_version.c.id == version.id).values(**now))
    detail = {"no": version.no, "definition_version": deployed.version, "note": version.note}
    audit.append(work, "authority", "authority.in_force", actor=actor, detail=detail)


def _keep(work: Work, wanted: Saving, actor: int) -> int:
    number = work.connection.execute(select(func.coalesce(func.max(authority_version.c.no), 0))).scalar_one() + 1
    values = {
        "no": number,
        "status": VersionState.PLANNED,
        "effective_at": wanted.effective_at or work.now,
        "kinds": [asdict(kind) for kind in wanted.kinds],
        "rows": [asdict(row) for row in wanted.rows],
        "note": wanted.note.strip(),
        "made_at": work.now,
        "made_by": actor,
    }
    detail = {"no": number, "rows": len(wanted.rows), "effective_at": values["effective_at"], "note": wanted.note}
    audit.append(work, "authority", "authority.saved", actor=actor, detail=detail)
    made = authority_version.insert().returning(authority_version.c.id)
    return int(work.connection.execute(made, values).scalar_one())


def _view(row: Any, *, whole: bool) -> MatrixVersion:
    kinds = tuple(WorkItemType(**kind) for kind in row.kinds) if whole else ()
    rows = tuple(row_of(each) for each in row._mapping[authority_version.c.rows]) if whole else ()
    state = VersionState(row.status)
    told = (row.id, row.no, state, row.effective_at, row.note, row.made_by, row.made_at, row.definition_version)
    return MatrixVersion(*told, kinds, rows)


def row_of(said: Mapping[str, Any]) -> Authority:
    """A row as it is kept. Raises ValueError for a duty or condition that there is none of."""
    words = {"duty": Duty(said["duty"]), "condition": Condition(said.get("condition") or "")}
    return Authority(**{**said, **words})
