"""Programs and tables from folders on disk, with those that they call from the folders beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.kernel.errors import BadDefinition
from engine.workflow import definitions, diagrams
from engine.workflow.decision_tables import Tables
from engine.workflow.spiff import programs
from engine.workflow.spiff.programs import Program


@dataclass(frozen=True)
class Source:
    """What a folder of a process compiles to."""

    program: Program
    tables: Tables
    files: Mapping[str, bytes]


def load(folder: Path) -> Source:
    """The program of a folder; called processes come from sibling folders of their key.

    Raises BadDefinition with the linter's findings, or `scenario.circle` when processes call each other in a circle.
    """
    return _load(folder, {}, ())


def _load(folder: Path, ready: dict[str, Source], above: tuple[str, ...]) -> Source:
    files = definitions.read_folder(folder)
    identity = diagrams.identify(files, folder.name)
    if identity.key in above:
        circle = " → ".join((*above, identity.key))
        raise BadDefinition("scenario.circle", f"processes call each other in a circle: {circle}", circle=circle)
    called: dict[str, Source] = {}
    for key in identity.calls:
        if (folder.parent / key).is_dir():
            ready.setdefault(key, _load(folder.parent / key, ready, (*above, identity.key)))
            called[key] = ready[key]
    program = programs.compile(files, identity.key, called={key: one.program for key, one in called.items()})
    several = [one.tables.files for one in called.values()]
    return Source(program, Tables({name: text for each in (*several, files) for name, text in each.items()}), files)
