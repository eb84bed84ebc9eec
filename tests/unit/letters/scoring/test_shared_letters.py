"""Real letters: every item whose rule fits exactly is scored as that rule says (domain.md §6, §15)."""

from decimal import Decimal
from typing import Any

import pytest
import yaml

from engine.letters.scoring import deduct, item
from engine.letters.scoring.rules import Rules
from engine.letters.scoring.terms import Direction, Event, Facts, Method, Rating, Score, Terms
from tests.paths import SHARED

D = Decimal


def exact_items() -> list[tuple[str, dict[str, Any]]]:
    found = []
    for path in sorted((SHARED / "letters").glob("*.yaml")):
        for line in yaml.safe_load(path.read_text(encoding="utf-8"))["items"]:
            if (line.get("scoring") or {}).get("fit") == "exact":
                found.append((f"{path.name[:2]} {line['name'][:20]}", line))
    return found


def terms_of(line: dict[str, Any]) -> Terms:
    rule = line["scoring"]
    return Terms(
        Method(rule["method"]),
        kind=line["kind"],
        direction=Direction(line["direction"]) if line["direction"] else Direction.HIGHER,
        target=line["target"],
        weight=D(str(line["weight"] or 10)),
        signed=line["kind"] in {"BONUS", "DEDUCT"},
        params=rule["params"],
    )


def best(terms: Terms) -> Facts:
    if terms.method is Method.DEDUCT:
        return Facts(events=())
    if terms.method is Method.PANEL:
        groups = terms.params.get("raters")
        named = [entry["role"] for entry in groups] if isinstance(groups, list) else [""]
        most = tuple(D(limit) for limit in terms.params["criteria"])
        return Facts(ratings=tuple(Rating(name, group=name, criteria=most, comment="full marks") for name in named))
    if terms.method is Method.BAND:
        return Facts(next(iter(terms.params["levels"])))
    if terms.method is Method.STEP:
        return Facts(D(0))
    return Facts(terms.target if terms.target is not None else "是")


def scored(terms: Terms, facts: Facts) -> Score:
    return item.score(terms, facts, Rules())


ITEMS = exact_items()


def test_the_material_has_items_whose_rule_fits_exactly() -> None:
    assert len(ITEMS) > 35


@pytest.mark.parametrize("line", [line for _, line in ITEMS], ids=[name for name, _ in ITEMS])
def test_an_item_without_a_fault_has_all_its_points(line: dict[str, Any]) -> None:
    terms = terms_of(line)
    assert scored(terms, best(terms)).points == (0 if terms.signed else 100)


DEDUCTIONS = [(name, line) for name, line in ITEMS if line["scoring"]["method"] == "DEDUCT"]


@pytest.mark.parametrize("line", [line for _, line in DEDUCTIONS], ids=[name for name, _ in DEDUCTIONS])
def test_one_event_costs_what_the_table_says_in_points_of_the_letter(line: dict[str, Any]) -> None:
    terms = terms_of(line)
    table = deduct.table(terms)
    event = next(iter(table.values()), None)
    cost = D(2) if event is None else event.least
    assert cost is not None
    found = scored(terms, Facts(events=(Event(event.event if event else "other", points=None if event else cost),)))
    of_letter = terms.params.get("score_unit") == "points" and "base" not in terms.params
    in_item = cost * 100 / terms.weight if of_letter and not terms.signed else cost
    assert found.points == (-cost if terms.signed else max(D(0), 100 - in_item))


def test_letter_19_scores_its_four_items_as_its_own_rules_say() -> None:
    """50% 得 100, 每±1 个百分点 ∓9;负数按 0;不封顶."""
    lines = yaml.safe_load((SHARED / "letters/19-purchasing-manager-2024.yaml").read_text(encoding="utf-8"))["items"]
    opened = {"max_plus": None, "max_minus": None}
    cost, plan, quality, supplier = (
        Terms(
            Method(line["scoring"]["method"]),
            direction=Direction(line["direction"]),
            target=line["target"],
            weight=D(line["weight"]),
            uncapped=True,
            params={**line["scoring"]["params"], **opened},
        )
        for line in lines[:4]
    )
    assert scored(cost, Facts(D(48))).points == 118
    assert scored(cost, Facts(D(62))).points == 0
    assert scored(plan, Facts(D(93))).points == 84
    assert scored(quality, Facts(D(97))).points == 116
    assert scored(supplier, Facts(D("85.5"))).points == 90
