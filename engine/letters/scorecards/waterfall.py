"""From the contributions to the total, step by step: Σ → I → B → + − → F (domain.md §6, ux.md §4.10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.letters.scorecards.cards import CardView
from engine.letters.scoring.exact import ZERO, stored


@dataclass(frozen=True)
class Step:
    """A step: `value` is what holds after it, `change` what it added or took (None for a value that was reached)."""

    name: str
    value: Decimal
    change: Decimal | None = None


def of(card: CardView, added: Decimal) -> Sequence[Step]:
    """The steps of a card that is calculated; `added` is the exact sum of the contributions. Empty before that.

    `sum` stands only where the full score or a difficulty makes I differ from it, `limit` where a ceiling took a part.
    """
    if card.indicator is None or card.blended is None or card.final is None:
        return ()
    before = card.before_veto if card.before_veto is not None else card.final
    steps = [Step("sum", stored(added))] if stored(added) != card.indicator else []
    steps += [Step("indicator", card.indicator), Step("blended", card.blended)]
    at = card.blended
    for name, change in (
        ("bonus", card.bonus or ZERO),
        ("deduction", -(card.deduction or ZERO)),
        ("late", -(card.late or ZERO)),
    ):
        at += change
        steps.append(Step(name, at, change))
    if before != at:
        steps.append(Step("limit", before, before - at))
    if card.vetoed:
        steps += [Step("before_veto", before), Step("veto", card.final, card.final - before)]
    return (*steps, Step("final", card.final))
