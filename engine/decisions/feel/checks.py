"""What is legal in FEEL but surely wrong, and what is no FEEL at all, as findings."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.decisions.feel.builtins import FORMS
from engine.decisions.feel.cursor import FULL_WIDTH
from engine.decisions.feel.errors import FeelError
from engine.decisions.feel.expression import compile_text
from engine.decisions.feel.inference import type_of
from engine.decisions.feel.names import nearest
from engine.decisions.feel.syntax import Binary, Call, InstanceOf, Interval, Literal, Name, Node, walk
from engine.decisions.feel.values.comparison import less
from engine.decisions.feel.values.functions import HostFunction
from engine.decisions.feel.values.types import BY_NAME, FeelType
from engine.kernel.findings import Finding

WARNINGS = frozenset({"feel.mixes-types", "feel.compares-types", "feel.empty-range"})
COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
TOGETHER = (frozenset({"date", "date and time"}), frozenset({"days and time duration", "years and months duration"}))


@dataclass(frozen=True)
class Known:
    """What a text may use: names (None when anything goes), their types, the host's functions, other callables."""

    names: frozenset[str] | None
    types: Mapping[str, FeelType]
    functions: Mapping[str, HostFunction]
    element: str = ""
    callables: frozenset[str] = frozenset()

    def finding(self, code: str, *worded: str, **fields: Any) -> Finding:
        """A finding of this code; `worded` are its message and its remedy."""
        message, remedy = worded
        return Finding(code, "warning" if code in WARNINGS else "error", self.element, message, remedy, fields)


def check(
    text: str,
    *,
    names: Iterable[str] | None = None,
    types: Mapping[str, FeelType | str] | None = None,
    functions: Mapping[str, HostFunction] | None = None,
    unary: bool = False,
) -> list[Finding]:
    """Findings about a text. With `names`, a name that is not among them is an error; `types` are those of names."""
    typed = {name: _type(wanted) for name, wanted in (types or {}).items()}
    listed = None if names is None else frozenset(names) | typed.keys() | ({"?"} if unary else set())
    known = Known(listed, typed, functions or {})
    try:
        node = compile_text(text, names=(*(listed or ()), *typed), functions=known.functions, unary=unary).node
    except FeelError as broken:
        return [known.finding(broken.code, broken.message, "correct the text", **broken.fields)]
    return list(findings(node, known))


def _type(wanted: FeelType | str) -> FeelType:
    return BY_NAME.get(wanted, FeelType("Any")) if isinstance(wanted, str) else wanted


def findings(node: Node, known: Known) -> Iterator[Finding]:
    """The findings about a tree."""
    called = {id(part.function) for part in walk(node) if isinstance(part, Call)}
    for part in sorted(walk(node), key=lambda found: found.position):
        if isinstance(part, Name) and id(part) not in called:
            yield from _name(part, known)
        elif part.__class__ in _CHECKS:
            yield from _CHECKS[part.__class__](part, known)


def _name(node: Name, known: Known) -> Iterator[Finding]:
    if known.names is None or node.bound or node.filtered:
        return
    if node.name in known.names or node.name in known.functions or node.name in FORMS:
        return
    near = nearest(node.name, known.names)
    signs = sorted({sign for sign in node.name if sign in FULL_WIDTH})
    if signs and not near:
        yield known.finding(
            "feel.full-width",
            f'"{node.name}" is read as one name because of {" ".join(signs)}',
            f"write half-width {' '.join(FULL_WIDTH[sign] for sign in signs)}",
            name=node.name,
            position=node.position,
        )
        return
    hint = f'; did you mean "{near}"?' if near else ""
    yield known.finding(
        "feel.unknown-name",
        f'"{node.name}" not found{hint}',
        f'write "{near}"' if near else "use one of the known names",
        name=node.name,
        nearest=near,
        position=node.position,
        known=sorted(known.names)[:50],
    )


def _call(node: Call, known: Known) -> Iterator[Finding]:
    if not isinstance(node.function, Name) or node.function.bound or node.function.filtered:
        return
    name = node.function.name
    if name in FORMS:
        yield from _arguments(node, name, known)
    elif name not in {*known.functions, *known.callables, *(known.names or ())}:
        near = nearest(name, (*FORMS, *known.functions, *known.callables))
        yield known.finding(
            "feel.unknown-function",
            f'there is no function "{name}"' + (f'; did you mean "{near}"?' if near else ""),
            f'write "{near}"' if near else "use a built-in function",
            name=name,
            nearest=near,
            position=node.position,
        )


def _arguments(node: Call, name: str, known: Known) -> Iterator[Finding]:
    forms = FORMS[name]
    if node.names is None:
        fits = any(form.least <= len(node.arguments) <= form.most for form in forms)
    else:
        fits = any(set(node.names) <= {parameter.name for parameter in form.parameters} for form in forms)
    if not fits:
        shown = " or ".join(f"{name}({', '.join(parameter.name for parameter in form.parameters)})" for form in forms)
        yield known.finding(
            "feel.wrong-arguments",
            f"these arguments do not fit; expected {shown}",
            f"write {shown}",
            name=name,
            expected=shown,
            position=node.position,
        )


def _binary(node: Binary, known: Known) -> Iterator[Finding]:
    left, right = type_of(node.left, known.types), type_of(node.right, known.types)
    if left is None or right is None or left.kind == right.kind or {left.kind, right.kind} in TOGETHER:
        return
    mixes = node.operator == "+" and "string" in (left.kind, right.kind)
    if node.operator in COMPARISONS or mixes:
        code = "feel.mixes-types" if mixes else "feel.compares-types"
        remedy = "write string(…) around the other value" if mixes else _remedy(left.kind, right.kind)
        yield known.finding(
            code,
            f'"{node.operator}" between {left.kind} and {right.kind} is always null',
            remedy,
            left=left.kind,
            right=right.kind,
            operator=node.operator,
            position=node.position,
        )


def _remedy(left: str, right: str) -> str:
    if {left, right} == {"string", "number"}:
        return "compare text with text and numbers with numbers: remove the quotation marks, or write number(…)"
    if "string" in (left, right):
        other = right if left == "string" else left
        return f'write {other}("…") or @"…" around the text'
    return "compare values of one type"


def _interval(node: Interval, known: Known) -> Iterator[Finding]:
    low, high = node.low, node.high
    if isinstance(low, Literal) and isinstance(high, Literal) and less(high.value, low.value) is True:
        yield known.finding(
            "feel.empty-range",
            "this range ends before it begins: nothing lies in it",
            "write the smaller value first",
            position=node.position,
        )


def _instance(node: InstanceOf, known: Known) -> Iterator[Finding]:
    if node.wanted is None:
        yield known.finding(
            "feel.unknown-type",
            "there is no such type",
            "use number, string, boolean, date, time, date and time, a duration, list<…>, context<…>, range<…>",
            position=node.position,
        )


_CHECKS: dict[type[Node], Callable[[Any, Known], Iterator[Finding]]] = {
    Call: _call,
    Binary: _binary,
    Interval: _interval,
    InstanceOf: _instance,
}
