"""Accounts and passwords: argon2, capped concurrency, and back-off per account and per address."""

import threading
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Boolean, ForeignKey, String, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel.database import Base, Key, Moment
from engine.kernel.errors import InvalidInput, NotAllowed
from engine.kernel.work import StartWork, Work
from engine.people import attempts, sessions
from engine.people.persons import PersonRow

MIN_LENGTH = 8
MAX_LENGTH = 200
CONCURRENT_HASHES = 2
"""One hash takes 64 MiB: a flood of sign-ins must not take the machine's memory."""

NO_PASSWORD = ""
"""What is kept for an account that nobody can use yet."""

_hasher = PasswordHasher()
_turn = threading.BoundedSemaphore(CONCURRENT_HASHES)


@cache
def _nobody() -> str:
    """What an unknown account is compared with, so that it takes as long; made at the first need, since it is slow."""
    return _hasher.hash("nobody has this password")


class CredentialRow(Base):
    """How a person signs in; `account` is kept in lower case."""

    __tablename__ = "credential"

    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), primary_key=True, autoincrement=False)
    account: Mapped[str] = mapped_column(String(60), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change: Mapped[bool] = mapped_column(Boolean, default=False)
    changed_at: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True)
class SignedIn:
    """A person who has just proved who they are; `token` is told to nobody else and kept only as its hash."""

    person: int
    token: str
    must_change: bool


def set_password(work: Work, person: int, account: str, hashed: str, *, must_change: bool = False) -> None:
    """Gives the person this account and password hash (of `hashed`), and ends all their sessions.

    Raises InvalidInput when somebody else has the account.
    """
    name = account.strip().lower()
    owner = work.session.execute(select(CredentialRow.person_id).where(CredentialRow.account == name)).scalar()
    if not name or owner not in (None, person):
        raise InvalidInput("account.taken", f"the account '{name}' is empty or taken: choose another", account=name)
    values = {"account": name, "password_hash": hashed, "must_change": must_change, "changed_at": work.now}
    changed = update(CredentialRow).where(CredentialRow.person_id == person).values(**values)
    if not work.session.execute(changed.returning(CredentialRow.person_id)).scalars().all():
        work.session.execute(insert(CredentialRow).values(person_id=person, **values))
    sessions.revoke_all(work, person)


def keep_account(work: Work, person: int, account: str, hashed: str | None = None) -> None:
    """Gives the person this account; the password they have stays, without one `hashed` becomes the first.

    An account without a password lets nobody in until an admin gives one. Raises InvalidInput as `set_password` does.
    """
    known = work.session.execute(
        select(CredentialRow.account, CredentialRow.password_hash).where(CredentialRow.person_id == person)
    ).first()
    if known is None or (hashed and not known.password_hash):
        set_password(work, person, account, hashed or NO_PASSWORD)
    elif known.account != account.strip().lower():
        set_password(work, person, account, known.password_hash)


def hashed(password: str) -> str:
    """The argon2 hash to keep; slow on purpose, so call it before a transaction opens. Raises InvalidInput."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise InvalidInput(
            "password.length",
            f"a password has {MIN_LENGTH} to {MAX_LENGTH} characters, this one has {len(password)}: choose another",
            min=MIN_LENGTH,
            max=MAX_LENGTH,
        )
    with _turn:
        return _hasher.hash(password)


def sign_in(start_work: StartWork, account: str, password: str, address: str = "") -> SignedIn:
    """Opens a session for whoever knows the password.

    Raises NotAllowed `account.wrong`, the same for a wrong password, an unknown account and someone inactive, and
    `account.wait` with the moment after which another attempt counts.
    """
    name = account.strip().lower()
    with start_work(reading=True) as work:
        attempts.refuse_if_blocked(work, name, address)
        known = _known(work, name)
    right = verify(known.password_hash if known else _nobody(), password)
    with start_work() as work:
        attempts.refuse_if_blocked(work, name, address)
        if known is None or not right:
            attempts.failed(work, name, address)
            work.commit()
            raise _wrong()
        attempts.succeeded(work, name)
        token = sessions.open(work, known.person_id, address)
        work.commit()
    return SignedIn(known.person_id, token, known.must_change)


def change_password(start_work: StartWork, person: int, old: str, new: str) -> None:
    """The person's own new password; all their sessions end. Raises NotAllowed for a wrong old one, InvalidInput.

    The old one again is none: who must change it would keep what somebody else knows.
    """
    with start_work(reading=True) as work:
        known = work.session.get(CredentialRow, person)
    if known is None or not verify(known.password_hash, old):
        raise _wrong()
    if new == old:
        raise InvalidInput("password.same", "the new password is the old one: choose another")
    fresh = hashed(new)
    with start_work() as work:
        set_password(work, person, known.account, fresh)
        work.commit()


def confirm(start_work: StartWork, person: int, password: str, address: str = "") -> None:
    """Proves once more that it is this person, as signing a letter asks (`domain.md` §4). Raises NotAllowed."""
    with start_work(reading=True) as work:
        known = work.session.get(CredentialRow, person)
        name = known.account if known else ""
        attempts.refuse_if_blocked(work, name, address)
    if known is not None and verify(known.password_hash, password):
        return
    with start_work() as work:
        attempts.failed(work, name, address)
        work.commit()
    raise _wrong()


def verify(kept: str, password: str) -> bool:
    """Whether the password belongs to the hash; as slow for a wrong one."""
    with _turn:
        try:
            return _hasher.verify(kept, password[: MAX_LENGTH + 1])
        except (VerifyMismatchError, InvalidHashError):
            return False


def account_of(work: Work, person: int) -> str | None:
    """The person's account, None when they have none."""
    return work.session.execute(select(CredentialRow.account).where(CredentialRow.person_id == person)).scalar()


def exist(work: Work) -> bool:
    """Whether anybody can sign in yet; a new installation has nobody."""
    return work.session.execute(select(CredentialRow.person_id).limit(1)).scalar() is not None


def accounts(work: Work) -> dict[int, str]:
    """The accounts of everybody who has one, by person."""
    return {
        row.person_id: row.account
        for row in work.session.execute(select(CredentialRow.person_id, CredentialRow.account))
    }


def _known(work: Work, account: str) -> CredentialRow | None:
    wanted = (
        select(CredentialRow)
        .join(PersonRow, PersonRow.id == CredentialRow.person_id)
        .where(CredentialRow.account == account, PersonRow.active)
    )
    return work.session.execute(wanted).scalar()


def _wrong() -> NotAllowed:
    return NotAllowed("account.wrong", "account or password is wrong: check both and try again")
