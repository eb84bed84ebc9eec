"""What a definition's files say about themselves: which process they define and which others it calls."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from engine.kernel.errors import BadDefinition
from engine.workflow.spiff import diagram, reader
from engine.workflow.spiff.model import Scope


@dataclass(frozen=True)
class Identity:
    """The process that files define; `calls` are keys of processes that live elsewhere."""

    key: str
    name: str
    calls: tuple[str, ...]


def identify(files: Mapping[str, bytes], hint: str = "") -> Identity:
    """The process that files define: the only executable one, or the one that is named like the folder or the file.

    Raises BadDefinition `definition.process`, or what the reader refuses.
    """
    drawn = [diagram.build(reader.read(files[name]), name) for name in sorted(files) if name.endswith(".bpmn")]
    processes = {key: scope for each in drawn for key, scope in each.processes.items()}
    chosen = _choose(processes, [hint, *(PurePath(each.file).stem for each in drawn)])
    called = {node.called for each in drawn for node in diagram.every_node(each) if node.called}
    return Identity(chosen.id, chosen.name or chosen.id, tuple(sorted(called - processes.keys())))


def forms(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The forms that diagrams of other engines hold inside, as files of ours. Raises what the reader refuses."""
    found: dict[str, bytes] = {}
    for name in sorted(files):
        if name.endswith(".bpmn"):
            found |= diagram.build(reader.read(files[name]), name).forms
    return found


def _choose(processes: Mapping[str, Scope], hints: list[str]) -> Scope:
    runnable = {key: scope for key, scope in processes.items() if scope.executable} or dict(processes)
    if len(runnable) == 1:
        return next(iter(runnable.values()))
    named = next((runnable[hint] for hint in hints if hint in runnable), None)
    if named is None:
        found = ", ".join(sorted(runnable)) or "none"
        raise BadDefinition(
            "definition.process",
            f"which process is meant? the files hold {found}: name the file or folder like the main one",
            processes=sorted(runnable),
        )
    return named
