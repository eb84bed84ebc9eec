"""What one family of pages brings to the shell: routes, navigation, cards on the home page, pages for tasks."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint

from engine.kernel.work import Work
from engine.workflow.engine import Engine
from webui.viewer import Viewer

ALL: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Entry:
    """One line of the navigation; `roles` empty means everybody, `count` names one of the family's counts."""

    key: str
    label: Any  # a lazy text
    endpoint: str
    icon: str
    group: str = "work"  # work, targets, processes, admin
    roles: frozenset[str] = ALL
    count: str | None = None
    rank: int = 50
    phone: bool = False
    shortcut: str | None = None  # the key after `g`


@dataclass(frozen=True)
class Rendered:
    """A template and what it needs: a card, or the summary of a task's subject."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


Card = Callable[[Engine, Viewer], Rendered | None]
"""A card of the home page for this viewer, None where it is not for them."""
Summary = Callable[[Engine, Viewer, str], Rendered | None]
"""What a task is about (`subject` as the instance knows it), shown in the inbox and on the task page."""
Count = Callable[[Engine, Viewer], int]
Levels = Callable[[Work, Iterable[str]], Mapping[str, str]]
"""How grave it stands with each of the subjects (subject → level code), in one question for a whole list."""


@dataclass(frozen=True)
class Family:
    """Everything that a family adds; `task_pages` maps `lf:page` names to an address for the subject."""

    blueprint: Blueprint
    entries: tuple[Entry, ...] = ()
    cards: tuple[Card, ...] = ()
    task_pages: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    summaries: Mapping[str, Summary] = field(default_factory=dict)  # first part of the subject ("letter") → summary
    subject_pages: Mapping[str, Callable[[str], str]] = field(default_factory=dict)  # the same → address of its page
    counts: Mapping[str, Count] = field(default_factory=dict)
    levels: Levels | None = None
