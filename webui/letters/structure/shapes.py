"""What a structured value is made of, in the vocabulary of `docs/scoring.md`: cells, and tables of rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from engine.letters.kinds import DueForm, Method
from webui.i18n import lazy_gettext as _l

NUMBER, TEXT, CHOICE, TICK, DAY, KNOWN, SIDE, EITHER = (
    *("number", "text", "choice", "tick", "day", "known", "side"),
    "either",  # a number where it is one, a span or a text else
)
ROWS, LISTS, PAIRS, PLAIN = "rows", "lists", "pairs", "plain"
"""How a table is kept: [{…}], [[…]], {first: second or [rest]}, [first]."""


@dataclass(frozen=True)
class Cell:
    """One input; a CHOICE has `options` (value, label), a KNOWN one those of the page; a `wide` one its own line."""

    name: str
    label: Any  # a lazy text
    kind: str = NUMBER
    options: tuple[tuple[str, Any], ...] = ()
    wide: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of cells, kept as `form` says."""

    name: str
    label: Any
    cells: tuple[Cell, ...]
    form: str = ROWS


@dataclass(frozen=True)
class Shape:
    """A context of cells and tables."""

    cells: tuple[Cell, ...] = ()
    tables: tuple[Table, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """What of the value this shape shows; everything else is kept as it was."""
        return frozenset([*(each.name for each in self.cells), *(each.name for each in self.tables)])


_UNIT = Cell(
    "score_unit", _l("Points count in"), CHOICE, (("item", _l("100 of the item")), ("points", _l("the letter")))
)
_EDGE = (("", _l("as above")), ("on", _l("included")), ("off", _l("left out")))
_ROUNDING = (
    ("floor", _l("whole steps only")),
    ("ceil", _l("a step begun counts")),
    ("half_up", _l("rounded")),
    ("none", _l("in parts")),
)
_STEP_UNITS = (
    ("pct_of_target", _l("% of the target")),
    ("pp", _l("percentage points")),
    ("permille", _l("‰ of the target")),
    ("abs", _l("absolute")),
    ("day", _l("days")),
    ("hour", _l("hours")),
)
_METHODS = tuple((str(each), each) for each in Method)

METHODS: Mapping[Method, Shape] = MappingProxyType(
    {
        Method.UNSET: Shape(),
        Method.MANUAL: Shape(),
        Method.RATIO: Shape((Cell("zero_below", _l("Nothing below this share")), Cell("cap", _l("At most")))),
        Method.INTERP: Shape(
            (Cell("extrapolate", _l("Go on beyond the ends"), TICK),),
            (
                Table(
                    "points",
                    _l("Points of the line (empty: threshold, target, stretch)"),
                    (Cell("value", _l("Value")), Cell("points", _l("Points"))),
                    LISTS,
                ),
            ),
        ),
        Method.BAND: Shape(
            (
                Cell("by", _l("Bands of"), CHOICE, (("", _l("numbers")), ("date", _l("dates")))),
                Cell("edges", _l("Edges"), CHOICE, (("[lo,hi)", "[ , )"), ("(lo,hi]", "( , ]"), ("[lo,hi]", "[ , ]"))),
                _UNIT,
            ),
            (
                Table(
                    "bands",
                    _l("Bands"),
                    (
                        Cell("lo", _l("Lower edge"), EITHER),
                        Cell("lo_closed", _l("Edge"), SIDE, _EDGE),
                        Cell("hi", _l("Upper edge"), EITHER),
                        Cell("hi_closed", _l("Edge"), SIDE, _EDGE),
                        Cell("value", _l("Points or formula"), EITHER),
                    ),
                ),
                Table(
                    "levels",
                    _l("Levels instead of bands"),
                    (Cell("level", _l("Level"), TEXT), Cell("points", _l("Points"))),
                    PAIRS,
                ),
            ),
        ),
        Method.EXPR: Shape(
            (
                Cell("expr", _l("Formula (A actual, T target)"), TEXT, wide=True),
                Cell(
                    "target_from",
                    _l("Target comes from"),
                    CHOICE,
                    (("", _l("the item")), ("PEER_MEAN", _l("the mean of the peers"))),
                ),
            ),
            (
                Table(
                    "constants",
                    _l("Named constants"),
                    (Cell("name", _l("Name"), TEXT), Cell("value", _l("Value"))),
                    PAIRS,
                ),
            ),
        ),
        Method.STEP: Shape(
            (
                Cell("step", _l("One step is")),
                Cell("step_unit", _l("in"), CHOICE, _STEP_UNITS),
                Cell("plus", _l("Points for a better step")),
                Cell("minus", _l("Points for a worse step")),
                Cell("max_plus", _l("Gain at most")),
                Cell("max_minus", _l("Lose at most")),
                Cell("round_plus", _l("Better steps"), CHOICE, _ROUNDING),
                Cell("round_minus", _l("Worse steps"), CHOICE, _ROUNDING),
                Cell("allowance", _l("Free allowance")),
                Cell("low", _l("Range from")),
                Cell("high", _l("Range to")),
                Cell("zero_beyond", _l("Nothing from this distance on")),
                _UNIT,
            )
        ),
        Method.DEDUCT: Shape(
            (Cell("base", _l("Starts with")), Cell("cap", _l("Lose at most")), _UNIT),
            (
                Table(
                    "events",
                    _l("Events"),
                    (
                        Cell("event", _l("Event"), TEXT),
                        Cell("points", _l("Points (2 or 1–5)"), EITHER),
                        Cell("allowance", _l("Free")),
                        Cell("cap", _l("At most")),
                        Cell("repeat", _l("Repeats ×")),
                        Cell("severity", _l("Severity"), TEXT),
                    ),
                ),
            ),
        ),
        Method.BOOL: Shape(
            (
                Cell("cond", _l("Condition (<=5)"), TEXT),
                Cell("pass", _l("Points if so")),
                Cell("fail", _l("Points if not")),
                _UNIT,
            )
        ),
        Method.PANEL: Shape(
            (),
            (
                Table(
                    "raters", _l("Groups of raters"), (Cell("role", _l("Group"), TEXT), Cell("weight", _l("Weight")))
                ),
                Table("criteria", _l("Criteria (most points each)"), (Cell("most", _l("At most")),), PLAIN),
                Table(
                    "levels",
                    _l("Levels"),
                    (Cell("level", _l("Level"), TEXT), Cell("least", _l("At least")), Cell("most", _l("At most"))),
                    PAIRS,
                ),
            ),
        ),
        Method.MILESTONE: Shape(
            (
                Cell("per_day", _l("Points for a day late")),
                Cell("per_days", _l("counted every so many days")),
                Cell("free_days", _l("Free days")),
                Cell("zero_from_day", _l("Nothing from this day late")),
                Cell("early_bonus", _l("Points for a day early")),
                Cell("early_max", _l("for being early at most")),
                _UNIT,
            )
        ),
    }
)

_SLICES = Table(
    "slices",
    _l("Slices of the year"),
    (
        Cell("period", _l("Period (202612, 2026Q4)"), TEXT),
        Cell("target", _l("Target")),
        Cell("threshold", _l("Threshold")),
        Cell("challenge", _l("Stretch")),
        Cell("weight", _l("Weight")),
        Cell("due", _l("Due"), DAY),
    ),
)
_PARTS = Table(
    "sub_items",
    _l("Parts with a target of their own"),
    (
        Cell("name", _l("Part"), TEXT),
        Cell("target", _l("Target"), EITHER),
        Cell("unit", _l("Unit of measure"), TEXT),
        Cell("weight", _l("Share in per cent")),
        Cell("method", _l("Method"), CHOICE, (("", "—"), *_METHODS)),
        Cell("due", _l("Due"), DAY),
        Cell("note", _l("Note"), TEXT),
    ),
)
_ASSESSORS = Table(
    "assessors",
    _l("Assessors"),
    (
        Cell("person", _l("Person"), KNOWN),
        Cell("org", _l("Unit"), KNOWN),
        Cell("group", _l("Group"), TEXT),
        Cell("name", _l("Name"), TEXT),
        Cell("weight", _l("Weight")),
    ),
)
DUES: Mapping[DueForm, Shape] = MappingProxyType(
    {
        DueForm.FIXED: Shape(),
        DueForm.RELATIVE: Shape((Cell("event", _l("After the event"), TEXT), Cell("days", _l("Days (before: −)")))),
        DueForm.BANDS: Shape(
            (),
            (Table("rows", _l("Days and points"), (Cell("day", _l("Day"), DAY), Cell("points", _l("Points"))), LISTS),),
        ),
        DueForm.RECURRING: Shape(
            (
                Cell(
                    "every",
                    _l("Every"),
                    CHOICE,
                    (("month", _l("month")), ("week", _l("week")), ("quarter", _l("quarter"))),
                ),
                Cell("day", _l("on day")),
            )
        ),
    }
)
NA = Shape(
    (
        Cell(
            "rule",
            _l("When it does not apply"),
            CHOICE,
            (
                ("", _l("as the regulation says")),
                ("FIXED", _l("fixed points")),
                ("REDISTRIBUTE", _l("its weight goes to the others")),
            ),
        ),
        Cell("points", _l("Points")),
    )
)
VETO = Shape(
    (
        Cell("event", _l("Event"), TEXT, wide=True),
        Cell("evidence", _l("Evidence"), TEXT, wide=True),
        Cell("confirmer", _l("Confirmed by"), TEXT),
        Cell("scope", _l("Reaches"), CHOICE, (("LETTER", _l("the whole letter")), ("ITEM", _l("this item")))),
    )
)
LISTED: Mapping[str, Table] = MappingProxyType({"slices": _SLICES, "sub_items": _PARTS, "assessors": _ASSESSORS})


def of(name: str, method: Method, due: DueForm) -> Shape:
    """The shape of a structured field of an item with this method and this kind of due date."""
    if name in LISTED:
        return Shape((), (LISTED[name],))
    return {"params": METHODS[method], "due_rule": DUES[due], "na_rule": NA, "veto": VETO}[name]
