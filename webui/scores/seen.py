"""What is new on a scoring sheet since this person looked at it last; remembered with the session."""

from collections.abc import Sequence

from flask import g, session

from engine.letters.scorecards.reading import Line
from webui.current import viewer

KEPT = 12
"""Letters remembered at most: the cookie stays small."""


def since(letter: int, lines: Sequence[Line]) -> frozenset[int]:
    """The items whose data others brought since the last look; none at the first one. Now is remembered."""
    known = dict(session.get("scores_seen", {}))
    last = known.pop(str(letter), None)
    session["scores_seen"] = dict(list(known.items())[-KEPT + 1 :]) | {str(letter): int(g.now.timestamp())}
    if last is None:
        return frozenset()
    return frozenset(line.item.id for line in lines if _newer(line, int(last)))


def _newer(line: Line, last: int) -> bool:
    at = line.score.data_at
    return at is not None and at.timestamp() > last and line.score.data_by != viewer().id
