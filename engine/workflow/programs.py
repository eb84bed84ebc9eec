"""Compiled definitions, kept in memory by version: an instance never pays for parsing."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from engine.kernel.work import Work
from engine.workflow.decision_tables import Tables
from engine.workflow.diagrams import Identity
from engine.workflow.spiff import programs
from engine.workflow.spiff.programs import Program
from engine.workflow.step import NodeSpec
from engine.workflow.tables import definition, definition_file

Pins = Mapping[str, int]
"""Definition ids of the processes that an instance may call, by key."""

KEPT = 200
"""Programs held at most; the one used longest ago makes room."""


@dataclass(frozen=True)
class Bound:
    """A program with the versions of everything it refers to."""

    program: Program
    nodes: Mapping[str, NodeSpec]
    tables: Tables


@dataclass
class Programs:
    """The cache of this process; safe for threads."""

    _kept: "OrderedDict[tuple[int, tuple[tuple[str, int], ...]], Bound]" = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, work: Work, definition_id: int, pins: Pins) -> Bound:
        """The program of a version, bound to the pinned versions of what it calls."""
        key = (definition_id, tuple(sorted(pins.items())))
        with self._lock:
            bound = self._kept.get(key)
            if bound is not None:
                self._kept.move_to_end(key)
                return bound
        bound = _bind(work, definition_id, pins)
        with self._lock:
            self._kept[key] = bound
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return bound


def compile_with(work: Work, identity: Identity, files: Mapping[str, bytes]) -> Program:
    """Compile files that are about to be deployed, with the active versions of what they call.

    Raises BadDefinition with the linter's findings.
    """
    return programs.compile(files, identity.key, called=_compiled(work, identity.calls, _active(work)))


def of_version(work: Work, definition_id: int) -> Program:
    """The program of a deployed version, with the active versions of what it calls."""
    row = _row(work, definition_id)
    return programs.compile(_files(work, definition_id), row.key, called=_compiled(work, row.calls, _active(work)))


def _bind(work: Work, definition_id: int, pins: Pins) -> Bound:
    row = _row(work, definition_id)
    files = _files(work, definition_id)
    called = _compiled(work, row.calls, pins)
    program = programs.compile(files, row.key, called=called)
    nodes = {node: spec for each in (*called.values(), program) for node, spec in each.nodes.items()}
    contents = [_files(work, each) for each in pins.values()]
    return Bound(
        program, nodes, Tables({name: content for each in (*contents, files) for name, content in each.items()})
    )


def _active(work: Work) -> dict[str, int]:
    query = select(definition.c.key, definition.c.id).where(definition.c.status == "active")
    return {row.key: row.id for row in work.connection.execute(query)}


def _compiled(work: Work, keys: Iterable[str], pins: Pins) -> dict[str, Program]:
    """The programs of `keys`, each compiled with what it calls; one that is not deployed is left to the linter."""
    ready: dict[str, Program] = {}

    def compile_one(key: str, above: tuple[str, ...]) -> None:
        if key not in pins or key in ready or key in above:
            return
        calls = _row(work, pins[key]).calls
        for called in calls:
            compile_one(called, (*above, key))
        own = {called: ready[called] for called in calls if called in ready}
        ready[key] = programs.compile(_files(work, pins[key]), key, called=own)

    for key in keys:
        compile_one(key, ())
    return ready


def _row(work: Work, definition_id: int) -> Any:
    return work.connection.execute(
        select(definition.c.key, definition.c.calls).where(definition.c.id == definition_id)
    ).one()


def _files(work: Work, definition_id: int) -> dict[str, bytes]:
    query = select(definition_file.c.name, definition_file.c.content)
    rows = work.connection.execute(query.where(definition_file.c.definition_id == definition_id))
    return {row.name: row.content for row in rows}
