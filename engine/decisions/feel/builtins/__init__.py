"""All built-in functions; importing this package fills the registry."""

from engine.decisions.feel.builtins import (
    aggregates,
    contexts,
    conversion,
    dates,
    lists,
    numbers,
    parsing,
    ranges,
    strings,
)
from engine.decisions.feel.builtins.registry import FORMS, function_named

FUNCTIONS = {name: function_named(name) for name in FORMS}

__all__ = [
    "FORMS",
    "FUNCTIONS",
    "aggregates",
    "contexts",
    "conversion",
    "dates",
    "lists",
    "numbers",
    "parsing",
    "ranges",
    "strings",
]
