"""Rules of a drawn form that depend on what is filled in: FEEL after `=` hides a field, locks it or makes it needed."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from engine.decisions import feel
from engine.kernel.errors import LetterflowError

MOST_ROUNDS = 8
"""A field that is hidden takes its value away, which may hide others; a form that never settles ends here."""
SWITCHES = ("readonly", "disabled")

Component = Mapping[str, Any]


def conditional(schema: Component) -> bool:
    """Whether anything in the form depends on what is filled in."""
    return any(_rule(each) or _written(each) for each in _all(schema.get("components") or ()))


def settled(schema: Component, data: Mapping[str, Any], values: Mapping[str, Any], *, now: datetime) -> Component:
    """The form as it stands with these values over the process data: without what is hidden, every rule a yes or no.

    A rule that cannot be worked out hides nothing and demands nothing.
    """
    known = dict(values)
    for _round in range(MOST_ROUNDS):
        shown = _settle(schema, {**data, **known}, now)
        left = {each["key"] for each in _all(shown.get("components") or ()) if each.get("key")}
        kept = {key: value for key, value in known.items() if key in left}
        if kept == known:
            break
        known = kept
    return shown


def keys(schema: Component) -> frozenset[str]:
    """The keys of all fields of a form."""
    return frozenset(str(each["key"]) for each in _all(schema.get("components") or ()) if each.get("key"))


def _settle(component: Component, data: Mapping[str, Any], now: datetime) -> Component:
    parts = [each for each in component.get("components") or () if not _holds(_rule(each), data, now)]
    found = {**component, **{name: _switched(component[name], data, now) for name in SWITCHES if name in component}}
    rules = component.get("validate")
    if isinstance(rules, Mapping) and isinstance(rules.get("required"), str):
        found["validate"] = {**rules, "required": _switched(rules["required"], data, now)}
    if "components" in component:
        found["components"] = [_settle(each, data, now) for each in parts]
    found.pop("conditional", None)
    return found


def _rule(component: Component) -> Any:
    return (component.get("conditional") or {}).get("hide")


def _written(component: Component) -> bool:
    rules = component.get("validate") or {}
    return any(isinstance(value, str) for value in (*(component.get(name) for name in SWITCHES), rules.get("required")))


def _switched(value: Any, data: Mapping[str, Any], now: datetime) -> bool:
    return _holds(value, data, now) if isinstance(value, str) else bool(value)


def _holds(rule: Any, data: Mapping[str, Any], now: datetime) -> bool:
    if not isinstance(rule, str) or not rule.strip().startswith("="):
        return False
    try:
        return feel.evaluate(rule.strip()[1:], data, now=now) is True
    except LetterflowError:
        return False


def _all(components: Any) -> Iterator[Component]:
    for each in components:
        yield each
        if each.get("type") != "dynamiclist":
            yield from _all(each.get("components") or ())
