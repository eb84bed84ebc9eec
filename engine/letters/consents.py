"""运营同意: OPS agrees to a warning of a draft, as it stood then; a changed finding needs a new word."""

import hashlib
from datetime import datetime

import orjson
from sqlalchemy import ForeignKey, String, UniqueConstraint, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel.database import Base, Key, Moment
from engine.kernel.findings import Finding
from engine.kernel.work import Work


class DraftConsentRow(Base):
    """One consent; `fingerprint` is the finding with its fields."""

    __tablename__ = "draft_consent"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    letter_id: Mapped[int] = mapped_column(Key, ForeignKey("letter.id"))
    code: Mapped[str] = mapped_column(String(60))
    fingerprint: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (UniqueConstraint("letter_id", "fingerprint"),)


def fingerprint(finding: Finding) -> str:
    """What a consent is given to; the row number does not count, since rows move."""
    fields = {key: value for key, value in finding.fields.items() if key != "row"}
    text = orjson.dumps([finding.code, finding.element, fields], default=str, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()


def given(work: Work, letter: int) -> frozenset[str]:
    """The fingerprints OPS agreed to."""
    found = select(DraftConsentRow.fingerprint).where(DraftConsentRow.letter_id == letter)
    return frozenset(work.session.execute(found).scalars())


def give(work: Work, letter: int, findings: list[Finding], *, person: int) -> int:
    """Agrees to these warnings; how many were not agreed to before."""
    known = given(work, letter)
    fresh = {fingerprint(each): each.code for each in findings}
    values = [
        {"letter_id": letter, "code": code, "fingerprint": mark, "person_id": person, "at": work.now}
        for mark, code in fresh.items()
        if mark not in known
    ]
    if values:
        work.session.execute(insert(DraftConsentRow), values)
    return len(values)
