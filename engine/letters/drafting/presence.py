"""赵雪 正在编辑第 3 行: who has the editor of a letter open, and in which row."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Column, ForeignKey, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.kernel.database import Base, Key, Moment
from engine.kernel.work import StartWork, Work

letter_editing = Table(
    "letter_editing",
    Base.metadata,
    Column("letter_id", Key, ForeignKey("letter.id"), primary_key=True),
    Column("person_id", Key, ForeignKey("person.id"), primary_key=True),
    Column("item_id", Key),  # no foreign key: the row may be deleted while somebody is in it
    Column("seen_at", Moment, nullable=False),
)
_E = letter_editing.c

STALE = timedelta(seconds=70)
"""The editor says every twenty seconds that it is open; who was silent for longer has gone."""
AGAIN = timedelta(seconds=15)


@dataclass(frozen=True)
class Present:
    """Somebody in the editor; `item` is the row they are in, None when in none."""

    person: int
    item: int | None


def seen(start_work: StartWork, letter: int, person: int, item: int | None) -> None:
    """The person has the editor open at this row; written when they moved, else at most every `AGAIN`."""
    with start_work(reading=True) as work:
        mine = select(_E.item_id, _E.seen_at).where(_E.letter_id == letter, _E.person_id == person)
        last = work.connection.execute(mine).one_or_none()
        if last is not None and last.item_id == item and last.seen_at > work.now - AGAIN:
            return
    with start_work() as work:
        insert = postgresql.insert if work.connection.dialect.name == "postgresql" else sqlite.insert
        values = {"item_id": item, "seen_at": work.now}
        made = insert(letter_editing).values(letter_id=letter, person_id=person, **values)
        kept = made.on_conflict_do_update(index_elements=["letter_id", "person_id"], set_=values)
        work.connection.execute(kept)
        work.commit()


def others(work: Work, letter: int, person: int) -> tuple[Present, ...]:
    """Who else has the editor of this letter open now, and where."""
    wanted = select(_E.person_id, _E.item_id).where(
        _E.letter_id == letter, _E.person_id != person, _E.seen_at > work.now - STALE
    )
    found = work.connection.execute(wanted.order_by(_E.person_id))
    return tuple(Present(row.person_id, row.item_id) for row in found)
