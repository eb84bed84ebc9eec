"""A decision model that can be asked: requirement graphs evaluated on demand and each decision once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.decisions.dmn.inputs import Given, given_value
from engine.decisions.dmn.logic import Place, Witness, box_closure
from engine.decisions.dmn.syntax import (
    Decision,
    Definitions,
    Input,
    Knowledge,
    Part,
    Reference,
    Service,
)
from engine.decisions.dmn.tables import FiredRule
from engine.decisions.dmn.types import Types
from engine.decisions.feel.budget import MAX_NESTING, Run, exceeded
from engine.decisions.feel.compiler import RUN, Closure, Scope
from engine.decisions.feel.compiler.calls import Definition, host_function, make_function
from engine.decisions.feel.errors import FeelError
from engine.decisions.feel.expression import peculiar
from engine.decisions.feel.values.borders import result_of
from engine.decisions.feel.values.conformance import coerced
from engine.decisions.feel.values.functions import Function, HostFunction
from engine.decisions.feel.values.types import ANY, FeelType
from engine.decisions.feel.values.weights import weight
from engine.kernel.errors import NotFound

NO_FUNCTIONS: Mapping[str, HostFunction] = {}
COST_PER_SERVICE = 50
MAX_COMPILED = 1_000


@dataclass(frozen=True)
class Outcome:
    """The value of a decision; `rules` are the rows that fired on the way, `problems` the texts that are no FEEL."""

    value: Any
    rules: tuple[FiredRule, ...] = ()
    problems: tuple[FeelError, ...] = ()


@dataclass
class Evaluation:
    """One request: what was given, what is already known, and what carries the budget."""

    run: Run
    given: Mapping[str, Any]
    known: dict[tuple[str, str], Any] = field(default_factory=dict)
    told: tuple[str, ...] = ()  # names of data and of the host's functions that the parser must be told


@dataclass(frozen=True)
class Compiled:
    """A part's logic, and which required parts its texts mention."""

    closure: Closure
    used: frozenset[str]


