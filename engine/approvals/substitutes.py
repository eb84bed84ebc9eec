"""代理: who acts for whom while they are away; one hop, never a chain (APR-08)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, select, update

from engine.approvals.tables import substitute
from engine.kernel import audit
from engine.kernel.errors import InvalidInput, NotFound
from engine.kernel.work import Work
from engine.people import persons
from engine.people.dates import today
from engine.workflow.engine import Engine


@dataclass(frozen=True)
class Substitute:
    """`substitute` acts for `person` from `starts` to `ends`, both days included; `keys` empty means every process."""

    id: int
    person: int
    substitute: int
    starts: date
    ends: date
    keys: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class NewSubstitute:
    """A rule to be made."""

    person: int
    substitute: int
    starts: date
    ends: date
    keys: tuple[str, ...] = ()
    reason: str = ""


def appoint(engine: Engine, new: NewSubstitute, actor: int) -> int:
    """Makes the rule; the substitute sees new and open tasks from the first day on.

    Raises InvalidInput for oneself, a period that ends before it starts, someone inactive, a second substitute for the
    same days and processes, or a circle.
    """
    with engine.start_work() as work:
        _check(work, new)
        values = {
            "person_id": new.person, "substitute_id": new.substitute, "starts": new.starts, "ends": new.ends,
            "keys": list(new.keys), "reason": new.reason, "made_at": work.now, "made_by": actor,
        }  # fmt: skip
        made: int = work.connection.execute(substitute.insert().returning(substitute.c.id), values).scalar_one()
        detail = {"substitute": new.substitute, "starts": new.starts, "ends": new.ends, "keys": list(new.keys)}
        audit.append(work, f"person:{new.person}", "substitute.appointed", actor=actor, detail=detail)
        work.commit()
    return made


def revoke(engine: Engine, rule: int, actor: int) -> None:
    """Ends the rule now. Raises NotFound."""
    with engine.start_work() as work:
        ended = update(substitute).where(substitute.c.id == rule, substitute.c.revoked_at.is_(None))
        person = work.connection.execute(ended.values(revoked_at=work.now).returning(substitute.c.person_id)).scalar()
        if person is None:
            raise NotFound("substitute.unknown", f"there is no substitute rule {rule}", rule=rule)
        audit.append(work, f"person:{person}", "substitute.revoked", actor=actor, detail={"rule": rule})
        work.commit()


def of(work: Work, person: int) -> tuple[Substitute, ...]:
    """The rules by which others act for the person, today and to come."""
    query = _rules().where(substitute.c.person_id == person, substitute.c.ends >= today(work))
    return tuple(_view(row) for row in work.connection.execute(query.order_by(substitute.c.starts)))


def principals(work: Work, person: int) -> tuple[Substitute, ...]:
    """The rules by which the person acts for others today."""
    return tuple(
        _view(row) for row in work.connection.execute(_in_force(work).where(substitute.c.substitute_id == person))
    )


def acting_for(work: Work, actor: int, owners: Iterable[int], key: str) -> int | None:
    """Whose substitute `actor` is today in this kind of process, among `owners`; None when nobody's."""
    wanted = set(owners)
    if not wanted:
        return None
    rules = _in_force(work).where(substitute.c.substitute_id == actor, substitute.c.person_id.in_(wanted))
    found = (_view(row) for row in work.connection.execute(rules.order_by(substitute.c.id)))
    return next((each.person for each in found if not each.keys or key in each.keys), None)


def standing_in(work: Work, owners: Iterable[int], key: str) -> dict[int, int]:
    """Today's substitute of each of `owners` in this kind of process; those without one are missing."""
    wanted = set(owners)
    if not wanted:
        return {}
    rows = work.connection.execute(_in_force(work).where(substitute.c.person_id.in_(wanted)))
    return {each.person: each.substitute for each in map(_view, rows) if not each.keys or key in each.keys}


def _check(work: Work, new: NewSubstitute) -> None:
    if new.person == new.substitute:
        raise InvalidInput("substitute.self", "nobody substitutes themselves: choose somebody else")
    if new.ends < new.starts:
        raise InvalidInput("substitute.period", f"the period ends on {new.ends}, before it starts: swap the days")
    if persons.active(work, [new.substitute]) != {new.substitute}:
        raise InvalidInput("substitute.inactive", "the substitute is not active: choose somebody who is here")
    others = [_view(row) for row in work.connection.execute(_rules().where(substitute.c.ends >= new.starts))]
    overlapping = [each for each in others if each.starts <= new.ends and _share(each.keys, new.keys)]
    if any(each.person == new.person for each in overlapping):
        raise InvalidInput(
            "substitute.second", "there is a substitute for these days already: end that rule first", person=new.person
        )
    circle = _circle(overlapping, new)
    if circle:
        names = persons.names(work, circle)
        text = " → ".join(names.get(person, str(person)) for person in circle)
        raise InvalidInput(
            "substitute.cycle", f"{text} would be a circle: choose somebody else", persons=circle, names=text
        )


def _share(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return not one or not other or bool(set(one) & set(other))


def _circle(rules: list[Substitute], new: NewSubstitute) -> list[int]:
    """The persons of the circle that the new rule would close, beginning and ending with its principal; else empty."""
    follows = {each.person: each.substitute for each in rules}
    line = [new.person, new.substitute]
    while line[-1] in follows and line[-1] != new.person and len(line) <= len(follows) + 2:
        line.append(follows[line[-1]])
    return line if line[-1] == new.person else []


def _rules() -> Select[Any]:
    return select(substitute).where(substitute.c.revoked_at.is_(None))


def _in_force(work: Work) -> Select[Any]:
    day = today(work)
    return _rules().where(substitute.c.starts <= day, substitute.c.ends >= day)


def _view(row: Row[Any]) -> Substitute:
    keys = tuple(row._mapping[substitute.c["keys"]])
    return Substitute(row.id, row.person_id, row.substitute_id, row.starts, row.ends, keys, row.reason)
