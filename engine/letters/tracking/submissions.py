"""Deliverables handed in: every version with its files and verdict."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, ForeignKey, Integer, String, Text, UniqueConstraint, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel.clock import local
from engine.kernel.database import Base, Json, Key, Moment
from engine.kernel.errors import Conflict, NotFound
from engine.kernel.work import Work
from engine.letters import rows
from engine.letters.deliverable_specs import DeliverableSpecView
from engine.letters.kinds import Stage
from engine.letters.scoring.terms import Delivery


class Verdict(StrEnum):
    """What the reviewer says: PENDING until then; 合格, 整改, 不合格."""

    PENDING = "PENDING"
    PASS = "PASS"  # noqa: S105  (a verdict, no password)
    CONDITIONAL = "CONDITIONAL"
    FAIL = "FAIL"


class SubmissionRow(Base):
    """One version of one deliverable; `cures_id` is the conditional one that it mends."""

    __tablename__ = "deliverable_submission"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    spec_id: Mapped[int] = mapped_column(Key, ForeignKey("deliverable_spec.id"), index=True)
    version: Mapped[int] = mapped_column(Integer)
    note: Mapped[str] = mapped_column(Text, default="")
    files: Mapped[Any] = mapped_column(Json, default=list)
    submitted_by_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"))
    submitted_at: Mapped[datetime] = mapped_column(Moment)
    result: Mapped[str] = mapped_column(String(12), default=Verdict.PENDING)
    comment: Mapped[str] = mapped_column(Text, default="")
    reviewed_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(Moment)
    mend_until: Mapped[date | None] = mapped_column(Date)
    cures_id: Mapped[int | None] = mapped_column(Key, ForeignKey("deliverable_submission.id"))

    __table_args__ = (UniqueConstraint("spec_id", "version"),)


@dataclass(frozen=True)
class SubmissionView:
    """A version; `files` are ids. `mend_until` is the last day for mending a CONDITIONAL one."""

    id: int
    spec: int
    version: int
    note: str
    files: tuple[str, ...]
    submitted_by: int
    submitted_at: datetime
    result: Verdict
    comment: str = ""
    reviewed_by: int | None = None
    reviewed_at: datetime | None = None
    mend_until: date | None = None
    cures: int | None = None


def view(work: Work, submission: int) -> SubmissionView:
    """The submission. Raises NotFound."""
    row = work.session.execute(select(SubmissionRow.__table__).where(SubmissionRow.id == submission)).one_or_none()
    if row is None:
        raise NotFound("submission.unknown", f"there is no submission {submission}", submission=submission)
    return rows.view(SubmissionView, row)


def of_specs(work: Work, specs: Iterable[int]) -> Mapping[int, tuple[SubmissionView, ...]]:
    """The versions of each deliverable, newest first; those never handed in are missing."""
    wanted = select(SubmissionRow.__table__).where(SubmissionRow.spec_id.in_(sorted(set(specs))))
    grouped: dict[int, tuple[SubmissionView, ...]] = {}
    for row in work.session.execute(wanted.order_by(SubmissionRow.version.desc())):
        grouped[row.spec_id] = (*grouped.get(row.spec_id, ()), rows.view(SubmissionView, row))
    return grouped


def add(work: Work, spec: int, note: str, files: Sequence[str], *, actor: int) -> SubmissionView:
    """The next version of a deliverable; it mends the one before where that was CONDITIONAL."""
    before = of_specs(work, [spec]).get(spec, ())
    cures = before[0].id if before and before[0].result is Verdict.CONDITIONAL else None
    values = {
        "spec_id": spec,
        "version": before[0].version + 1 if before else 1,
        "note": note,
        "files": list(files),
        "submitted_by_id": actor,
        "submitted_at": work.now,
        "cures_id": cures,
    }
    made = insert(SubmissionRow).values(**values).returning(SubmissionRow.id)
    return view(work, int(work.session.execute(made).scalar_one()))


def judge(
    work: Work, known: SubmissionView, result: Verdict, **values: Any
) -> SubmissionView:  # columns of the verdict
    """Give the verdict. Raises Conflict where somebody was faster."""
    pending = update(SubmissionRow).where(SubmissionRow.id == known.id, SubmissionRow.result == Verdict.PENDING)
    changed = work.session.execute(pending.values(result=result, reviewed_at=work.now, **values))
    if not changed.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has one
        now = view(work, known.id)
        raise Conflict(
            "submission.judged",
            f"version {known.version} was already judged {now.result}",
            version=known.version,
            result=str(now.result),
            by=now.reviewed_by,
            at=now.reviewed_at,
        )
    return view(work, known.id)


def delivery(spec: DeliverableSpecView, due: date, versions: Sequence[SubmissionView]) -> Delivery:
    """How a deliverable stands for scoring: the accepted version with its day, else the newest one.

    A version that mends a conditional one in time keeps the first one's day (domain.md §6).
    """
    passed = next((version for version in versions if version.result is Verdict.PASS), None)
    chosen = passed or (versions[0] if versions else None)
    if chosen is None:
        return Delivery(spec.name, due, weight=spec.weight, final=spec.stage is Stage.FINAL)
    first, cured = _mended(chosen, versions)
    return Delivery(
        name=spec.name,
        due=due,
        submitted=local(first.submitted_at).date(),
        result=str(chosen.result),
        cured=cured,
        weight=spec.weight,
        final=spec.stage is Stage.FINAL,
    )


def _mended(chosen: SubmissionView, versions: Sequence[SubmissionView]) -> tuple[SubmissionView, bool]:
    known = {version.id: version for version in versions}
    before = known.get(chosen.cures or 0)
    in_time = before and before.mend_until and local(chosen.submitted_at).date() <= before.mend_until
    return (before, True) if before and in_time else (chosen, False)