class Model:
    """The decisions, knowledge and services of one file, with those of the files it imports."""

    def __init__(self, definitions: Definitions, imported: Mapping[str, "Model"]) -> None:
        self.definitions = definitions
        self.name = definitions.name
        self.imported = imported
        self.types: Types = Types(definitions.types, {name: model.types for name, model in imported.items()})
        self._compiled: dict[tuple[str, tuple[str, ...]], Compiled] = {}

    @property
    def decisions(self) -> tuple[str, ...]:
        """The names of the decisions of this file."""
        return tuple(part.name for part in self.definitions.parts.values() if isinstance(part, Decision))

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the input data of this file."""
        return tuple(part.name for part in self.definitions.parts.values() if isinstance(part, Input))

    @property
    def services(self) -> tuple[str, ...]:
        """The names of the decision services of this file."""
        return tuple(part.name for part in self.definitions.parts.values() if isinstance(part, Service))

    def holds(self, ident: str) -> bool:
        """Whether a decision of this file has that id."""
        return isinstance(self.definitions.parts.get(ident), Decision)

    def decide(
        self,
        name_or_id: str,
        data: Mapping[str, Any],
        *,
        now: datetime | None = None,
        functions: Mapping[str, HostFunction] = NO_FUNCTIONS,
    ) -> Outcome:
        """The outcome of a decision, or of a decision service or knowledge model, over the data.

        Raises NotFound for an unknown name, FeelBudgetExceeded, and FeelError for data FEEL has no type for.
        """
        part = self.part(name_or_id)
        run = Run(now, functions)
        evaluation = Evaluation(run, Given(data), told=peculiar((*functions, *data)))
        try:
            value = result_of(self._answer(part, evaluation))
        except RecursionError as deep:
            raise exceeded("nesting", MAX_NESTING) from deep
        return Outcome(value, tuple(run.fired), tuple(run.problems))

    def part(self, name_or_id: str) -> Part:
        """The decision, service, knowledge model or input with this name or id. Raises NotFound."""
        wanted = " ".join(name_or_id.split())
        for part in self.definitions.parts.values():
            if part.name == wanted:
                return part
        if wanted in self.definitions.parts:
            return self.definitions.parts[wanted]
        prefix, _, rest = wanted.partition(".")
        if rest and prefix in self.imported:
            return self.imported[prefix].part(rest)
        raise NotFound(
            "dmn.unknown-decision",
            f'there is no decision "{name_or_id}"; there are {", ".join(self.decisions) or "none"}',
            name=name_or_id,
            known=self.decisions,
        )

    def _answer(self, part: Part, evaluation: Evaluation) -> Any:
        owner = self._owner(part)
        if isinstance(part, Service):
            return owner._serve_request(part, evaluation)
        value = owner._value(part, evaluation)
        if isinstance(part, Knowledge) and isinstance(value, Function):
            names = [name for name, _ in value.parameters]
            return value.named(evaluation.run, {name: evaluation.given.get(name) for name in names})
        return value

    def _owner(self, part: Part) -> "Model":
        if part in self.definitions.parts.values():
            return self
        return next(model for model in self.imported.values() if part in model.definitions.parts.values())

    def resolve(self, reference: Reference) -> tuple["Model", Part, str] | None:
        """The model and part a reference means, and the import it came through (empty for the own model)."""
        if reference.namespace in ("", self.definitions.namespace):
            part = self.definitions.parts.get(reference.id)
            return None if part is None else (self, part, "")
        for name, model in self.imported.items():
            if model.definitions.namespace == reference.namespace and reference.id in model.definitions.parts:
                return model, model.definitions.parts[reference.id], name
        return None

    def _value(self, part: Part, evaluation: Evaluation) -> Any:
        """The value of a part, from what is known or evaluated now."""
        key = self.definitions.namespace, part.id
        if key not in evaluation.known:
            if isinstance(part, Knowledge) and part.function is not None:
                evaluation.known[key] = _forward(part, lambda: evaluation.known[key])
            evaluation.known[key] = self._evaluated(part, evaluation)
        return evaluation.known[key]

    def _evaluated(self, part: Part, evaluation: Evaluation) -> Any:
        wanted = self.types.wanted(part.variable.type_name)
        if isinstance(part, Input):
            return given_value(part.variable.name, wanted, evaluation.given)
        if isinstance(part, Service):
            return self._service_function(part, evaluation)
        compiled = self.compiled(part, told=evaluation.told)
        value = compiled.closure(self._scope(part, compiled.used, evaluation))
        if isinstance(part, Knowledge):
            return self._typed_function(value, wanted)
        if part.logic is None:
            return given_value(part.variable.name, wanted, evaluation.given)
        evaluation.run.spend(weight(value))
        return coerced(value, wanted)

    def _typed_function(self, value: Any, wanted: FeelType) -> Any:
        """The function with its result coerced to the type of its variable."""
        result = wanted.result or ANY if wanted.kind == "function" else wanted
        if result is ANY or not isinstance(value, Function):
            return value
        return Function(
            value.name,
            value.parameters,
            lambda run, given: coerced(value.positional(run, given), result),
            lambda run, given: coerced(value.named(run, given), result),
            result,
        )

    def _scope(self, part: Decision | Knowledge, used: frozenset[str], evaluation: Evaluation) -> Scope:
        """What the texts of a part may see: undeclared data, the host's functions, and what the part requires."""
        declared = {other.variable.name for other in self.definitions.parts.values()}
        given, functions = evaluation.given, evaluation.run.functions
        scope: Scope = {name: given[name] for name in used if name in given and name not in declared}
        scope.update((name, host_function(functions[name])) for name in used if name in functions)
        scope[RUN] = evaluation.run
        for reference in part.requires:
            found = self.resolve(reference)
            if found is None:
                continue
            model, required, prefix = found
            name = required.variable.name
            if not prefix and name in used:
                scope[name] = model._value(required, evaluation)
            elif prefix and prefix in used:
                space = scope.get(prefix)
                scope[prefix] = {**space, name: None} if space.__class__ is dict else {}
                scope[prefix][name] = model._value(required, evaluation)
        return scope

    def compiled(
        self, part: Decision | Knowledge, witness: Witness | None = None, *, told: tuple[str, ...] = ()
    ) -> Compiled:
        """The part's logic, compiled once; anew for a witness. `told` are names the parser must know."""
        key = part.id, told
        if witness is None and key in self._compiled:
            return self._compiled[key]
        place = Place(part.name, (*self.visible_names(part), *told), self.types, witness)
        box = part.logic if isinstance(part, Decision) else part.function
        closure: Closure = (lambda scope: None) if box is None else box_closure(box, place)
        made = Compiled(closure, frozenset(place.used))
        if len(self._compiled) >= MAX_COMPILED:
            self._compiled.clear()
        self._compiled[key] = made
        return made

    def visible_names(self, part: Decision | Knowledge) -> tuple[str, ...]:
        """The names that the texts of a part may use."""
        names = list(self.imported)
        for reference in part.requires:
            found = self.resolve(reference)
            if found:
                names.append(found[1].variable.name)
        return tuple(names)

    def _service_function(self, service: Service, evaluation: Evaluation) -> Function:
        """The service as a function of its input data, then its input decisions (DMN 1.5 §10.4)."""
        parts = [
            found for reference in (*service.inputs, *service.input_decisions) if (found := self.resolve(reference))
        ]
        parameters = tuple(
            (part.variable.name, model.types.wanted(part.variable.type_name)) for model, part, _ in parts
        )

        def body(scope: Scope) -> Any:
            given = {name: scope[name] for name, _ in parameters}
            inner = Evaluation(scope[RUN], given, told=evaluation.told)
            for model, part, _ in parts:
                inner.known[model.definitions.namespace, part.id] = given[part.variable.name]
            return self._served(service, inner)

        result = self._result_type(service)
        return make_function(Definition(service.name, parameters, body, COST_PER_SERVICE, result), {})

    def _result_type(self, service: Service) -> FeelType:
        wanted = self.types.wanted(service.variable.type_name)
        return (wanted.result or ANY) if wanted.kind == "function" else wanted

    def _serve_request(self, service: Service, evaluation: Evaluation) -> Any:
        """The service called with what was given; a missing input decision is null."""
        inner = Evaluation(evaluation.run, evaluation.given, told=evaluation.told)
        for reference in service.input_decisions:
            found = self.resolve(reference)
            if found:
                model, part, _ = found
                wanted = model.types.wanted(part.variable.type_name)
                value = given_value(part.variable.name, wanted, evaluation.given)
                inner.known[model.definitions.namespace, part.id] = value
        return coerced(self._served(service, inner), self._result_type(service))

    def _served(self, service: Service, evaluation: Evaluation) -> Any:
        """The output decision's value, or a context of several."""
        values: dict[str, Any] = {}
        for reference in service.outputs:
            found = self.resolve(reference)
            if found:
                values[found[1].variable.name] = found[0]._value(found[1], evaluation)
        return next(iter(values.values())) if len(values) == 1 else values


def _forward(part: Knowledge, target: Callable[[], Any]) -> Function:
    """Stands for a knowledge model while it is being made, so that it may require itself."""
    parameters = tuple((parameter.name, ANY) for parameter in (part.function.parameters if part.function else ()))
    return Function(
        part.name,
        parameters,
        lambda run, given: target().positional(run, given),
        lambda run, given: target().named(run, given),
    )
