"""What the palette shows: groups of hits, and how the typed text says which groups are wanted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

COMMANDS, PERSONS, NUMBERS = ">", "@", "#"
PREFIXES = COMMANDS + PERSONS + NUMBERS


@dataclass(frozen=True)
class Hit:
    """One line: where it leads, what it is called, what stands muted beside it, and the key that does the same."""

    href: str
    label: Any
    note: Any = ""
    icon: str = "file-text"
    key: str = ""


@dataclass(frozen=True)
class Group:
    """Hits under one heading."""

    name: Any
    hits: Sequence[Hit]


@dataclass(frozen=True)
class Sought:
    """The text without its prefix: `>` asks for commands, `@` for people, `#` for numbers."""

    text: str
    prefix: str = ""

    @classmethod
    def read(cls, typed: str) -> "Sought":
        """What was typed; a full-width prefix of a Chinese keyboard counts as well."""
        typed = typed.strip().replace("＠", "@", 1).replace("》", ">", 1).replace("＃", "#", 1)
        prefix = typed[:1] if typed[:1] in PREFIXES else ""
        return cls(typed.removeprefix(prefix).strip(), prefix)
