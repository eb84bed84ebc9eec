"""Personal tokens: how programs act for a person, within scopes, for a time, until they are revoked."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel import audit
from engine.kernel.database import Base, Json, Key, Moment
from engine.kernel.errors import InvalidInput, NotFound
from engine.kernel.work import StartWork, Work
from engine.people.persons import PersonRow

LONGEST = timedelta(days=366)
"""A token ends after a year at the latest."""
MOST = 20
"""Tokens that one person may have at a time."""
SEEN_EVERY = timedelta(minutes=5)
"""How often a token's last use is written down: a request must not cost a write each."""
PREFIX = "lf_"


class Scope(StrEnum):
    """What a token may be used for; what its person may not do, it never does."""

    READ = "read"
    TASKS = "tasks"
    LETTERS = "letters"
    START = "start"
    WORKER = "worker"
    ADMIN = "admin"


class TokenRow(Base):
    """One token; the text itself is nowhere, `hint` is its beginning."""

    __tablename__ = "personal_token"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hint: Mapped[str] = mapped_column(String(12))
    scopes: Mapped[Any] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


@dataclass(frozen=True)
class TokenView:
    """A token as its owner sees it."""

    id: int
    person: int
    name: str
    hint: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    def valid(self, now: datetime) -> bool:
        """Whether it opens anything at this moment."""
        return self.revoked_at is None and now < self.expires_at


@dataclass(frozen=True)
class NewToken:
    """What a token is made of; it ends after `days`."""

    name: str
    scopes: frozenset[Scope]
    days: int


@dataclass(frozen=True)
class Created:
    """A new token; `text` is told this once."""

    token: TokenView
    text: str


def create(start_work: StartWork, person: int, new: NewToken, *, actor: int | None) -> Created:
    """A new token of an active person. Raises InvalidInput for name, scopes or days that cannot be; NotFound."""
    _check(new)
    text = PREFIX + secrets.token_urlsafe(32)
    with start_work() as work:
        _require_room(work, person)
        row = {"person_id": person, "name": new.name.strip(), "token_hash": _hash(text), "hint": text[:8]}
        life = {"created_at": work.now, "expires_at": work.now + timedelta(days=new.days)}
        made = insert(TokenRow).values(**row, scopes=sorted(new.scopes), **life).returning(TokenRow.id)
        token = work.connection.execute(made).scalar_one()
        detail = {"token": token, "name": row["name"], "scopes": sorted(new.scopes), "until": life["expires_at"]}
        audit.append(work, f"person:{person}", "token.created", actor=actor, detail=detail)
        view = _one(work, person, token)
        work.commit()
    return Created(view, text)


def revoke(start_work: StartWork, person: int, token: int, *, actor: int | None) -> None:
    """The person's token opens nothing from now on; again changes nothing. Raises NotFound for others' tokens."""
    with start_work() as work:
        known = _one(work, person, token)
        if known.revoked_at is None:
            work.connection.execute(update(TokenRow).where(TokenRow.id == token).values(revoked_at=work.now))
            detail = {"token": token, "name": known.name}
            audit.append(work, f"person:{person}", "token.revoked", actor=actor, detail=detail)
        work.commit()


def find(start_work: StartWork, text: str) -> TokenView | None:
    """The token, if it opens anything now; its use is noted. None for unknown, ended and revoked ones, and for
    those of persons who are not active."""
    with start_work(reading=True) as work:
        wanted = _TOKENS.join(PersonRow, PersonRow.id == TokenRow.person_id)
        row = work.connection.execute(wanted.where(TokenRow.token_hash == _hash(text), PersonRow.active)).first()
        known = None if row is None else _view(row)
        now = work.now
    if known is None or not known.valid(now):
        return None
    if known.used_at is None or now - known.used_at >= SEEN_EVERY:
        _touch(start_work, known.id)
    return known


def of(work: Work, person: int) -> tuple[TokenView, ...]:
    """The person's tokens that were not revoked, ended ones too, newest first."""
    wanted = _TOKENS.where(TokenRow.person_id == person, TokenRow.revoked_at.is_(None)).order_by(TokenRow.id.desc())
    return tuple(_view(row) for row in work.connection.execute(wanted))


def scopes_of(words: Iterable[str]) -> frozenset[Scope]:
    """The scopes with these names. Raises InvalidInput `token.scope`."""
    names = list(words)
    wrong = [each for each in names if each not in set(Scope)]
    if wrong or not names:
        raise InvalidInput(
            "token.scope",
            f"name at least one of {', '.join(Scope)}; got {', '.join(names) or 'none'}",
            field="scopes",
            scopes=names,
            known=list(Scope),
        )
    return frozenset(Scope(each) for each in names)


def _check(new: NewToken) -> None:
    scopes_of(new.scopes)
    if not new.name.strip() or len(new.name) > 80:
        raise InvalidInput("token.name", "give the token a name of 1 to 80 characters", field="name")
    if not 1 <= new.days <= LONGEST.days:
        raise InvalidInput(
            "token.days",
            f"a token lives 1 to {LONGEST.days} days, not {new.days}: choose fewer",
            field="days",
            days=new.days,
            most=LONGEST.days,
        )


def _require_room(work: Work, person: int) -> None:
    active = select(PersonRow.id).where(PersonRow.id == person, PersonRow.active)
    if work.connection.execute(active.with_for_update()).first() is None:  # one at a time for each person
        raise NotFound("person.unknown", f"there is no active person {person}", person=person)
    held = [each for each in of(work, person) if each.valid(work.now)]
    if len(held) >= MOST:
        raise InvalidInput("token.many", f"there are {MOST} tokens already: revoke one first", most=MOST)


def _one(work: Work, person: int, token: int) -> TokenView:
    row = work.connection.execute(_TOKENS.where(TokenRow.id == token, TokenRow.person_id == person)).first()
    if row is None:
        raise NotFound("token.unknown", f"there is no token {token}", token=token)
    return _view(row)


def _view(row: Any) -> TokenView:
    scopes = frozenset(Scope(each) for each in row.scopes if each in set(Scope))
    return TokenView(
        row.id, row.person_id, row.name, row.hint, scopes, row.created_at, row.expires_at, row.used_at, row.revoked_at
    )


def _touch(start_work: StartWork, token: int) -> None:
    with start_work() as work:
        work.connection.execute(update(TokenRow).where(TokenRow.id == token).values(used_at=work.now))
        work.commit()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


_TOKENS = select(TokenRow.__table__)
