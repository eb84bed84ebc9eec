"""What the server draws itself (weight meter, contribution bar, sparkline): numbers in, pixels and words out."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from flask import Flask

from webui.i18n import gettext as _

METER_PIXELS = 120
BAR_PIXELS_PER_POINT = 4
HATCH_EVERY = 5
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Meter:
    """A weight meter as `components/meter.html` draws it; `state` is under, exact or over."""

    sum: str
    full: str
    state: str
    width: int
    label: str


@dataclass(frozen=True)
class Bar:
    """A contribution bar: pixels of weight, of what was earned, lost or won above 100, and a sentence."""

    length: int
    filled: int
    lost: int
    hatches: tuple[int, ...]
    total: int
    sign: str
    label: str


def install(app: Flask) -> None:
    """Make the drawings known to the templates."""
    app.jinja_env.globals.update(weight_meter_of=weight_meter, contribution_of=contribution, points_of=points)


def weight_meter(weights: Decimal, full: Decimal = Decimal(100)) -> Meter:
    """How much of the full score is given away, and what is missing to the hundredth."""
    apart = (full - weights).quantize(CENT)
    state = "exact" if apart == 0 else "under" if apart > 0 else "over"
    labels = {
        "exact": _("complete"),
        "under": _("%(points)s to go", points=f"{apart:.2f}"),
        "over": _("%(points)s too much", points=f"{-apart:.2f}"),
    }
    width = int(min(Decimal(1), weights / full) * METER_PIXELS) if full else 0
    return Meter(f"{weights:.2f}", f"{full.normalize():f}", state, max(0, width), labels[state])


def contribution(weight: Decimal, score: Decimal | None, widest: Decimal = Decimal(30)) -> Bar:
    """The bar of one item: length its weight, filled w·s/100; `widest` is the largest weight on the page."""
    scale = Decimal(160) / max(widest, Decimal(1))
    earned = weight * (score or Decimal(0)) / 100
    length, filled = int(weight * scale), int(min(earned, weight) * scale)
    above = int(max(Decimal(0), earned - weight) * scale)
    apart = (earned - weight).quantize(CENT, ROUND_HALF_UP)
    hatches = tuple(range(length + 1, length + above + 1, HATCH_EVERY))
    sign = "" if score is None or apart == 0 else f"{apart:+.2f}".replace("-", "−")
    label = _("%(earned)s of %(weight)s points", earned=f"{earned:.2f}", weight=f"{weight:.2f}")
    return Bar(length, filled, length - filled, hatches, length + above + HATCH_EVERY, sign, label)


def points(values: Sequence[Decimal], width: int = 120, height: int = 32) -> str:
    """The `points` of an SVG polyline through the values, lowest to highest over the whole height."""
    if not values:
        return ""
    low, high = min(values), max(values)
    step = width / max(1, len(values) - 1)
    span = (high - low) or Decimal(1)
    return " ".join(
        f"{n * step:.1f},{height - 2 - float((v - low) / span) * (height - 4):.1f}" for n, v in enumerate(values)
    )
