"""Puts the tokens of a state at their nodes of the new version; what they wait for is carried over or armed anew."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from engine.workflow.spiff import throwing, timing
from engine.workflow.spiff.migration.targets import Targets
from engine.workflow.spiff.nodes.base import BpmnNode
from engine.workflow.spiff.nodes.events import Catching, kept
from engine.workflow.spiff.recount import Recounted
from engine.workflow.spiff.run import Run
from engine.workflow.spiff.tokens import Token
from engine.workflow.step import Ports

Since = Callable[[datetime], Ports]
"""The same surroundings at another moment: a timer whose text changed is counted from when the old one began."""


class Carrier:
    """Carries the tokens of one run; `moved` are timers that are due at another moment than before."""

    def __init__(self, run: Run, targets: Targets, since: Since) -> None:
        self.run = run
        self.targets = targets
        self.since = since
        self.moved: list[Recounted] = []

    def carry(self) -> None:
        """Raises what a listener of the new version cannot evaluate."""
        before = {token.id: token.task_spec for token in self.run.tokens()}
        hosts = [token for token in self.run.tokens() if not token.listening]
        self.run.program = self.targets.new
        for token in hosts:
            token.task_spec = self.targets.of[token.id]
            self._remember(token, before[token.id])
            if isinstance(token.task_spec, Catching) and "arms" in token.memory:
                self._rearm(token, before[token.id], token.task_spec, token.data)
        for host in hosts:
            for old, new in _listeners(host, before[host.id]):
                self._listeners(host, old, new)

    def _remember(self, token: Token, before: BpmnNode) -> None:
        memory, inside = token.memory, before.inside
        if inside is None:
            return
        if "done" in memory:
            memory["done"] = self._renamed(memory["done"], inside.program.specs)
        if "rest" in memory:
            memory["rest"] = [self.targets.named(inside.task_specs[name]) for name in memory["rest"]]
        if "late" in memory:
            memory["late"] = {self.targets.named(inside.task_specs[n]): flows for n, flows in memory["late"].items()}

    def _renamed(self, done: list[Any], specs: dict[str, BpmnNode]) -> list[Any]:
        return [
            [self.targets.named(specs[ident]), *(self._renamed(each, specs) for each in inner)]
            for ident, *inner in done
        ]

    def _listeners(self, host: Token, old: list[BpmnNode], new: list[BpmnNode]) -> None:
        """Those that both versions have go on listening, those of the old end, those of the new begin."""
        wanted = {spec.node.id: spec for spec in new}
        same = {
            id(spec): wanted[name]
            for spec in old
            for name in [self.targets.named(spec)]
            if _alike(spec, wanted.get(name))
        }
        for child in host.children:
            if not child.listening or all(child.task_spec is not spec for spec in old):
                continue
            counterpart = same.get(id(child.task_spec))
            if counterpart is None:
                self.run.remove(child)
                continue
            before, child.task_spec = child.task_spec, counterpart
            self._rearm(child, before, counterpart, host.task_spec.sight(host))
        known = {id(spec) for spec in same.values()}
        for spec in new:
            if id(spec) not in known:
                spec.listen(host)

    def _rearm(self, token: Token, old: BpmnNode, new: BpmnNode, data: Any) -> None:
        arms = token.memory["arms"]
        for number, (was, now) in enumerate(zip(old.node.events, new.node.events, strict=True)):
            if now.kind == "timer" and was != now and "due" in arms[number]:
                arms[number] = self._counted(arms[number], now, new, data)
            elif now.kind in ("message", "signal") and old.extension("correlation") != new.extension("correlation"):
                arms[number] = {**arms[number], "key": throwing.key(new.node, data, self.run.ports)}

    def _counted(self, arm: dict[str, Any], event: Any, spec: BpmnNode, data: Any) -> dict[str, Any]:
        ports = self.since(arm["since"]) if "since" in arm else self.run.ports
        fresh = {"seq": arm["seq"], **kept(timing.schedule(event, data, ports))}
        if fresh["due"] != arm["due"]:
            self.moved.append(Recounted(spec.node.said, spec.place, arm["due"], fresh["due"]))
        return fresh


def _listeners(host: Token, before: BpmnNode) -> list[tuple[list[BpmnNode], list[BpmnNode]]]:
    """What listens beside a token in the old version and in the new: at it, in it, and for a gateway."""
    after, pairs = host.task_spec, []
    if host.entered:
        pairs.append((before.boundaries, after.boundaries))
        pairs.append((getattr(before, "awaited", []), getattr(after, "awaited", [])))
    if "entry" in host.memory and before.inside is not None and after.inside is not None:
        pairs.append((before.inside.listeners, after.inside.listeners))
    return pairs


def _alike(old: BpmnNode, new: BpmnNode | None) -> bool:
    return new is not None and [each.kind for each in old.node.events] == [each.kind for each in new.node.events]
