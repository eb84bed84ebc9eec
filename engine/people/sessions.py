"""Who is signed in: one row per session, found by the hash of its token, ended by time or by hand."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel.database import Base, Key, Moment
from engine.kernel.errors import NotFound
from engine.kernel.work import StartWork, Work
from engine.people.persons import PersonRow

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=5)
"""How often a session's last use is written down: a page view must not cost a write each."""


class SessionRow(Base):
    """One signed-in browser; the token itself is nowhere."""

    __tablename__ = "sign_in_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    address: Mapped[str] = mapped_column(String(60), default="")


@dataclass(frozen=True)
class SessionView:
    """An open session of a person."""

    person: int
    created_at: datetime
    seen_at: datetime
    address: str
    id: str  # the token's hash: enough to end it, useless to take it over


def open(work: Work, person: int, address: str = "") -> str:  # noqa: A001  (sessions.open reads as meant)
    """A new session; its token, which is not kept."""
    token = secrets.token_urlsafe(32)
    values = {"person_id": person, "created_at": work.now, "seen_at": work.now, "address": address[:60]}
    work.session.execute(insert(SessionRow).values(token_hash=_hash(token), **values))
    return token


def find(start_work: StartWork, token: str, *, idle: timedelta = IDLE, absolute: timedelta = ABSOLUTE) -> int | None:
    """The active person whose session this is, None when it never was, has ended or has been idle too long."""
    with start_work(reading=True) as work:
        wanted = (
            select(SessionRow.person_id, SessionRow.created_at, SessionRow.seen_at)
            .join(PersonRow, PersonRow.id == SessionRow.person_id)
            .where(SessionRow.token_hash == _hash(token), PersonRow.active)
        )
        row = work.session.execute(wanted).first()
        now = work.now
    if row is None or row.seen_at < now - idle or row.created_at < now - absolute:
        return None
    if row.seen_at < now - SEEN_EVERY:
        _touch(start_work, token)
    return int(row.person_id)


def of(work: Work, person: int) -> tuple[SessionView, ...]:
    """The person's sessions, the last used first."""
    wanted = select(SessionRow.__table__).where(SessionRow.person_id == person).order_by(SessionRow.seen_at.desc())
    return tuple(
        SessionView(row.person_id, row.created_at, row.seen_at, row.address, row.token_hash)
        for row in work.session.execute(wanted)
    )


def end(start_work: StartWork, token: str) -> None:
    """Ends the session (sign-out); an unknown token changes nothing."""
    with start_work() as work:
        work.session.execute(delete(SessionRow).where(SessionRow.token_hash == _hash(token)))
        work.commit()


def revoke(work: Work, person: int, session: str) -> None:
    """Ends one session of the person, named by its `id`. Raises NotFound for anybody else's."""
    mine = delete(SessionRow).where(SessionRow.token_hash == session, SessionRow.person_id == person)
    if not work.session.execute(mine).rowcount:  # type: ignore[attr-defined]  # a DELETE's result has one
        raise NotFound("session.unknown", "there is no such session: it is over already", session=session)


def id_of(token: str) -> str:
    """The `id` of the session that this token opens."""
    return _hash(token)


def revoke_all(work: Work, person: int) -> None:
    """Ends all sessions of a person: a password change does, so does leaving."""
    work.session.execute(delete(SessionRow).where(SessionRow.person_id == person))


def purge(work: Work, *, idle: timedelta = IDLE, absolute: timedelta = ABSOLUTE) -> int:
    """Drops sessions that have ended by time; how many there were."""
    over = (SessionRow.seen_at < work.now - idle) | (SessionRow.created_at < work.now - absolute)
    return len(work.session.execute(delete(SessionRow).where(over).returning(SessionRow.token_hash)).scalars().all())


def _touch(start_work: StartWork, token: str) -> None:
    with start_work() as work:
        seen = update(SessionRow).where(SessionRow.token_hash == _hash(token)).values(seen_at=work.now)
        work.session.execute(seen)
        work.commit()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
