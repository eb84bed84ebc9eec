"""Syntax trees into closures; importing this package fills the table of `dispatch`."""

from engine.decisions.feel.compiler import calls, loops, names, operators
from engine.decisions.feel.compiler.dispatch import RUN, Build, Closure, Scope, closure_of, names_in, size_of

__all__ = [
    "RUN",
    "Build",
    "Closure",
    "Scope",
    "calls",
    "closure_of",
    "loops",
    "names",
    "names_in",
    "operators",
    "size_of",
]
