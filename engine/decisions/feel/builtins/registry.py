"""How a built-in function is declared, and how a call finds the form that fits its arguments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from engine.decisions.feel.budget import Run
from engine.decisions.feel.values.conformance import coerced
from engine.decisions.feel.values.functions import Function
from engine.decisions.feel.values.types import ANY, BY_NAME, FeelType
from engine.decisions.feel.values.weights import weight

Act = Callable[..., Any]
Made = TypeVar("Made", bound=Act)


@dataclass(frozen=True)
class Parameter:
    """One parameter: `optional` may be left out or null, `nullable` may be null, `many` takes all the rest."""

    name: str
    wanted: FeelType
    optional: bool = False
    nullable: bool = False
    many: bool = False
    omissible: bool = False


@dataclass(frozen=True)
class Form:
    """One way to call a function."""

    parameters: tuple[Parameter, ...]
    act: Act
    least: int
    most: int


CHEAP = frozenset({"count", "string length", "get value"})
DEEP = frozenset(
    {"list contains", "index of", "distinct values", "union", "flatten", "list replace", "sort", "string", "is", "mode"}
)
HARD = frozenset({"exp", "log", "sqrt", "stddev", "modulo"})
SLOW = 100
FORMS: dict[str, list[Form]] = {}
RESULTS: dict[str, FeelType] = {}


def builtin(name: str, parameters: str = "", result: str = "Any") -> Callable[[Made], Made]:
    """Declares one form: `"string: string, start position: number, length?: number"`.

    After a parameter's name, `?` makes it optional, `!` lets it be null, `*` lets it take all the rest,
    `~` lets it be null and left out of a call by name.
    """
    declared = tuple(_parameter(text.strip()) for text in parameters.split(",") if text.strip())

    def register(act: Made) -> Made:
        least = sum(1 for parameter in declared if not parameter.optional and not parameter.many)
        most = 1_000_000 if declared and declared[-1].many else len(declared)
        FORMS.setdefault(name, []).append(Form(declared, act, least, most))
        RESULTS[name] = BY_NAME.get(result, ANY)
        return act

    return register


def _parameter(text: str) -> Parameter:
    name, _, wanted = text.partition(":")
    plain = name.rstrip("?!*~")
    kind = BY_NAME[wanted.strip() or "Any"]
    nullable = any(mark in name for mark in "!?~")
    return Parameter(plain, kind, "?" in name, nullable, "*" in name, "~" in name)


def function_named(name: str) -> Function:
    """The built-in function as a value."""
    forms, price = FORMS[name], _price(name)

    def positional(run: Run, given: list[Any]) -> Any:
        run.spend(price(given))
        for form in forms:
            if form.least <= len(given) <= form.most:
                values = _fitted(form, given)
                if values is not None:
                    return form.act(run, *values)
        return None

    def named(run: Run, given: Mapping[str, Any]) -> Any:
        for form in forms:
            order = _order(form, given)
            if order is not None:
                return positional_form(run, form, order)
        return None

    def positional_form(run: Run, form: Form, given: list[Any]) -> Any:
        run.spend(price(given))
        values = _fitted(form, given)
        return None if values is None else form.act(run, *values)

    shown = tuple((parameter.name, parameter.wanted) for parameter in forms[0].parameters)
    return Function(name, shown, positional, named, RESULTS[name])


def _price(name: str) -> Callable[[list[Any]], int]:
    """What a call costs: nothing that depends on size, the length of the arguments, or all that is in them."""
    if name in CHEAP:
        return lambda given: 4
    if name in DEEP:
        return lambda given: 4 + 3 * sum(map(weight, given))
    extra = SLOW if name in HARD else 4
    return lambda given: extra + sum(_length(value) for value in given)


def _length(value: Any) -> int:
    if value.__class__ is list or value.__class__ is dict:
        return len(value)
    return len(value) >> 5 if value.__class__ is str else 0


def _fitted(form: Form, given: list[Any]) -> list[Any] | None:
    """The arguments as the types the form wants, None when one does not fit."""
    values = []
    last = len(form.parameters) - 1
    for at, value in enumerate(given):
        parameter = form.parameters[min(at, last)]
        fitting = value if parameter.wanted is ANY else coerced(value, parameter.wanted)
        if fitting is None and not (value is None and parameter.nullable):
            return None
        values.append(fitting)
    return values


def _order(form: Form, given: Mapping[str, Any]) -> list[Any] | None:
    """The named arguments in order, None when the names are not those of the form."""
    known = {parameter.name: parameter for parameter in form.parameters}
    if any(name not in known for name in given):
        return None
    order: list[Any] = []
    for parameter in form.parameters:
        if parameter.name not in given and not (parameter.optional or parameter.omissible):
            return None
        if parameter.many and isinstance(given[parameter.name], list):
            order.extend(given[parameter.name])
        else:
            order.append(given.get(parameter.name))
    return order
