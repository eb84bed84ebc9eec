"""Counts the statements that a request sends to the database: what budgets of pages are tested by."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event


@dataclass
class Counted:
    """How many statements were sent so far."""

    count: int = 0


@contextmanager
def statements() -> Iterator[Counted]:
    """Everything that any database of this process executes inside."""
    counted = Counted()

    def heard(*_given: Any) -> None:
        counted.count += 1

    event.listen(Engine, "before_cursor_execute", heard)
    yield counted
    event.remove(Engine, "before_cursor_execute", heard)
