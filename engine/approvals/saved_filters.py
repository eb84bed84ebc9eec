"""Lists that a person keeps under a name: 我的月度 is tab, process, text and order in one word (APR-33)."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from engine.approvals.tables import saved_filter
from engine.kernel.errors import Conflict, InvalidInput, NotFound
from engine.kernel.work import Work
from engine.workflow.engine import Engine

LONGEST_NAME = 40
LONGEST_QUERY = 500
MOST = 20
"""Saved filters of one person."""
_F = saved_filter.c


@dataclass(frozen=True)
class SavedFilter:
    """One of a person's lists; `query` is what its address asks for."""

    id: int
    name: str
    query: str


def of(work: Work, person: int) -> tuple[SavedFilter, ...]:
    """The person's lists, by name."""
    query = select(saved_filter).where(_F.person_id == person).order_by(_F.name)
    return tuple(_view(row) for row in work.connection.execute(query))


def named(work: Work, person: int, name: str) -> SavedFilter:
    """The person's list of that name. Raises NotFound."""
    row = work.connection.execute(select(saved_filter).where(_F.person_id == person, _F.name == name)).first()
    if row is None:
        raise NotFound("filter.unknown", f"there is no saved filter '{name}'", name=name)
    return _view(row)


def keep(engine: Engine, person: int, name: str, query: str) -> SavedFilter:
    """Keeps a list under a name; one of the same name is replaced. Raises InvalidInput."""
    called = _checked(name)
    if len(query) > LONGEST_QUERY:
        raise InvalidInput("filter.query", f"the filter is longer than {LONGEST_QUERY} characters: shorten the search")
    with engine.start_work() as work:
        mine = update(saved_filter).where(_F.person_id == person, _F.name == called)
        if not work.connection.execute(mine.values(query=query)).rowcount:
            _refuse_too_many(work, person)
            values = {"person_id": person, "name": called, "query": query, "made_at": work.now}
            work.connection.execute(insert(saved_filter).values(**values))
        kept = named(work, person, called)
        work.commit()
    return kept


def rename(engine: Engine, person: int, filter_id: int, name: str) -> SavedFilter:
    """Gives a list another name. Raises NotFound, InvalidInput, Conflict when another list is called so."""
    called = _checked(name)
    with engine.start_work() as work:
        others = select(_F.id).where(_F.person_id == person, _F.name == called, _F.id != filter_id)
        if work.connection.execute(others).first() is not None:
            raise Conflict("filter.taken", f"there is a saved filter '{called}' already: choose another name")
        mine = update(saved_filter).where(_F.id == filter_id, _F.person_id == person)
        if not work.connection.execute(mine.values(name=called)).rowcount:
            raise _unknown(filter_id)
        kept = named(work, person, called)
        work.commit()
    return kept


def drop(engine: Engine, person: int, filter_id: int) -> None:
    """Forgets a list. Raises NotFound."""
    with engine.start_work() as work:
        mine = delete(saved_filter).where(_F.id == filter_id, _F.person_id == person)
        if not work.connection.execute(mine).rowcount:
            raise _unknown(filter_id)
        work.commit()


def _checked(name: str) -> str:
    called = " ".join(name.split())
    if not called or len(called) > LONGEST_NAME or "/" in called:
        text = f"a saved filter has a name of 1 to {LONGEST_NAME} characters without '/'"
        raise InvalidInput("filter.name", text, field="name", most=LONGEST_NAME)
    return called


def _refuse_too_many(work: Work, person: int) -> None:
    count = select(func.count()).select_from(saved_filter).where(_F.person_id == person)
    if work.connection.execute(count).scalar_one() >= MOST:
        raise InvalidInput("filter.many", f"you have {MOST} saved filters: delete one first", field="name", most=MOST)


def _unknown(filter_id: int) -> NotFound:
    return NotFound("filter.unknown", f"there is no saved filter {filter_id}", filter=filter_id)


def _view(row: Row[Any]) -> SavedFilter:
    return SavedFilter(row.id, row.name, row.query)
