"""An item's method tried out while it is written: what is wrong with it, and what an actual value would score."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.kernel.errors import LetterflowError
from engine.letters.content import Content
from engine.letters.items import ItemView
from engine.letters.scorecards import agreed
from engine.letters.scoring import checking
from engine.letters.scoring import item as scoring
from engine.letters.scoring.checking import Problem
from engine.letters.scoring.terms import Facts, Score, Terms
from webui.words import sentence


@dataclass(frozen=True)
class Tried:
    """What came of it: a score, or the sentence why there is none."""

    problems: Sequence[Problem]
    actual: str
    score: Score | None = None
    refused: str = ""


def problems(whole: Content, item: ItemView) -> Sequence[Problem]:
    """What is wrong with the item's method as it stands."""
    return checking.problems(_terms(whole, item), whole.parameters.scoring)


def score(whole: Content, item: ItemView, actual: str) -> Tried:
    """The score for an actual value; without one only what is wrong."""
    terms = _terms(whole, item)
    found = checking.problems(terms, whole.parameters.scoring)
    if not actual:
        return Tried(found, actual)
    try:
        return Tried(found, actual, scoring.score(terms, Facts(actual=actual), whole.parameters.scoring))
    except LetterflowError as refused:
        return Tried(found, actual, refused=sentence(refused))


def _terms(whole: Content, item: ItemView) -> Terms:
    weight = whole.weights.get(item.id, item.weight or Decimal(0))
    return agreed.terms(item, weight, whole.letter.weight_mode)
