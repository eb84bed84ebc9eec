"""MANUAL: a number that the scorer gives with a reason; UNSET: no rule yet, nothing can be scored."""

from engine.letters.scoring.exact import result
from engine.letters.scoring.rules import Rules
from engine.letters.scoring.terms import Facts, Method, Score, Terms, unscored


def score(terms: Terms, facts: Facts, rules: Rules) -> Score:
    """What the scorer gave; an item with method UNSET stays unscored for ever (domain.md §6)."""
    if terms.method is Method.UNSET:
        return unscored("method")
    if facts.manual is None:
        return unscored("manual")
    return Score(facts.manual, result(facts.manual), "given")
