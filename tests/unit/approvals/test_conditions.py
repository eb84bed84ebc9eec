"""Forms whose fields depend on each other: hidden, locked and needed by FEEL over what is filled in."""

from datetime import UTC, datetime
from typing import Any

from engine.approvals import conditions

NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


def field(key: str, hide: str | None = None, **more: Any) -> dict[str, Any]:
    return {"type": "textfield", "key": key, **({"conditional": {"hide": hide}} if hide else {}), **more}


def form(*components: dict[str, Any]) -> dict[str, Any]:
    return {"type": "default", "components": list(components)}


def shown(drawn: dict[str, Any], values: dict[str, Any], data: dict[str, Any] | None = None) -> set[str]:
    return set(conditions.keys(conditions.settled(drawn, data or {}, values, now=NOW)))


def test_a_field_is_hidden_while_its_rule_holds() -> None:
    drawn = form(field("answer"), field("why", '=answer = "ACCEPTED"'))

    assert shown(drawn, {"answer": "ACCEPTED"}) == {"answer"}
    assert shown(drawn, {"answer": "REJECTED"}) == {"answer", "why"}


def test_a_rule_reads_the_data_of_the_process_below_what_is_filled_in() -> None:
    drawn = form(field("amount"), field("cause", "=amount <= limit"))

    assert shown(drawn, {"amount": 7}, {"limit": 5}) == {"amount", "cause"}
    assert shown(drawn, {"amount": 7}, {"limit": 5, "amount": 1}) == {"amount", "cause"}
    assert shown(drawn, {"amount": 3}, {"limit": 5}) == {"amount"}


def test_what_a_hidden_field_said_counts_no_more() -> None:
    drawn = form(field("kind"), field("detail", '=kind = "plain"'), field("proof", '=detail != "big"'))

    assert shown(drawn, {"kind": "special", "detail": "big"}) == {"kind", "detail", "proof"}
    assert shown(drawn, {"kind": "plain", "detail": "big"}) == {"kind"}


def test_a_hidden_group_takes_its_fields_with_it() -> None:
    group = {"type": "group", "conditional": {"hide": "=not(wanted)"}, "components": [field("a"), field("b")]}

    assert shown(form(field("wanted"), group), {"wanted": False}) == {"wanted"}
    assert shown(form(field("wanted"), group), {"wanted": True}) == {"wanted", "a", "b"}


def test_fields_are_locked_and_needed_by_rules() -> None:
    drawn = form(field("a", readonly="=done"), field("b", validate={"required": "=done"}))

    a, b = conditions.settled(drawn, {"done": True}, {}, now=NOW)["components"]

    assert (a["readonly"], b["validate"]["required"]) == (True, True)


def test_a_rule_that_cannot_be_worked_out_hides_nothing() -> None:
    assert shown(form(field("a", "=no such (")), {}) == {"a"}


def test_a_form_without_rules_is_known_as_such() -> None:
    assert not conditions.conditional(form(field("a"), {"type": "group", "components": [field("b")]}))
    assert conditions.conditional(form({"type": "group", "components": [field("b", "=x")]}))
