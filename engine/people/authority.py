"""The authority matrix 权责: who initiates, reviews, approves … which kind of work, by type of unit and mode."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Integer, Row, String, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel.database import Base, Key
from engine.kernel.errors import InvalidInput
from engine.kernel.findings import Finding
from engine.kernel.work import Work
from engine.people.org_rows import ControlMode


class Duty(StrEnum):
    """What somebody does for a kind of work (REQ-018 to REQ-026); R carries an order number."""

    INITIATE = "I"
    REVIEW = "R"
    PARTICIPATE = "P"
    APPROVE = "A"
    FILE = "F"
    ARCHIVE = "AR"
    SUPERVISE = "S"
    EXECUTE = "E"
    FEEDBACK = "FB"


class Condition(StrEnum):
    """When a duty holds, beside type of unit and mode (`domain.md` §4, §9)."""

    ALWAYS = ""
    KEY = "KEY"  # a key item changes
    FINANCE = "FINANCE"  # a finance category is touched
    OTHER = "OTHER"  # none is
    ANNUAL = "ANNUAL"  # a year's letter
    MAJOR = "MAJOR"  # a year's letter, a key item, or more weight than the regulation's limit


class WorkItemTypeRow(Base):
    """关键工作项: a kind of work that the matrix speaks of (REQ-017)."""

    __tablename__ = "work_item_type"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    category: Mapped[str] = mapped_column(String(40), default="")


class AuthorityRow(Base):
    """One cell of the matrix; an empty type of unit or mode means any."""

    __tablename__ = "authority"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    type_id: Mapped[int] = mapped_column(Key, ForeignKey("work_item_type.id"), index=True)
    org_type: Mapped[str | None] = mapped_column(String(16))
    control_mode: Mapped[str | None] = mapped_column(String(12))
    duty: Mapped[str] = mapped_column(String(2))
    position: Mapped[int | None] = mapped_column(Integer)
    actor: Mapped[str] = mapped_column(String(200))
    is_primary: Mapped[bool] = mapped_column(Boolean, default=False)
    article: Mapped[str] = mapped_column(String(80), default="")
    condition: Mapped[str] = mapped_column(String(12), default="", server_default="")


@dataclass(frozen=True)
class Authority:
    """One duty for one kind of work. `actor` names a role (`OPS`), a position (`岗位:成本经理`) or a FEEL text (`=…`).

    `order` numbers reviews; `primary` marks 主责 among those who execute (REQ-027); `article` cites the rule;
    `condition` says when it holds.
    """

    type: str
    duty: Duty
    actor: str
    org_type: str | None = None
    control_mode: str | None = None
    order: int | None = None
    primary: bool = False
    article: str = ""
    condition: Condition = Condition.ALWAYS


@dataclass(frozen=True)
class WorkItemType:
    """A kind of work."""

    code: str
    name: str
    category: str = ""


def types(work: Work) -> tuple[WorkItemType, ...]:
    """All kinds of work, by code."""
    rows = work.session.execute(select(WorkItemTypeRow.__table__).order_by(WorkItemTypeRow.code)).all()
    return tuple(WorkItemType(row.code, row.name, row.category) for row in rows)


def of(work: Work, type: str, *, org_type: str | None = None, mode: str | None = None) -> tuple[Authority, ...]:  # noqa: A002
    """The duties for a kind of work; with `org_type` or `mode` only the rows that hold there. R rows in their order."""
    rows = [row for row in everyone(work) if row.type == type]
    fitting = [
        row
        for row in rows
        if (org_type is None or row.org_type in (None, org_type)) and (mode is None or row.control_mode in (None, mode))
    ]
    return tuple(sorted(fitting, key=lambda row: (list(Duty).index(row.duty), row.order or 0)))


def everyone(work: Work) -> tuple[Authority, ...]:
    """The whole matrix."""
    wanted = (
        select(AuthorityRow.__table__, WorkItemTypeRow.code)
        .join(WorkItemTypeRow, WorkItemTypeRow.id == AuthorityRow.type_id)
        .order_by(WorkItemTypeRow.code, AuthorityRow.id)
    )
    return tuple(_authority(row) for row in work.session.execute(wanted))


def check(rows: Iterable[Authority]) -> list[Finding]:
    """What breaks the matrix: one primary 主责 E, at least one A, no review number twice (`domain.md` §1).

    Looked at for each kind of work, for each type of unit that a row names, and for every mode once a row names one.
    """
    matrix = tuple(rows)
    findings = []
    for kind in sorted({row.type for row in matrix}):
        of_kind = [row for row in matrix if row.type == kind]
        for org_type, mode in _scopes(of_kind):
            fitting = [row for row in of_kind if row.org_type in (None, org_type or None)]
            fitting = [row for row in fitting if row.control_mode in (None, mode or None)]
            findings += _check_one("/".join(filter(None, (kind, org_type, mode))), fitting)
    return findings


def replace(work: Work, kinds: Iterable[WorkItemType], rows: Iterable[Authority]) -> None:
    """Puts this matrix in the place of the old one. Raises InvalidInput with the findings when it breaks a rule."""
    matrix = tuple(rows)
    findings = check(matrix)
    if findings:
        raise InvalidInput("authority.broken", findings[0].message + ": " + findings[0].remedy, findings=findings)
    ids = {kind.code: _keep(work, kind) for kind in kinds}
    unknown = sorted({row.type for row in matrix} - set(ids))
    if unknown:
        raise InvalidInput("authority.type", f"work item type {unknown[0]} is not known: add it", type=unknown[0])
    work.session.execute(delete(AuthorityRow))
    if matrix:
        work.session.execute(insert(AuthorityRow), [_values(row, ids) for row in matrix])


def _authority(row: Row[Any]) -> Authority:
    scope = (row.org_type, row.control_mode)
    condition = Condition(row.condition or "")
    return Authority(row.code, Duty(row.duty), row.actor, *scope, row.position, row.is_primary, row.article, condition)


def _scopes(rows: list[Authority]) -> list[tuple[str, str]]:
    types = sorted({row.org_type or "" for row in rows} | {""})
    modes = [str(mode) for mode in ControlMode] if any(row.control_mode for row in rows) else [""]
    return [(org_type, mode) for org_type in types for mode in modes]


def _check_one(element: str, rows: list[Authority]) -> list[Finding]:
    findings = []
    leads = sum(row.duty == Duty.EXECUTE and row.primary for row in rows)
    if leads != 1:
        findings.append(
            _finding("authority.primary", element, f"{leads} primary executors (主责)", "mark exactly one E as 主责")
        )
    # an approver who is asked under a condition alone leaves the other cases without approval
    if not any(row.duty == Duty.APPROVE and not row.condition for row in rows):
        findings.append(_finding("authority.approver", element, "nobody approves (A)", "add at least one A"))
    orders = Counter(row.order for row in rows if row.duty == Duty.REVIEW and row.order is not None)
    for order, times in orders.items():
        if times > 1:
            findings.append(
                _finding("authority.order", element, f"R{order} stands {times} times", "number the reviews differently")
            )
    return findings


def _finding(code: str, element: str, message: str, remedy: str) -> Finding:
    return Finding(code, "error", element, f"{element}: {message}", remedy)


def _keep(work: Work, kind: WorkItemType) -> int:
    known = work.session.execute(select(WorkItemTypeRow.id).where(WorkItemTypeRow.code == kind.code)).scalar()
    values = {"name": kind.name, "category": kind.category}
    if known is not None:
        work.session.execute(update(WorkItemTypeRow).where(WorkItemTypeRow.id == known).values(**values))
        return known
    made = insert(WorkItemTypeRow).values(code=kind.code, **values)
    return int(work.session.execute(made.returning(WorkItemTypeRow.id)).scalar_one())


def _values(row: Authority, ids: Mapping[str, int]) -> dict[str, Any]:
    return {
        "type_id": ids[row.type],
        "org_type": row.org_type,
        "control_mode": row.control_mode,
        "duty": row.duty,
        "position": row.order,
        "actor": row.actor,
        "is_primary": row.primary,
        "article": row.article,
        "condition": row.condition,
    }
