"""All parameters of a regulation: typed, checked by marshmallow, described for pages."""

from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from decimal import Decimal
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from marshmallow import RAISE, Schema, ValidationError, validate
from marshmallow import fields as shapes

from engine.kernel.errors import InvalidInput
from engine.letters.parameter_sections import Adjusting, Cycle, Drafting, ParameterClass, Watching
from engine.letters.scoring.rules import Rules


@dataclass(frozen=True)
class Parameters:
    """Everything a regulation sets."""

    drafting: Drafting = field(default_factory=Drafting)
    cycle: Cycle = field(default_factory=Cycle)
    adjusting: Adjusting = field(default_factory=Adjusting)
    scoring: Rules = field(default_factory=Rules)
    watching: Watching = field(default_factory=Watching)


@dataclass(frozen=True)
class Described:
    """One parameter for a page: `drafting.weight_min`, its class, its bounds, its default."""

    name: str
    kind: ParameterClass
    low: Any
    high: Any
    default: Any


SECTIONS: Mapping[str, type[Any]] = {
    "drafting": Drafting,
    "cycle": Cycle,
    "adjusting": Adjusting,
    "scoring": Rules,
    "watching": Watching,
}


def load(values: Mapping[str, Any]) -> Parameters:
    """The parameters from JSON-like values; what is missing takes its default.

    Raises InvalidInput `regulation.parameters` with every mistake by its dotted name.
    """
    sections, mistakes = {}, {}
    for name in values.keys() - SECTIONS.keys():
        mistakes[name] = ["unknown section"]
    for name, form in SECTIONS.items():
        try:
            loaded = _schema(name).load(dict(values.get(name, {})))
        except ValidationError as invalid:
            mistakes |= {f"{name}.{key}": problem for key, problem in _messages(invalid)}
            continue
        sections[name] = form(**{key: _frozen(value) for key, value in loaded.items()})
    if mistakes:
        listed = "; ".join(f"{key}: {problem}" for key, problem in sorted(mistakes.items()))
        raise InvalidInput("regulation.parameters", f"these parameters are not valid: {listed}", mistakes=mistakes)
    return Parameters(**sections)


def dump(parameters: Parameters) -> dict[str, Any]:
    """The parameters as JSON-like values; decimals as texts, so that they come back exactly."""
    return {
        name: {each.name: _plain(getattr(getattr(parameters, name), each.name)) for each in _settable(form)}
        for name, form in SECTIONS.items()
    }


def describe() -> Iterator[Described]:
    """Every parameter, in the order of the sections."""
    for section, form in SECTIONS.items():
        plain = form()
        for each in _settable(form):
            known = each.metadata
            kind = known.get("class", ParameterClass.PRINCIPLE)
            default = getattr(plain, each.name)
            yield Described(f"{section}.{each.name}", kind, known.get("low"), known.get("high"), default)


def changed(old: Parameters, new: Parameters) -> dict[str, ParameterClass]:
    """The dotted names of the parameters that differ, with their class."""
    return {each.name: each.kind for each in describe() if _at(old, each.name) != _at(new, each.name)}


def _at(parameters: Parameters, name: str) -> Any:
    section, _, key = name.partition(".")
    return getattr(getattr(parameters, section), key)


@cache
def _schema(section: str) -> Schema:
    form = SECTIONS[section]
    hints = get_type_hints(form)
    made = {each.name: _shape(hints[each.name], each) for each in _settable(form)}
    return Schema.from_dict(made, name=form.__name__)(unknown=RAISE)


def _settable(form: type[Any]) -> list[Field[Any]]:
    # scoring's rules also carry what they cite: that is the regulation's own number and articles
    return [each for each in fields(form) if each.name not in ("regulation", "articles")]


def _shape(hint: Any, each: Field[Any]) -> shapes.Field[Any]:
    low, high = each.metadata.get("low"), each.metadata.get("high")
    return _plain_shape(hint, validate=[validate.Range(low, high)] if low is not None else [])


def _plain_shape(hint: Any, **rules: Any) -> shapes.Field[Any]:
    origin = get_origin(hint)
    if origin is tuple:
        return shapes.List(_plain_shape(get_args(hint)[0]))
    if origin is not None and issubclass(origin, Mapping):
        return shapes.Dict(keys=shapes.String(), values=_plain_shape(get_args(hint)[1]))
    kinds: dict[Any, type[shapes.Field[Any]]] = {Decimal: shapes.Decimal, int: shapes.Integer, str: shapes.String}
    return kinds[hint](**rules)


def _frozen(value: Any) -> Any:
    return tuple(_frozen(each) for each in value) if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _messages(invalid: ValidationError) -> list[tuple[str, Any]]:
    messages = invalid.messages
    return list(messages.items()) if isinstance(messages, dict) else [("", messages)]
