"""The way to the total as bars: points in, pixels out; figures as they were entered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.letters.scorecards.waterfall import Step
from webui import money
from webui.scores.blueprint import blueprint

PIXELS = 240


@dataclass(frozen=True)
class Fall:
    """One step: where its bar begins and how long it is; `look` is total, plus or minus."""

    step: Step
    start: int
    length: int
    look: str


@blueprint.app_template_global("falls_of")
def falls(steps: Sequence[Step]) -> Sequence[Fall]:
    """The bars of all steps on one scale."""
    most = max((abs(step.value) for step in steps), default=Decimal(1)) or Decimal(1)
    most = max(most, *(abs(step.value - (step.change or 0)) for step in steps), Decimal(100)) if steps else most
    return [_fall(step, PIXELS / most) for step in steps]


@blueprint.app_template_filter("figure")
def figure(value: Any) -> str:
    """What was entered, as a number where it is one."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {figure(each)}" for name, each in value.items())
    try:
        return money.number(Decimal(str(value)))
    except InvalidOperation:
        return str(value)


def _fall(step: Step, scale: Decimal) -> Fall:
    if step.change is None:
        return Fall(step, 0, int(max(step.value, Decimal(0)) * scale), "total")
    low, high = sorted((step.value, step.value - step.change))
    return Fall(
        step, int(max(low, Decimal(0)) * scale), int((high - low) * scale), "plus" if step.change > 0 else "minus"
    )
