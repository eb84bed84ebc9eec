"""Structured values survive their inputs: what is shown and sent back unchanged is the same value."""

from typing import Any

import pytest

from engine.letters.kinds import DueForm, Method
from webui.letters.structure import reading, shapes

KEPT: list[tuple[str, Method, Any]] = [
    (
        "params",
        Method.STEP,
        {"step": 1, "step_unit": "pp", "minus": "2.5", "max_plus": None, "plan": [["2026-06-30", 50]]},
    ),
    ("params", Method.BAND, {"bands": [{"lo": 80, "hi": 90, "value": 60, "lo_closed": False}], "edges": "(lo,hi]"}),
    ("params", Method.BAND, {"levels": {"优": 100, "良": 80}}),
    ("params", Method.INTERP, {"points": [[80, 60], [100, 100]]}),
    ("params", Method.DEDUCT, {"events": [{"event": "事故", "points": [1, 5], "cap": 10}]}),
    (
        "params",
        Method.PANEL,
        {"raters": [{"role": "客户", "weight": 70}], "criteria": [5, 5], "levels": {"优": [90, 100]}},
    ),
    ("params", Method.EXPR, {"expr": "10*(1+(A-k)/T)", "constants": {"k": 5}}),
    ("params", Method.BOOL, {"cond": "<=5"}),
    ("params", Method.MILESTONE, {"per_day": 2, "free_days": 1}),
    ("slices", Method.INTERP, [{"period": "202612", "target": "1000.5", "params": {"kept": True}}]),
    ("sub_items", Method.INTERP, [{"name": "一期", "target": 60, "weight": "33.33"}]),
    ("assessors", Method.PANEL, [{"person": 4, "weight": 30}]),
    ("na_rule", Method.INTERP, {"rule": "FIXED", "points": 80}),
    ("veto", Method.BOOL, {"event": "重大事故", "scope": "ITEM"}),
]


def sent(name: str, method: Method, value: Any) -> dict[str, str]:
    drawn = reading.shown(shapes.of(name, method, DueForm.FIXED), name, value)
    found = {f"{name}.{cell.name}": text for cell, text in drawn.cells}
    for _table, place, rows in drawn.tables:
        found |= {f"{place}.{number}.{key}": text for number, row in enumerate(rows) for key, text in row.items()}
    return found


@pytest.mark.parametrize(("name", "method", "value"), KEPT)
def test_what_is_sent_back_as_it_was_shown_is_the_same_value(name: str, method: Method, value: Any) -> None:
    shape = shapes.of(name, method, DueForm.FIXED)
    done = reading.read(shape, name, sent(name, method, value), value)
    assert done.errors == {}
    assert done.value == value


def test_bands_written_as_comparisons_are_shown_with_their_edges() -> None:
    drawn = reading.shown(
        shapes.of("params", Method.BAND, DueForm.FIXED), "params", {"bands": [["<=03-31", 4], [">5", 1]]}
    )
    first, second = drawn.tables[0][2][:2]
    assert (first["hi"], first["hi_closed"], first["value"]) == ("03-31", "on", "4")
    assert (second["lo"], second["lo_closed"]) == ("5", "off")
