"""A decision model as it is written: one frozen class for each element of DMN."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

HitPolicy = Literal["UNIQUE", "ANY", "FIRST", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT"]
HIT_POLICIES: tuple[HitPolicy, ...] = (
    "UNIQUE",
    "ANY",
    "FIRST",
    "PRIORITY",
    "RULE ORDER",
    "OUTPUT ORDER",
    "COLLECT",
)
AGGREGATIONS = ("", "SUM", "COUNT", "MIN", "MAX")


@dataclass(frozen=True)
class Box:
    """A boxed expression. `type_name` is its `typeRef`, empty when not given."""

    id: str
    type_name: str


@dataclass(frozen=True)
class LiteralBox(Box):
    """FEEL text."""

    text: str


@dataclass(frozen=True)
class ContextBox(Box):
    """Entries by name; the one without a name is the result."""

    entries: tuple[tuple["Variable | None", Box], ...]


@dataclass(frozen=True)
class InvocationBox(Box):
    """A call with arguments by name."""

    function: Box
    bindings: tuple[tuple[str, Box], ...]


@dataclass(frozen=True)
class FunctionBox(Box):
    """A function definition; `kind` other than FEEL is refused."""

    parameters: tuple["Variable", ...]
    body: Box | None
    kind: str = "FEEL"


@dataclass(frozen=True)
class RelationBox(Box):
    """Rows of columns: a list of contexts."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Box, ...], ...]


@dataclass(frozen=True)
class ListBox(Box):
    """A list of boxes."""

    items: tuple[Box, ...]


@dataclass(frozen=True)
class ConditionalBox(Box):
    """If, then, else."""

    condition: Box
    yes: Box
    no: Box


@dataclass(frozen=True)
class FilterBox(Box):
    """The elements of a list for which `match` is true."""

    source: Box
    match: Box


@dataclass(frozen=True)
class IteratorBox(Box):
    """`for`, `some` or `every` over a list."""

    kind: Literal["for", "some", "every"]
    variable: str
    source: Box
    body: Box


@dataclass(frozen=True)
class Column:
    """An input or output of a table; `values` are its allowed values as unary tests."""

    id: str
    label: str
    name: str
    text: str
    type_name: str
    values: str
    default: str = ""


@dataclass(frozen=True)
class Rule:
    """A row: cells in the order of the columns, then annotations."""

    id: str
    tests: tuple[str, ...]
    outputs: tuple[str, ...]
    annotations: Mapping[str, str]


@dataclass(frozen=True)
class TableBox(Box):
    """A decision table."""

    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rules: tuple[Rule, ...]
    policy: HitPolicy
    aggregation: str


@dataclass(frozen=True)
class Variable:
    """A name and the name of its type."""

    name: str
    type_name: str = ""


@dataclass(frozen=True)
class TypeDefinition:
    """An item definition: of a base type, of components, or of a function."""

    name: str
    base: str
    collection: bool
    components: tuple["TypeDefinition", ...]
    allowed: str
    constraint: str
    parameters: tuple[str, ...] | None = None
    result: str = ""


@dataclass(frozen=True)
class Reference:
    """What an `href` points to: a namespace (empty for the own one) and an id."""

    namespace: str
    id: str


@dataclass(frozen=True)
class Input:
    """Input data."""

    id: str
    name: str
    variable: Variable


@dataclass(frozen=True)
class Decision:
    """A decision: its variable, what it requires, and its logic (None when there is none)."""

    id: str
    name: str
    variable: Variable
    requires: tuple[Reference, ...]
    logic: Box | None


@dataclass(frozen=True)
class Knowledge:
    """A business knowledge model: a named function."""

    id: str
    name: str
    variable: Variable
    requires: tuple[Reference, ...]
    function: FunctionBox | None


@dataclass(frozen=True)
class Service:
    """A decision service: decisions to evaluate, and what is given instead of being evaluated."""

    id: str
    name: str
    variable: Variable
    outputs: tuple[Reference, ...]
    input_decisions: tuple[Reference, ...]
    inputs: tuple[Reference, ...]


@dataclass(frozen=True)
class Import:
    """Another model and the name it has here."""

    name: str
    namespace: str


Part = Input | Decision | Knowledge | Service


@dataclass(frozen=True)
class Definitions:
    """A whole file; `parts` by id."""

    name: str
    namespace: str
    types: tuple[TypeDefinition, ...]
    parts: Mapping[str, Part]
    imports: tuple[Import, ...] = field(default=())
