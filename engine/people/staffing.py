"""Persons as an administrator keeps them: invited, given posts and roles by day, reset, gone; all of it recorded."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select, update

from engine.kernel import audit
from engine.kernel.errors import InvalidInput, NotFound
from engine.kernel.work import StartWork, Work
from engine.people import credentials, persons, posts, rights, roles, sessions
from engine.people.dates import in_force, today
from engine.people.persons import NewPerson, PersonRow
from engine.people.posts import NewPost, PostRow
from engine.people.rights import ORGANISERS
from engine.people.roles import Grant, Role, RoleRow

GENERATED_BYTES = 9
BY_HAND = tuple(role for role in Role if role not in {Role.ORG_HEAD, Role.LEADER})
"""Roles that are granted; heads and leaders follow from units."""


@dataclass(frozen=True)
class Invited:
    """An account with the password that is shown once and has to be changed at the first sign-in."""

    person: int
    account: str
    password: str


def invite(start_work: StartWork, new: NewPerson, account: str, post: NewPost | None, actor: int) -> Invited:
    """A new person with an account and, where given, a first post (its `person` is filled in).

    Raises NotAllowed, InvalidInput for a number or account that exists.
    """
    password, hashed = _fresh()
    with start_work() as work:
        rights.require(work, actor, *ORGANISERS)
        if persons.find(work, new.number) is not None:
            raise InvalidInput("person.number", f"number {new.number} is taken", field="number", value=new.number)
        person = persons.add(work, new)
        credentials.set_password(work, person, account, hashed, must_change=True)
        if post is not None:
            posts.take(work, _for(post, person))
        detail = {"number": new.number, "name": new.name, "account": account}
        audit.append(work, _stream(person), "person.invited", actor=actor, detail=detail)
        work.commit()
    return Invited(person, account.strip().lower(), password)


def rename(start_work: StartWork, person: int, name: str, email: str, *, actor: int) -> None:
    """Another name or address of mail. Raises NotAllowed, NotFound."""
    with start_work() as work:
        rights.require(work, actor, *ORGANISERS)
        known = persons.view(work, person)
        persons.change(work, person, NewPerson(known.number, name, email, known.active))
        detail = {"before": [known.name, known.email], "after": [name, email]}
        audit.append(work, _stream(person), "person.changed", actor=actor, detail=detail)
        work.commit()


def reset_password(start_work: StartWork, person: int, account: str, actor: int) -> Invited:
    """A new password that is shown once; all sessions of the person end. Raises NotAllowed, NotFound, InvalidInput."""
    password, hashed = _fresh()
    with start_work() as work:
        rights.require(work, actor, Role.ADMIN)
        persons.view(work, person)
        credentials.set_password(work, person, account, hashed, must_change=True)
        audit.append(work, _stream(person), "person.password_reset", actor=actor, detail={"account": account})
        work.commit()
    return Invited(person, account.strip().lower(), password)


def sign_out(start_work: StartWork, person: int, actor: int) -> int:
    """Ends all sessions of the person; how many there were. Raises NotAllowed."""
    with start_work() as work:
        rights.require(work, actor, Role.ADMIN)
        count = len(sessions.of(work, person))
        sessions.revoke_all(work, person)
        audit.append(work, _stream(person), "person.signed_out", actor=actor, detail={"sessions": count})
        work.commit()
    return count


def take_post(start_work: StartWork, new: NewPost, actor: int) -> None:
    """The person takes a post from its day on; a primary one ends the primary post before it on the day before.

    Raises NotAllowed, InvalidInput where posts would overlap.
    """
    with start_work() as work:
        rights.require(work, actor, *ORGANISERS)
        starts = new.valid_from or today(work)
        if new.is_primary:
            _end_primary(work, new.person, starts - timedelta(days=1))
        post = posts.take(work, new)
        detail = {"post": post, "org": new.org, "title": new.title, "rank": new.rank, "starts": starts}
        audit.append(work, _stream(new.person), "post.taken", actor=actor, detail=detail)
        work.commit()


def end_post(start_work: StartWork, post: int, last: date, actor: int) -> None:
    """The post ends with that day. Raises NotAllowed, NotFound, InvalidInput for a day before it began."""
    with start_work() as work:
        rights.require(work, actor, *ORGANISERS)
        row = work.session.execute(select(PostRow.__table__).where(PostRow.id == post)).first()
        if row is None:
            raise NotFound("post.unknown", f"there is no post {post}", post=post)
        if row.valid_from is not None and last < row.valid_from:
            raise InvalidInput("post.period", f"the post began on {row.valid_from}: choose a later day", field="last")
        work.session.execute(update(PostRow).where(PostRow.id == post).values(valid_to=last))
        detail = {"post": post, "before": row.valid_to, "after": last}
        audit.append(work, _stream(row.person_id), "post.ended", actor=actor, detail=detail)
        work.commit()


def grant(start_work: StartWork, new: Grant, actor: int) -> None:
    """Gives a role. Raises NotAllowed; ADMIN is given by an ADMIN only, and to nobody by themselves."""
    with start_work() as work:
        _may_grant(work, new.role, actor)
        if new.role not in BY_HAND:
            raise InvalidInput("role.follows", "heads and leaders follow from units: change the unit", field="role")
        roles.grant(work, new)
        detail = {"role": new.role, "org": new.org, "starts": new.valid_from, "ends": new.valid_to}
        audit.append(work, _stream(new.person), "role.granted", actor=actor, detail=detail)
        work.commit()


def withdraw(start_work: StartWork, old: Grant, actor: int) -> None:
    """Ends a role from today on. Raises NotAllowed, NotFound, InvalidInput for the last administrator."""
    with start_work() as work:
        _may_grant(work, old.role, actor)
        same = (RoleRow.person_id == old.person, RoleRow.role == old.role, RoleRow.org_id.is_not_distinct_from(old.org))
        if old.role is Role.ADMIN:
            refuse_last_admin(work, old.person)
        ended = update(RoleRow).where(*same, in_force(RoleRow.valid_from, RoleRow.valid_to, today(work)))
        ended = ended.values(valid_to=today(work) - timedelta(days=1))
        if not work.session.execute(ended.returning(RoleRow.id)).scalars().all():
            raise NotFound("role.unknown", "this role is not held today", role=old.role)
        detail = {"role": old.role, "org": old.org}
        audit.append(work, _stream(old.person), "role.withdrawn", actor=actor, detail=detail)
        work.commit()


def leave_in(work: Work, person: int, last: date, actor: int) -> None:
    """The person is not here any more: inactive, signed out, posts and roles end.

    What they held is handed over beside it (`engine.letters.handing_over`). Raises InvalidInput for the last admin.
    """
    refuse_last_admin(work, person)
    work.session.execute(update(PersonRow).where(PersonRow.id == person).values(active=False))
    sessions.revoke_all(work, person)
    for row in (PostRow, RoleRow):
        still = update(row).where(row.person_id == person, (row.valid_to.is_(None)) | (row.valid_to > last))
        work.session.execute(still.values(valid_to=last))
    audit.append(work, _stream(person), "person.left", actor=actor, detail={"last": last})


def refuse_last_admin(work: Work, person: int) -> None:
    """Raises InvalidInput `people.last_admin` where nobody else could administer any more."""
    admins = roles.holders(work, Role.ADMIN)
    if person in admins and len(admins) == 1:
        raise InvalidInput("people.last_admin", "this is the last administrator: name another one first")


def _may_grant(work: Work, role: Role, actor: int) -> None:
    rights.require(work, actor, *((Role.ADMIN,) if role is Role.ADMIN else ORGANISERS))


def _end_primary(work: Work, person: int, last: date) -> None:
    running = update(PostRow).where(
        PostRow.person_id == person,
        PostRow.is_primary,
        (PostRow.valid_to.is_(None)) | (PostRow.valid_to > last),
        (PostRow.valid_from.is_(None)) | (PostRow.valid_from <= last),
    )
    work.session.execute(running.values(valid_to=last))


def _for(post: NewPost, person: int) -> NewPost:
    return NewPost(person, post.org, post.title, post.rank, post.is_primary, post.valid_from, post.valid_to)


def _fresh() -> tuple[str, str]:
    password = secrets.token_urlsafe(GENERATED_BYTES)
    return password, credentials.hashed(password)


def _stream(person: int) -> str:
    return f"person:{person}"
