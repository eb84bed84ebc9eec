"""Tokens: SpiffWorkflow tasks with short ids, data of their own and a memory of where their branch forked."""

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState


class Branch:
    """A fork: `base` is the data that all its tokens started from."""

    __slots__ = ("base", "parent")

    def __init__(self, base: dict[str, Any], parent: "Branch | None") -> None:
        self.base = base
        self.parent = parent

    @staticmethod
    def lineage(branch: "Branch | None") -> "Iterator[Branch]":
        """This fork and every fork around it, innermost first."""
        while branch is not None:
            yield branch
            branch = branch.parent


class Token(Task):  # type: ignore[misc]  # SpiffWorkflow has no types
    """One place where an instance stands. Finished tokens leave the tree: a loop of any length costs nothing (trap T5).

    `data` is this branch's view; its values are never changed in place, so branches may share them (trap T7).
    `memory` holds what the node must remember while it waits. `entered` is set once the node was entered;
    `listening` marks a token that only waits for an event on behalf of its parent.
    """

    data: dict[str, Any]

    def __init__(self, run: Any, spec: Any, parent: "Token | None", *, ident: str | None = None) -> None:
        super().__init__(run, spec, parent, TaskState.FUTURE, ident or run.next_id())
        self.branch: Branch | None = None
        self.index: int | None = None if parent is None else parent.index
        self.via: str | None = None
        self.entered = False
        self.listening = False

    @property
    def memory(self) -> dict[str, Any]:
        """What the node keeps between steps; saved with the state."""
        return self.internal_data  # type: ignore[no-any-return]  # SpiffWorkflow has no types

    def _set_state(self, value: int) -> None:  # the library logs each change with the whole tree at hand
        self._state = value

    @property
    def scope(self) -> "Token":
        """The token of the process, subprocess or loop that this one runs in."""
        return self.parent  # type: ignore[no-any-return]  # SpiffWorkflow has no types
