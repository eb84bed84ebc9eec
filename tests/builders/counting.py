"""Counts what is sent to the database: budgets of pages and steps are tested by statements and commits, not seconds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Engine, event


@dataclass
class Counted:
    """What was sent so far."""

    texts: list[str] = field(default_factory=list)
    commits: int = 0

    @property
    def count(self) -> int:
        return len(self.texts)


@contextmanager
def statements() -> Iterator[Counted]:
    """Everything that any database of this process executes inside; BEGIN and COMMIT are no statements."""
    counted = Counted()

    def heard(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        counted.texts.append(statement)

    def committed(_connection: object) -> None:
        counted.commits += 1

    event.listen(Engine, "before_cursor_execute", heard)
    event.listen(Engine, "commit", committed)
    try:
        yield counted
    finally:
        event.remove(Engine, "before_cursor_execute", heard)
        event.remove(Engine, "commit", committed)
