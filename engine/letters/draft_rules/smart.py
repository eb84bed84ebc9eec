"""Rule 3, SMART: specific, measurable, attainable, relevant, timed (REQ-082, REQ-104, REQ-132)."""

from collections.abc import Iterator
from decimal import Decimal

from engine.kernel.findings import Finding
from engine.letters.content import Content
from engine.letters.draft_rules.remarks import on_item
from engine.letters.items import ItemView
from engine.letters.kinds import Direction, DueForm, Kind, Method, Stage


def check(content: Content) -> Iterator[Finding]:
    """What an item lacks to be one."""
    for item in content.items:
        if not item.name.strip():
            yield on_item(content, item, "3S.name", "no name", "name it", field="name")
        if item.kind.weighted:
            yield from _specific(content, item)
            yield from _measurable(content, item)
            yield from _attainable(content, item)
            yield from _relevant(content, item)
        if item.scored:
            yield from _timed(content, item)


def _specific(content: Content, item: ItemView) -> Iterator[Finding]:
    told = item.definition or (item.completion_standard if item.kind is Kind.TASK else "")
    if not told.strip():
        yield on_item(content, item, "3S.definition", "no definition", "say what is meant", field="definition")


def _measurable(content: Content, item: ItemView) -> Iterator[Finding]:
    if item.method is Method.UNSET:
        yield on_item(content, item, "3M.method", "no scoring method", "choose one", field="method")
    if item.kind is Kind.KPI:
        yield from _measured(content, item)
    else:
        yield from _delivered(content, item)


def _measured(content: Content, item: ItemView) -> Iterator[Finding]:
    for field, value, remedy in (
        ("unit", item.unit, "enter its unit"),
        ("target", _has_target(item), "enter the target"),
        ("formula", item.formula, "say how it is counted"),
        ("data_source", item.data_source, "say where the figure comes from"),
    ):
        if not value:
            yield on_item(content, item, f"3M.{field}", f"a KPI has no {field}", remedy, field=field)
    if item.data_provider is None:
        yield on_item(
            content, item, "3M.data_provider", "no data provider", "name another organisation", field="data_provider"
        )
    elif item.data_provider == content.letter.org:
        yield on_item(
            content,
            item,
            "3M.own_data",
            "the organisation provides its own figure",
            "name another organisation, or ask OPS for consent",
            warn=True,
            field="data_provider",
            org=content.org.name,
        )


def _has_target(item: ItemView) -> bool:
    parts = any(part.get("target") not in (None, "") for part in (*item.sub_items, *item.slices))
    return item.target is not None or bool(item.target_text.strip()) or parts


def _delivered(content: Content, item: ItemView) -> Iterator[Finding]:
    if not item.completion_standard.strip():
        yield on_item(
            content,
            item,
            "3M.standard",
            "no standard of completion",
            "say when it is done",
            field="completion_standard",
        )
    if not any(spec.stage is Stage.FINAL for spec in content.specs.get(item.id, ())):
        yield on_item(
            content, item, "3M.deliverable", "no final deliverable", "name what will be handed in", field="deliverables"
        )


def _attainable(content: Content, item: ItemView) -> Iterator[Finding]:
    if item.direction not in (Direction.HIGHER, Direction.LOWER) or _in_order(item):
        return
    higher = item.direction is Direction.HIGHER
    yield on_item(
        content,
        item,
        "3A.order",
        f"{item.threshold}, {item.target}, {item.challenge} are not in order for {item.direction}",
        "threshold ≤ target ≤ challenge" if higher else "threshold ≥ target ≥ challenge",
        field="challenge" if item.challenge is not None else "threshold",
        threshold=item.threshold,
        target=item.target,
        challenge=item.challenge,
        direction=item.direction,
        fix="swap" if swapped(item) else None,
    )


def _in_order(item: ItemView) -> bool:
    return _sorted(item, (item.threshold, item.target, item.challenge))


def _sorted(item: ItemView, values: tuple[Decimal | None, ...]) -> bool:
    sign = 1 if item.direction is Direction.HIGHER else -1
    known = [sign * value for value in values if value is not None]
    return known == sorted(known)


def swapped(item: ItemView) -> dict[str, Decimal] | None:
    """The values with two of them exchanged so that they are in order; None when one exchange does not do it."""
    names = ("threshold", "target", "challenge")
    for first, second in (("target", "challenge"), ("threshold", "target"), ("threshold", "challenge")):
        values = {name: getattr(item, name) for name in names}
        if values[first] is None or values[second] is None:
            continue
        values[first], values[second] = values[second], values[first]
        if _sorted(item, tuple(values[name] for name in names)):
            return {first: values[first], second: values[second]}
    return None


def _relevant(content: Content, item: ItemView) -> Iterator[Finding]:
    if item.parent is None and not item.alignment_reason.strip():
        yield on_item(
            content,
            item,
            "3R.alignment",
            "it serves no item above and gives no reason",
            "choose the item it serves, or say why it is here",
            field="alignment_reason",
        )


def _timed(content: Content, item: ItemView) -> Iterator[Finding]:
    if item.kind is Kind.TASK and item.due is None and item.due_form is DueForm.FIXED:
        yield on_item(content, item, "3T.due", "a task has no due date", "enter it", field="due")
    start, end = content.letter.starts_on, content.letter.ends_on
    if item.due is not None and start is not None and end is not None and not start <= item.due <= end:
        yield on_item(
            content,
            item,
            "3T.outside",
            f"due {item.due} lies outside {start} to {end}",
            "choose a day of the period",
            field="due",
            due=item.due,
            start=start,
            end=end,
        )
