"""DEDUCT: points off for every event of a table (domain.md §6)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.kernel.errors import InvalidInput
from engine.letters.scoring.exact import ZERO, number, optional, result, show
from engine.letters.scoring.rules import Rules
from engine.letters.scoring.terms import Event, Facts, Score, Terms, unscored
from engine.letters.scoring.units import converted, start


@dataclass(frozen=True)
class Entry:
    """A line of the table: points for each occurrence (a range lets the scorer choose), how many are free,
    the most it may cost, and by how much every repeat costs more (2 = double).
    """

    event: str
    least: Decimal | None
    most: Decimal | None
    allowance: int = 0
    cap: Decimal | None = None
    repeat: Decimal = Decimal(1)
    severity: str = ""


def score(terms: Terms, facts: Facts, rules: Rules) -> Score:
    """What is left of the item after all events; for signed items the sum of the points itself, as a deduction."""
    if facts.events is None and facts.actual is None:
        return unscored("events")
    entries = table(terms)
    events = _events(terms, facts, entries)
    costs = [(event, _cost(event, _entry(entries, event))) for event in events]
    total = _capped(sum((cost for _, cost in costs), ZERO), terms)
    taken = converted(total, terms)
    text = " + ".join(_shown(event, cost) for event, cost in costs) or "0"
    if terms.signed:
        return Score(-taken, f"−({text}) = {result(-taken)}", "deducted" if taken else "clean")
    points = start(terms) - taken
    unit = "" if taken == total else f" × 100 ÷ {show(terms.weight)}"
    return Score(points, f"{show(start(terms))} − ({text}){unit} = {result(points)}", "deducted" if taken else "clean")


def table(terms: Terms) -> dict[str, Entry]:
    """The event table of an item by event.

    A rule that is only text (`每次扣5分`) and names one amount is read as one event; `allowance`, `cap` and `repeat`
    of the item hold for every line that has none of its own. Raises InvalidInput where a number is none.
    """
    params = terms.params
    given: Sequence[Mapping[str, Any]] = params.get("events") or _from_text(params)
    entries = [_read(line, params) for line in given]
    return {entry.event: entry for entry in entries}


_AMOUNT = re.compile(r"扣\s*(\d+(?:\.\d+)?)\s*分")


def _from_text(params: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    text = str(params.get("text", ""))
    amounts = _AMOUNT.findall(text)
    return [{"event": text, "points": amounts[0]}] if len(amounts) == 1 else []


def _read(line: Mapping[str, Any], params: Mapping[str, Any]) -> Entry:
    points = line.get("points")
    low, high = points if isinstance(points, (list, tuple)) else (points, points)
    return Entry(
        event=str(line.get("event", "")),
        least=optional(low, "points"),
        most=optional(high, "points"),
        allowance=int(number(line.get("allowance", params.get("allowance") or 0), "allowance")),
        cap=optional(line.get("cap"), "cap"),
        repeat=number(line.get("repeat", params.get("repeat") or 1), "repeat"),
        severity=str(line.get("severity", "")),
    )


def _events(terms: Terms, facts: Facts, entries: Mapping[str, Entry]) -> Sequence[Event]:
    """The events that happened; a plain count is possible where the table has one line."""
    if facts.events is not None:
        return facts.events
    if len(entries) != 1:
        raise InvalidInput("score.events", "the table has several events: enter how many of each")
    return [Event(next(iter(entries)), int(number(facts.actual, "actual")))]


def _entry(entries: Mapping[str, Entry], event: Event) -> Entry:
    if found := entries.get(event.event):
        return found
    if event.points is not None and not entries:  # a list of events without prices: the scorer names the points
        return Entry(event.event, None, None)
    known = "、".join(entries)
    raise InvalidInput("score.event_unknown", f"{event.event!r} is not in the table: {known}", event=event.event)


def _cost(event: Event, entry: Entry) -> Decimal:
    each = price(event, entry)
    charged = range(event.before, event.before + event.count)  # numbers of the occurrences since the year began
    counted = [nth for nth in charged if nth >= entry.allowance]
    cost = sum((each * (entry.repeat if nth > entry.allowance else 1) for nth in counted), ZERO) * event.share
    return cost if entry.cap is None else min(cost, entry.cap)


def price(event: Event, entry: Entry) -> Decimal:
    """What one occurrence costs. Raises InvalidInput where a range needs a choice, or the choice lies outside it."""
    if event.points is None:
        if entry.least is None or entry.least != entry.most:
            raise InvalidInput(
                "score.event_points", f"{event.event!r} has no fixed points: enter them", event=event.event
            )
        return entry.least
    low, high = entry.least, entry.most
    if (low is not None and event.points < low) or (high is not None and event.points > high):
        raise InvalidInput(
            "score.event_range",
            f"{event.event!r} costs {show(low)} to {show(high)} points, not {show(event.points)}",
            event=event.event,
            low=show(low),
            high=show(high),
            points=show(event.points),
        )
    return event.points


def _capped(total: Decimal, terms: Terms) -> Decimal:
    caps = [optional(terms.params.get("cap"), "cap"), terms.max_minus]
    return min([total, *(cap for cap in caps if cap is not None)])


def _shown(event: Event, cost: Decimal) -> str:
    return f"{show(cost)} [{event.event} × {event.count}]"
