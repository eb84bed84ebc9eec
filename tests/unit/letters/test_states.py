"""The moves of letters, items and adjustments are what docs/states.md draws."""

import re
from enum import StrEnum

import pytest

from engine.kernel.errors import Conflict
from engine.letters import states
from engine.letters.states import AdjustmentState, ItemState, LetterState
from engine.letters.watching import states as watching
from tests.paths import ROOT

TABLES = {
    "Letter": states.LETTER_MOVES,
    "Item": states.ITEM_MOVES,
    "Adjustment": states.ADJUSTMENT_MOVES,
    "Commitment": states.COMMITMENT_MOVES,
    "Forced change": states.FORCED_MOVES,
    "Regulation": states.REGULATION_MOVES,
    "Warning": watching.WARNING_MOVES,
    "Order": watching.ORDER_MOVES,
    "Extension": watching.EXTENSION_MOVES,
}


def drawn(name: str) -> set[tuple[str, str]]:
    text = (ROOT / "docs" / "states.md").read_text(encoding="utf-8")
    part = re.search(rf"^## {name}\b.*?```mermaid\n(.*?)```", text, re.DOTALL | re.MULTILINE)
    assert part is not None, name
    return set(re.findall(r"^\s*([A-Z_0-9]+) --> ([A-Z_0-9]+)", part[1], re.MULTILINE))


@pytest.mark.parametrize("name", TABLES)
def test_the_moves_are_drawn_as_they_are(name: str) -> None:
    moves = {(str(at), str(to)) for at, reach in TABLES[name].items() for to in reach}
    assert drawn(name) == moves


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_state_has_its_line(table: dict[StrEnum, frozenset[StrEnum]]) -> None:
    assert set(table) == set(type(next(iter(table))))


def test_a_move_that_is_not_drawn_is_refused_with_what_is() -> None:
    with pytest.raises(Conflict, match="may become NEGOTIATING, VOID") as refused:
        states.check(states.LETTER_MOVES, LetterState.DRAFT, LetterState.EFFECTIVE, thing="letter")
    assert refused.value.code == "letter.state"


def test_nothing_leaves_an_end() -> None:
    ends = [LetterState.VOID, LetterState.SUPERSEDED, LetterState.ARCHIVED]
    assert all(not states.LETTER_MOVES[each] for each in ends)
    assert not states.ITEM_MOVES[ItemState.DELETED]
    assert not states.ADJUSTMENT_MOVES[AdjustmentState.APPLIED]
