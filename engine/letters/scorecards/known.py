"""From what was entered to the facts that scoring computes with: figures, events, ratings, deliverables, peers."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine.kernel.work import Work
from engine.letters.content import Content
from engine.letters.items import ItemRow, ItemView
from engine.letters.letters import LetterRow, LetterView
from engine.letters.scorecards.cards import CardRow, ItemScoreRow, ItemScoreView
from engine.letters.scoring.exact import number, optional
from engine.letters.scoring.terms import Delivery, Event, Facts, Method, Rating
from engine.letters.tracking import submissions


def facts(
    line: ItemScoreView,
    deliveries: tuple[Delivery, ...] = (),
    *,
    peers: tuple[Decimal, ...] = (),
    others: Mapping[str, Decimal] | None = None,
) -> Facts:
    """The facts behind one row of a scorecard."""
    return Facts(
        actual=line.actual,
        events=None if line.events is None else tuple(event(each) for each in line.events),
        ratings=tuple(_rating(each) for each in line.ratings),
        deliveries=deliveries,
        manual=line.given,
        peers=peers,
        others=others or {},
    )


def deliveries(work: Work, content: Content) -> Mapping[int, tuple[Delivery, ...]]:
    """How the deliverables of a letter's items stand, by item."""
    wanted = [spec.id for specs in content.specs.values() for spec in specs]
    versions = submissions.of_specs(work, wanted)
    found = {}
    for item in content.items:
        specs = content.specs.get(item.id, ())
        due = [spec.due or item.due or content.letter.ends_on or date.max for spec in specs]
        found[item.id] = tuple(
            submissions.delivery(spec, day, versions.get(spec.id, ())) for spec, day in zip(specs, due, strict=True)
        )
    return found


def peers(work: Work, letter: LetterView, item: ItemView) -> tuple[Decimal, ...]:
    """What other organisations reached in an item of the same name in the same period (PEER_MEAN, RANK)."""
    if item.method is not Method.EXPR:
        return ()
    wanted = (
        select(ItemScoreRow.actual)
        .join(CardRow, CardRow.id == ItemScoreRow.card_id)
        .join(LetterRow, LetterRow.id == CardRow.letter_id)
        .join(ItemRow, ItemRow.id == ItemScoreRow.item_id)
        .where(ItemRow.name == item.name, LetterRow.level == letter.level, LetterRow.period == letter.period)
        .where(LetterRow.id != letter.id, ItemScoreRow.actual.is_not(None))
    )
    return tuple(number(actual, "peer") for actual in work.session.execute(wanted).scalars() if actual is not None)


def event(each: Mapping[str, Any]) -> Event:
    """An event as it was kept."""
    return Event(
        event=str(each["event"]),
        count=int(each.get("count", 1)),
        before=int(each.get("before", 0)),
        points=optional(each.get("points"), "points"),
        share=number(each.get("share", 1), "share"),
    )


def _rating(each: Mapping[str, Any]) -> Rating:
    return Rating(
        rater=str(each.get("rater", "")),
        points=optional(each.get("points"), "points"),
        group=str(each.get("group", "")),
        level=each.get("level"),
        criteria=tuple(number(points, "criteria") for points in each.get("criteria", ())),
        comment=str(each.get("comment", "")),
    )
