"""The plan of a migration: each place of the old version, how many stand there, and where they go."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from engine.kernel.work import Work
from engine.workflow import instances
from engine.workflow.engine import Engine
from engine.workflow.migration import terms as agreed
from engine.workflow.migration.terms import Terms
from engine.workflow.spiff.migration import places
from engine.workflow.spiff.migration.places import Counterpart, Place
from engine.workflow.tables import incident, instance, message_wait, task, timer

SAME, CHOSEN, ALIKE, NONE = "same", "chosen", "alike", "none"


@dataclass(frozen=True)
class Row:
    """A place of the old version; `how` says why `target` is its place in the new: by id, chosen, or only alike.

    With `alike` the target is a suggestion that the terms must name; `choices` are places of the same kind.
    """

    place: Place
    standing: int
    target: str | None
    how: str
    choices: tuple[Place, ...]

    @property
    def open(self) -> bool:
        """Whether instances stand there and nothing says where they go."""
        return self.standing > 0 and self.how in (ALIKE, NONE)


@dataclass(frozen=True)
class Plan:
    """`rows` in the order of the file, those where something stands first; `living` counts the instances."""

    terms: Terms
    rows: tuple[Row, ...]
    living: int


def plan(engine: Engine, work: Work, terms: Terms) -> Plan:
    """What would go where, without looking at any single instance."""
    old, new = (each.program for each in agreed.bounds(engine, work, terms))
    before, after, found = places.places(old), places.places(new), places.counterparts(old, new)
    counts = _standing(work, terms.before.id)
    rows = [
        _row(place, counts[place.node.id], terms, found.get(address), after.values())
        for address, place in before.items()
    ]
    rows.sort(key=lambda row: row.standing == 0)
    return Plan(terms, tuple(rows), instances.living(work, terms.before.key).get(terms.before.id, 0))


def _row(place: Place, standing: int, terms: Terms, known: Counterpart | None, after: Iterable[Place]) -> Row:
    choices = tuple(each for each in after if each.node.kind == place.node.kind)
    chosen = terms.mapping.get(place.address)
    if chosen is not None:
        return Row(place, standing, chosen, CHOSEN, choices)
    if known is None:
        return Row(place, standing, None, NONE, choices)
    return Row(place, standing, known.address, SAME if known.sure else ALIKE, choices)


def _standing(work: Work, definition_id: int) -> Counter[str]:
    """Instances of a version by the nodes where rows say that they wait."""
    found: dict[str, set[int]] = {}
    for table, open_ones in (
        (task, task.c.status == "open"),
        (incident, incident.c.status == "open"),
        (timer, timer.c.state.in_(("waiting", "held")) & (timer.c.kind == "intermediate")),
        (message_wait, message_wait.c.id.is_not(None)),
    ):
        query = (
            select(table.c.node, table.c.instance_id)
            .join(instance, instance.c.id == table.c.instance_id)
            .where(instance.c.definition_id == definition_id, instance.c.ended_at.is_(None), open_ones)
        )
        for row in work.connection.execute(query):
            found.setdefault(row.node, set()).add(row.instance_id)
    return Counter({node: len(those) for node, those in found.items()})
