"""Failed sign-ins, counted per account and per address, and how long the next one has to wait."""

from datetime import datetime, timedelta

from sqlalchemy import Integer, String, case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel.database import Base, Moment
from engine.kernel.errors import NotAllowed
from engine.kernel.work import Work

FREE = {"account": 5, "address": 20}
"""Failures that cost nothing; an office shares one address."""
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)


class AttemptRow(Base):
    """Failures in a row of one account or one address (`account:lijianguo`, `address:10.0.0.7`)."""

    __tablename__ = "sign_in_attempt"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(Moment, index=True)
    wait_until: Mapped[datetime | None] = mapped_column(Moment)


def refuse_if_blocked(work: Work, account: str, address: str) -> None:
    """Raises NotAllowed `account.wait` while either has to wait; known and unknown accounts alike."""
    latest = select(AttemptRow.wait_until).where(
        AttemptRow.key.in_(_keys(account, address)), AttemptRow.wait_until > work.now
    )
    until = max((each for each in work.session.execute(latest).scalars() if each), default=None)
    if until is not None:
        raise NotAllowed(
            "account.wait",
            f"too many failed attempts: try again after {until.isoformat(timespec='seconds')}",
            until=until,
            minutes=-((work.now - until) // timedelta(minutes=1)),
        )


def failed(work: Work, account: str, address: str) -> None:
    """Counts one more failure; beyond the free ones each doubles the wait, up to a quarter of an hour.

    Two failures at once both count: the row is written first and read back locked.
    """
    insert = postgresql.insert if work.connection.dialect.name == "postgresql" else sqlite.insert
    for key in _keys(account, address):
        fresh = AttemptRow.last_at < work.now - FORGOTTEN_AFTER
        first = insert(AttemptRow).values(key=key, failures=1, last_at=work.now, wait_until=None)
        again = first.on_conflict_do_update(
            index_elements=["key"],
            set_={"failures": case((fresh, 1), else_=AttemptRow.failures + 1), "last_at": work.now},
        )
        failures = int(work.connection.execute(again.returning(AttemptRow.failures)).scalar_one())
        until = _wait_until(work.now, key, failures)
        work.connection.execute(update(AttemptRow).where(AttemptRow.key == key).values(wait_until=until))


def succeeded(work: Work, account: str) -> None:
    """Forgets the account's failures; those of the address stay, it may be trying other accounts."""
    work.session.execute(delete(AttemptRow).where(AttemptRow.key == f"account:{account}"))


def purge(work: Work) -> int:
    """Drops failures that no longer count; how many there were."""
    old = delete(AttemptRow).where(AttemptRow.last_at < work.now - FORGOTTEN_AFTER)
    return len(work.session.execute(old.returning(AttemptRow.key)).scalars().all())


def _keys(account: str, address: str) -> list[str]:
    named = (("account", account), ("address", address))
    return [f"{kind}:{value}"[:120] for kind, value in named if value]


def _wait_until(now: datetime, key: str, failures: int) -> datetime | None:
    beyond = failures - FREE[key.split(":", 1)[0]]
    if beyond < 0:
        return None
    wait: timedelta = min(FIRST_WAIT * (1 << min(beyond, 10)), LONGEST_WAIT)
    return now + wait
