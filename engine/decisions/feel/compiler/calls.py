"""Calls, function definitions and the host's functions as closures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.decisions.feel.budget import MAX_CALLS_DEEP, Run, exceeded
from engine.decisions.feel.compiler.dispatch import RUN, Build, Closure, Scope, closure_of, compiles, pay, size_of
from engine.decisions.feel.syntax import Call, Lambda, Name, Node
from engine.decisions.feel.values.borders import into, outof
from engine.decisions.feel.values.conformance import coerced, conforms
from engine.decisions.feel.values.functions import Function, HostFunction, ordered
from engine.decisions.feel.values.types import ANY, FeelType
from engine.decisions.feel.values.weights import weight

COST_OF_HOST = 100
COST_OF_DEFINING = 25
COST_OF_CALLING = 8
Parameters = tuple[tuple[str, FeelType], ...]


@compiles(Call)
def call(node: Call, build: Build) -> Closure:
    target = _target(node.function, build)
    arguments = [closure_of(argument, build) for argument in node.arguments]
    if node.names is not None:
        return _named_call(target, list(zip(node.names, arguments, strict=True)))

    def call_function(scope: Scope) -> Any:
        function = target(scope)
        if function.__class__ is not Function:
            return None
        return function.positional(scope[RUN], [argument(scope) for argument in arguments])

    return call_function


def _named_call(target: Closure, arguments: list[tuple[str, Closure]]) -> Closure:
    unique = len({name for name, _ in arguments}) == len(arguments)

    def call_function(scope: Scope) -> Any:
        function = target(scope)
        if function.__class__ is not Function or not unique:
            return None
        return function.named(scope[RUN], {name: argument(scope) for name, argument in arguments})

    return call_function


def _target(node: Node, build: Build) -> Closure:
    """The called function; data that only shares the name of a function does not hide it."""
    if not isinstance(node, Name) or node.name not in build.functions:
        return closure_of(node, build)
    name, known = node.name, build.functions[node.name]

    def find(scope: Scope) -> Any:
        local = scope.get(name)
        return local if local.__class__ is Function else known

    return find


@compiles(Lambda)
def function_of(node: Lambda, build: Build, name: str = "") -> Closure:
    """A function definition; under a name of its own it may call itself."""
    body = closure_of(node.body, build)
    definition = Definition(name or "function", node.parameters, body, size_of(node.body), node.result)

    def define(scope: Scope) -> Function:
        pay(scope, COST_OF_DEFINING)
        captured = dict(scope)
        made = make_function(definition, captured)
        if name:
            captured[name] = made
        return made

    return define


@dataclass(frozen=True)
class Definition:
    """A function before it meets a scope; calling its body once costs `cost` steps."""

    name: str
    parameters: Parameters
    body: Closure
    cost: int
    result: FeelType = ANY


def make_function(definition: Definition, captured: Scope) -> Function:
    """A function of FEEL over the scope it was made in. An argument of the wrong type makes the call null."""
    parameters, result = definition.parameters, definition.result
    names = tuple(parameter for parameter, _ in parameters)

    def positional(run: Run, given: list[Any]) -> Any:
        if len(given) != len(parameters):
            return None
        inner = {**captured, RUN: run}
        for (parameter, wanted), value in zip(parameters, given, strict=True):
            if wanted is not ANY and value.__class__ in (list, dict):
                run.spend(weight(value))
            fitting = coerced(value, wanted)
            if fitting is None and not (value is None and conforms(None, wanted)):
                return None
            inner[parameter] = fitting
        return coerced(_one_deeper(run, definition.body, inner, definition.cost), result)

    def named(run: Run, given: Mapping[str, Any]) -> Any:
        values = ordered(names, given)
        return None if values is None else positional(run, values)

    return Function(definition.name, parameters, positional, named, result)


def _one_deeper(run: Run, body: Closure, scope: Scope, cost: int) -> Any:
    run.spend(cost + COST_OF_CALLING)
    if run.depth >= MAX_CALLS_DEEP:
        raise exceeded("depth", MAX_CALLS_DEEP)
    run.depth += 1
    try:
        return body(scope)
    finally:
        run.depth -= 1


def host_function(given: HostFunction) -> Function:
    """The host's function as a value of FEEL."""

    def positional(run: Run, values: list[Any]) -> Any:
        run.spend(COST_OF_HOST + sum(map(weight, values)))
        if len(values) > len(given.parameters):
            return None
        try:
            return into(given.call(*[outof(value) for value in values]))
        except (ArithmeticError, LookupError, TypeError, ValueError):
            return None

    def named(run: Run, values: Mapping[str, Any]) -> Any:
        order = ordered(given.parameters, values)
        return None if order is None else positional(run, order)

    return Function(given.name, tuple((name, ANY) for name in given.parameters), positional, named)
