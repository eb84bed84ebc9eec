"""What a workbook may point to: organisations by code, persons by 工号, items by letter number and code."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from engine.kernel.work import Work
from engine.letters.items import ItemRow
from engine.letters.letters import LetterRow
from engine.people import orgs, persons


@dataclass(frozen=True)
class Known:
    """Ids by the names that workbooks use; `items` is keyed `ZRS-…-v1#code`."""

    orgs: Mapping[str, int] = field(default_factory=dict)
    persons: Mapping[str, int] = field(default_factory=dict)
    items: Mapping[str, int] = field(default_factory=dict)


def load(work: Work) -> Known:
    """Everything that can be pointed to, in three queries."""
    coded = (
        select(LetterRow.no, ItemRow.code, ItemRow.id)
        .join(LetterRow, LetterRow.id == ItemRow.letter_id)
        .where(ItemRow.code != "")
    )
    return Known(
        orgs={org.code: org.id for org in orgs.tree(work)},
        persons={person.number: person.id for person in persons.everyone(work)},
        items={f"{no}#{code}": item for no, code, item in work.session.execute(coded)},
    )
