"""Programs: definitions compiled once per content into shared specifications; never saved, safe between threads."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.kernel.errors import BadDefinition
from engine.kernel.findings import Finding
from engine.workflow.spiff import assembly, linter, normaliser
from engine.workflow.spiff.beside import Beside
from engine.workflow.spiff.diagram import build, meant
from engine.workflow.spiff.model import Diagram, Scope
from engine.workflow.spiff.nodes.base import BpmnNode, Inside
from engine.workflow.spiff.reader import read
from engine.workflow.step import NodeSpec

_KEPT = 256


@dataclass(eq=False)
class Program:
    """A process ready to run: its specification, what it calls, and what the diagram says about each node.

    `start_events` are the ids of its start events; `findings` are the warnings that did not stop it.
    """

    key: str
    sha256: str
    diagram: Diagram
    called: Mapping[str, "Program"]
    fields: Mapping[str, frozenset[str]]
    findings: tuple[Finding, ...] = ()
    beside: Beside = field(default_factory=lambda: Beside({}))
    nodes: dict[str, NodeSpec] = field(default_factory=dict)
    specs: dict[str, BpmnNode] = field(default_factory=dict)
    processes: dict[str, Inside] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)  # id of a specification → its name in states of this program
    named: dict[str, BpmnNode] = field(default_factory=dict)

    @property
    def process(self) -> Inside:
        """The specification of the process that this program runs."""
        return self.processes[self.key]

    @property
    def scope(self) -> Scope:
        """The process as the diagram draws it."""
        return self.diagram.processes[self.key]

    @property
    def title(self) -> str:
        """The name of the process, or its key."""
        return self.scope.name or self.key

    @property
    def start_events(self) -> tuple[str, ...]:
        """The ids of the start events of the process, and of what begins an instance by its message."""
        return tuple(node.id for node in [*self.scope.starts(), *self.scope.instantiating()] if not node.made)

    def name_all(self) -> None:
        """Give every specification in reach a name that states use; those of called processes carry its key."""
        for number, program in enumerate(_reach(self)):
            prefix = "" if program is self else f"{program.key}/"
            if prefix and any(name.startswith(prefix) for name in self.named):
                prefix = f"{program.key}@{number}/"
            for ident, spec in program.specs.items():
                self.names[id(spec)] = prefix + ident
                self.named[prefix + ident] = spec


def compile(  # noqa: A001 - `programs.compile` says it best
    files: Mapping[str, bytes], key: str, *, called: Mapping[str, Program] | None = None
) -> Program:
    """The program of process `key` in the folder's files; `called` are the programs of processes that it calls.

    The same content gives the same program. Raises BadDefinition (`bpmn.findings`) with every finding when one is an
    error, and BadDefinition (`bpmn.no_process`) when no file holds the process.
    """
    content = _hash(files, key, called or {})
    with _lock:
        known = _known.get(content)
        if known is not None:
            _known.move_to_end(content)
            return known
    program = _compile(files, key, called or {}, content)
    with _lock:
        _known[content] = program
        while len(_known) > _KEPT:
            _known.popitem(last=False)
    return program


_lock = threading.Lock()
_known: OrderedDict[str, Program] = OrderedDict()


def _compile(files: Mapping[str, bytes], key: str, called: Mapping[str, Program], content: str) -> Program:
    diagram = find(files, key)
    diagram.processes = meant(diagram, key)
    findings = linter.check({name: files[name] for name in _relevant(files, diagram)}, called=called.keys(), key=key)
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        raise BadDefinition(
            "bpmn.findings",
            f"{errors[0].file}: {errors[0].message} {errors[0].remedy}"
            + (f" (and {len(errors) - 1} more)" if errors[1:] else ""),
            findings=findings,
            file=errors[0].file,
            element=errors[0].element,
        )
    normaliser.normalise(diagram)
    program = Program(
        key, content, diagram, called, linter.form_fields({**diagram.forms, **files}), tuple(findings), Beside(files)
    )
    assembly.assemble(program)
    program.name_all()
    return program


def _relevant(files: Mapping[str, bytes], diagram: Diagram) -> list[str]:
    """The file itself and what is no diagram: another diagram beside it is another definition."""
    return [name for name in files if name == diagram.file or not name.endswith(linter.SUFFIXES)]


def find(files: Mapping[str, bytes], key: str) -> Diagram:
    """The diagram that holds the process. Raises BadDefinition (`bpmn.no_process`) that lists what there is."""
    there: list[str] = []
    for name in sorted(files):
        if name.endswith(linter.SUFFIXES):
            diagram = build(read(files[name]), name)
            if key in diagram.processes:
                return diagram
            there.extend(diagram.processes)
    raise BadDefinition(
        "bpmn.no_process",
        f"no file holds process {key}; there is {', '.join(there) or 'none'}",
        key=key,
        processes=there,
    )


def _hash(files: Mapping[str, bytes], key: str, called: Mapping[str, Program]) -> str:
    found = hashlib.sha256(key.encode())
    for name in sorted(files):
        found.update(b"\0" + name.encode() + b"\0" + hashlib.sha256(files[name]).digest())
    for name in sorted(called):
        found.update(b"\1" + name.encode() + b"\1" + called[name].sha256.encode())
    return found.hexdigest()


def _reach(program: Program) -> list[Program]:
    found: list[Program] = [program]
    for one in found:
        found.extend(other for _, other in sorted(one.called.items()) if all(other is not known for known in found))
    return found
