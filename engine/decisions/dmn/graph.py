"""Putting files together: imports by namespace, and no requirement that leads back to itself."""

from collections.abc import Mapping

from engine.decisions.dmn.model import Model
from engine.decisions.dmn.reader import read_definitions
from engine.decisions.dmn.syntax import Decision, Definitions, Knowledge
from engine.decisions.dmn.xml import Limits
from engine.kernel.errors import BadDefinition

DEFAULT_LIMITS = Limits()
MAX_REQUIREMENTS_DEEP = 60


def read(xml: bytes, *, imports: Mapping[str, bytes] | None = None, limits: Limits = DEFAULT_LIMITS) -> Model:
    """The model of a file; `imports` are the other files by any name, found by their namespace.

    Raises BadDefinition that names the element and the remedy: broken XML, limits, missing imports, cycles.
    """
    own = read_definitions(xml, limits)
    others: dict[str, Definitions] = {}
    if own.imports:
        for content in (imports or {}).values():
            definitions = read_definitions(content, limits)
            others.setdefault(definitions.namespace, definitions)
    model = _linked(own, others, {}, ())
    _refuse_cycles(model)
    return model


def _linked(
    own: Definitions, others: Mapping[str, Definitions], made: dict[str, Model], path: tuple[str, ...]
) -> Model:
    if own.namespace in path:
        raise BadDefinition("dmn.import-cycle", f"the imports of {own.name} lead back to it", element=own.name)
    if own.namespace in made:
        return made[own.namespace]
    imported = {}
    for wanted in own.imports:
        if wanted.namespace in others:
            target = others[wanted.namespace]
            imported[wanted.name] = _linked(target, others, made, (*path, own.namespace))
        elif "DMN" not in wanted.namespace and not wanted.namespace.endswith(".xsd"):
            raise BadDefinition(
                "dmn.missing-import",
                f'{own.name} imports "{wanted.name}" ({wanted.namespace}), which was not given: add that file',
                element=wanted.name,
                namespace=wanted.namespace,
            )
    made[own.namespace] = Model(own, imported)
    return made[own.namespace]


def _refuse_cycles(model: Model) -> None:
    """Depth first over what parts require; services are closed by their own outputs and inputs."""
    done: set[str] = set()
    for part in model.definitions.parts.values():
        if isinstance(part, Decision):
            _visit(model, part, done, [])


def _visit(model: Model, part: Decision | Knowledge, done: set[str], path: list[str]) -> None:
    key = f"{model.definitions.namespace}#{part.id}"
    if key in done:
        return
    if key in path or len(path) > MAX_REQUIREMENTS_DEEP:
        raise BadDefinition("dmn.cycle", f"decision {part.name} requires itself: remove one arrow", element=part.name)
    for reference in part.requires:
        found = model.resolve(reference)
        if found and isinstance(found[1], Decision):
            _visit(found[0], found[1], done, [*path, key])
    done.add(key)
