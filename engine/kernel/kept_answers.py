"""What was answered to a request that carries a key: kept beside its effect, given again when it is repeated."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Integer, String, Text, delete, insert, select, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel.database import Base, Moment
from engine.kernel.errors import Conflict, InvalidInput
from engine.kernel.work import StartWork, Work

KEPT_FOR = timedelta(hours=24)
"""How long the same request is answered the same way."""

LONGEST_KEY = 120


class KeptAnswerRow(Base):
    """The answer to one request; `owner` says whose key it is, so that nobody hears the answer to another's."""

    __tablename__ = "kept_answer"

    owner: Mapped[str] = mapped_column(String(60), primary_key=True)
    key: Mapped[str] = mapped_column(String(LONGEST_KEY), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(Integer)
    body: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)


@dataclass(frozen=True)
class Asked:
    """A request with a key; `fingerprint` is the same for the same request only."""

    owner: str
    key: str
    fingerprint: str


@dataclass(frozen=True)
class Answer:
    """A status and a body, as they were sent."""

    status: int
    body: str


@dataclass
class Turns:
    """The requests with keys that this process works on; a second one with a key is not kept waiting."""

    _busy: set[tuple[str, str]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def of(self, asked: Asked) -> Iterator[None]:
        """Hold the key for this request. Raises Conflict `request.busy` while another does."""
        place = (asked.owner, asked.key)
        with self._lock:
            if place in self._busy:
                raise _busy(asked)
            self._busy.add(place)
        try:
            yield
        finally:
            with self._lock:
                self._busy.discard(place)


def find(work: Work, asked: Asked) -> Answer | None:
    """The answer that was kept, None when the request is new; its key is held until this work ends.

    Raises Conflict `request.busy` while another process answers it, InvalidInput `request.key_used` when the key came
    with another request.
    """
    _hold(work, asked)
    kept = work.connection.execute(select(KeptAnswerRow.__table__).where(*_place(asked))).first()
    if kept is None:
        return None
    if kept.expires_at <= work.now:
        work.connection.execute(delete(KeptAnswerRow).where(*_place(asked)))
        return None
    if kept.fingerprint != asked.fingerprint:
        raise InvalidInput(
            "request.key_used",
            f"the key '{asked.key}' came with another request before: use a new key for a new request",
            key=asked.key,
        )
    return Answer(kept.status, kept.body)


def keep(work: Work, asked: Asked, answer: Answer) -> None:
    """Keep the answer in the transaction of its effect: both last, or neither."""
    whose = {"owner": asked.owner, "key": asked.key, "fingerprint": asked.fingerprint}
    said = {"status": answer.status, "body": answer.body, "expires_at": work.now + KEPT_FOR}
    work.connection.execute(insert(KeptAnswerRow).values(**whose, **said))


def clean(start_work: StartWork) -> int:
    """Forget what has expired; how many there were."""
    with start_work() as work:
        gone = work.connection.execute(delete(KeptAnswerRow).where(KeptAnswerRow.expires_at <= work.now)).rowcount
        work.commit()
    return int(gone)


def _hold(work: Work, asked: Asked) -> None:
    # SQLite has one writer, and this is it
    if work.connection.dialect.name == "postgresql":
        name = hashlib.sha256(f"{asked.owner}\0{asked.key}".encode()).digest()
        number = int.from_bytes(name[:8], "big", signed=True)
        if not work.connection.execute(_TRY, {"number": number}).scalar():
            raise _busy(asked)


def _busy(asked: Asked) -> Conflict:
    return Conflict("request.busy", f"the request with the key '{asked.key}' is being worked on: ask again in a moment")


def _place(asked: Asked) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return KeptAnswerRow.owner == asked.owner, KeptAnswerRow.key == asked.key


_TRY = text("SELECT pg_try_advisory_xact_lock(:number)")
