"""Which base type an expression surely has, without evaluating it; None when it cannot be told."""

from collections.abc import Callable, Mapping
from typing import Any

from engine.decisions.feel.builtins.registry import RESULTS
from engine.decisions.feel.syntax import (
    Between,
    Binary,
    Call,
    ContextOf,
    Filter,
    For,
    If,
    In,
    InstanceOf,
    Lambda,
    ListOf,
    Literal,
    Logic,
    Name,
    Negation,
    Node,
    Path,
    Quantified,
)
from engine.decisions.feel.values.conformance import kind_of
from engine.decisions.feel.values.types import FeelType

Types = Mapping[str, FeelType]
_ARITHMETIC = frozenset("+-*/") | {"**"}
_BOOLEAN = (Between, In, InstanceOf, Logic, Quantified)


def type_of(node: Node, types: Types) -> FeelType | None:
    """The type of a node, from its form and the types of names."""
    if isinstance(node, _BOOLEAN):
        return FeelType("boolean")
    infer = _INFER.get(node.__class__)
    found = infer(node, types) if infer else None
    return None if found is None or found.kind in ("Any", "Null") else found


def _binary(node: Binary, types: Types) -> FeelType | None:
    if node.operator not in _ARITHMETIC:
        return FeelType("boolean")
    left, right = type_of(node.left, types), type_of(node.right, types)
    return left if left and right and left.kind == right.kind == "number" else None


def _path(node: Path, types: Types) -> FeelType | None:
    source = type_of(node.source, types)
    return source.members.get(node.name) if source else None


def _either(node: If, types: Types) -> FeelType | None:
    yes, no = type_of(node.yes, types), type_of(node.no, types)
    return yes if yes and no and yes.kind == no.kind else None


def _called(node: Call, types: Types) -> FeelType | None:
    return RESULTS.get(node.function.name) if isinstance(node.function, Name) else None


def _kind(kind: str) -> Callable[[Any, Types], FeelType | None]:
    return lambda node, types: FeelType(kind)


_INFER: dict[type[Node], Callable[[Any, Types], FeelType | None]] = {
    Literal: lambda node, types: FeelType(kind_of(node.value)),
    Name: lambda node, types: None if node.bound or node.filtered else types.get(node.name),
    Negation: lambda node, types: type_of(node.operand, types),
    Binary: _binary,
    Path: _path,
    If: _either,
    Call: _called,
    ListOf: _kind("list"),
    For: _kind("list"),
    ContextOf: _kind("context"),
    Lambda: _kind("function"),
    Filter: lambda node, types: None,
}
