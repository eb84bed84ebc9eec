"""An expression ready to be evaluated, and the two ways to get one."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import InvalidOperation
from functools import lru_cache
from typing import Any

from engine.decisions.feel.budget import MAX_NESTING, Run, exceeded
from engine.decisions.feel.builtins import FUNCTIONS
from engine.decisions.feel.compiler import RUN, Build, Closure, Scope, closure_of
from engine.decisions.feel.compiler.calls import host_function
from engine.decisions.feel.names import KEYWORDS, KnownNames
from engine.decisions.feel.parser import parse
from engine.decisions.feel.syntax import Call, Filter, For, Name, Node, Quantified, walk
from engine.decisions.feel.values.borders import into, result_of
from engine.decisions.feel.values.functions import HostFunction
from engine.decisions.feel.values.properties import NAMES as PROPERTY_NAMES
from engine.decisions.feel.values.types import FeelType

NO_FUNCTIONS: Mapping[str, HostFunction] = {}
BUILTIN_NAMES = KnownNames(name for name in (*FUNCTIONS, *PROPERTY_NAMES) if " " in name)
_DONE = frozenset({str, bool, type(None)})
_NEEDS_RUN = (Call, Filter, For, Quantified)


class Expression:
    """A compiled expression: call it with data.

    `names` are the variables it reads (first step of each path); `free` are these and the built-in names it mentions.
    """

    __slots__ = ("_build", "_direct", "_inner", "free", "names", "node", "text")

    def __init__(self, text: str, node: Node, functions: Mapping[str, HostFunction]) -> None:
        self.text = text
        self.node = node
        hosted = {name: host_function(given) for name, given in functions.items()}
        self._build = Build({**hosted, **FUNCTIONS} if hosted else FUNCTIONS)
        found = list(walk(node))
        self.free = frozenset(part.name for part in found if part.__class__ is Name and not part.bound)
        self.names = self.free - FUNCTIONS.keys() - functions.keys()
        simple = not any(part.__class__ in _NEEDS_RUN for part in found)
        self._inner: Closure | None = None
        self._direct = _compiled(node, replace(self._build, raw=True)) if simple else None

    def __call__(
        self,
        data: Mapping[str, Any],
        *,
        now: datetime | None = None,
        functions: Mapping[str, HostFunction] = NO_FUNCTIONS,
    ) -> Any:
        """The value over the data, as Python values. `now` is what `now()` and `today()` say, in its own zone.

        Raises FeelBudgetExceeded, and FeelError for data FEEL has no type for.
        """
        try:
            if self._direct is not None and (not functions or self.free.isdisjoint(functions)):
                value = self._direct(data)  # type: ignore[arg-type]  # closures only read from it
            else:
                value = self.run(self._scope(data, Run(now, functions)))
            return value if value.__class__ in _DONE else result_of(value)
        except InvalidOperation:  # a Decimal in the data that is no number; turned into null on this way
            return result_of(self.run(self._scope(data, Run(now, functions))))
        except RecursionError as deep:
            raise exceeded("nesting", MAX_NESTING) from deep

    def _scope(self, data: Mapping[str, Any], run: Run) -> Scope:
        scope: Scope = {name: into(data[name]) for name in self.free if name in data}
        for name, given in run.functions.items():
            if name in self.free:
                scope[name] = host_function(given)
        scope[RUN] = run
        return scope

    def run(self, scope: Scope) -> Any:
        """The value over a scope of FEEL values that holds a Run, as a FEEL value; for decision models."""
        if self._inner is None:
            self._inner = _compiled(self.node, self._build)
        return self._inner(scope)


def _compiled(node: Node, build: Build) -> Closure:
    try:
        return closure_of(node, build)
    except RecursionError as deep:
        raise exceeded("nesting", MAX_NESTING) from deep


def compile_text(
    text: str,
    *,
    names: Iterable[str] = (),
    functions: Mapping[str, HostFunction] = NO_FUNCTIONS,
    types: Mapping[str, FeelType] | None = None,
    unary: bool = False,
) -> Expression:
    """The expression that the text says. `names` are the known variables, needed for names with signs or keywords.

    Raises FeelError (with position, expected and found) for a text that is not FEEL.
    """
    known = KnownNames((*names, *functions), BUILTIN_NAMES)
    try:
        node = parse(text, known, types=types, unary=unary)
    except RecursionError as deep:
        raise exceeded("nesting", MAX_NESTING) from deep
    return Expression(text, node, functions)


def evaluate(
    text: str,
    data: Mapping[str, Any],
    *,
    now: datetime | None = None,
    functions: Mapping[str, HostFunction] = NO_FUNCTIONS,
) -> Any:
    """The value of the text over the data; compiled once for each text. Raises FeelError."""
    if data.keys() <= _PLAIN and functions.keys() <= _PLAIN:
        return _cached(text, ())(data, now=now, functions=functions)
    return _cached(text, peculiar((*data, *functions)))(data, now=now, functions=functions)


def peculiar(names: Iterable[str]) -> tuple[str, ...]:
    """Those of the names that the parser finds only when it is told: with signs, keywords, digits as words."""
    return tuple(name for name in names if not _is_plain(name))


@lru_cache(maxsize=2048)
def _cached(text: str, names: tuple[str, ...]) -> Expression:
    return compile_text(text, names=names)


_PLAIN: set[str] = set()  # names met before that the parser finds without being told
MAX_PLAIN = 10_000


def _is_plain(name: str) -> bool:
    if name in _PLAIN:
        return True
    plain = all(word.isidentifier() and word not in KEYWORDS for word in name.split(" "))
    if plain and len(_PLAIN) < MAX_PLAIN:
        _PLAIN.add(name)
    return plain
