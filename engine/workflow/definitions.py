"""Definitions: versions of a process by the hash of their content; one is active, running instances keep theirs."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, func, select, update

from engine.kernel import audit
from engine.kernel.errors import BadDefinition, Conflict, NotFound
from engine.kernel.statements import Statement
from engine.kernel.work import Work
from engine.workflow import diagrams, programs
from engine.workflow.diagrams import Identity
from engine.workflow.engine import Engine
from engine.workflow.rows import starts
from engine.workflow.spiff import watching
from engine.workflow.tables import definition, definition_file
from engine.workflow.views import DefinitionView

DEPLOYED = (".bpmn", ".dmn", ".form.json")
"""Endings of the files that make up a definition."""


def deploy(
    engine: Engine, source: Path | Mapping[str, bytes], *, actor: int | None = None, activate_it: bool = True
) -> DefinitionView:
    """Check a folder (or files by name) and keep it as the next version of its process; the same content stays one.

    Raises BadDefinition with the linter's findings, or `definition.process` when no process in it can be chosen.
    """
    given = read_folder(source) if isinstance(source, Path) else source
    files = {**diagrams.forms(given), **given}
    identity = diagrams.identify(files, source.name if isinstance(source, Path) else "")
    with engine.start_work() as work:
        view = deploy_in(work, identity, files, actor=actor, activate_it=activate_it)
        work.commit()
    return view


def deploy_in(
    work: Work, identity: Identity, files: Mapping[str, bytes], *, actor: int | None, activate_it: bool = True
) -> DefinitionView:
    """The same inside a work, for what changes a definition together with something else."""
    program = programs.compile_with(work, identity, files)
    version = _keep(work, identity, files, actor, watches=watching.watches(program))
    if activate_it:
        _activate(work, version, actor)
    return _view(_row(work, version))


def deploy_all(engine: Engine, folder: Path, *, actor: int | None = None) -> list[DefinitionView]:
    """Deploy every folder below `folder` that holds a diagram, those that are called before those that call them."""
    sources = [path for path in sorted(folder.iterdir()) if path.is_dir() and any(path.glob("*.bpmn"))]
    known = {each.key: (path, each) for path in sources for each in [diagrams.identify(read_folder(path), path.name)]}
    ordered: dict[str, Path] = {}

    def put(key: str, above: tuple[str, ...]) -> None:
        if key in known and key not in ordered and key not in above:
            path, identity = known[key]
            for called in identity.calls:
                put(called, (*above, key))
            ordered[key] = path

    for key in known:
        put(key, ())
    return [deploy(engine, path, actor=actor) for path in ordered.values()]


def activate(engine: Engine, definition_id: int, actor: int | None) -> DefinitionView:
    """New instances use this version from now on; running ones keep theirs. Raises NotFound, Conflict."""
    with engine.start_work() as work:
        row = _row(work, definition_id)
        if row.status == "retired":
            raise Conflict("definition.retired", f"version {row.version} of '{row.key}' is retired: deploy it again")
        _activate(work, definition_id, actor)
        view = _view(_row(work, definition_id))
        work.commit()
    return view


def retire(engine: Engine, definition_id: int, actor: int | None) -> DefinitionView:
    """No new instance will use this version. Raises NotFound `definition.unknown`."""
    with engine.start_work() as work:
        row = _row(work, definition_id)
        _set_status(work, definition_id, "retired")
        if row.status == "active":
            starts.disarm(work, row.key)
        audit.append(work, f"definition:{row.key}", "definition.retired", actor=actor, detail={"version": row.version})
        view = _view(_row(work, definition_id))
        work.commit()
    return view


def current(work: Work, key: str) -> DefinitionView:
    """The active version of a process. Raises NotFound `definition.unknown`."""
    return _view(_active(work, key))


def versions(work: Work, key: str) -> list[DefinitionView]:
    """All versions of a process, newest first."""
    query = select(*_COLUMNS).where(definition.c.key == key).order_by(definition.c.version.desc())
    return [_view(row) for row in work.connection.execute(query)]


def numbered(work: Work, key: str, version: int) -> DefinitionView:
    """One version of a process. Raises NotFound `definition.version`."""
    query = select(*_COLUMNS).where(definition.c.key == key, definition.c.version == version)
    row = work.connection.execute(query).first()
    if row is None:
        raise NotFound("definition.version", f"'{key}' has no version {version}", key=key, version=version)
    return _view(row)


def by_id(work: Work, definition_id: int) -> DefinitionView:
    """Raises NotFound `definition.unknown`."""
    return _view(_row(work, definition_id))


def active(work: Work) -> list[DefinitionView]:
    """The version of every process that new instances use, by key."""
    query = select(*_COLUMNS).where(definition.c.status == "active").order_by(definition.c.key)
    return [_view(row) for row in work.connection.execute(query)]


def files(work: Work, definition_id: int) -> dict[str, bytes]:
    """The content of a version by file name."""
    query = select(definition_file).where(definition_file.c.definition_id == definition_id)
    return {row.name: row.content for row in work.connection.execute(query)}


def pinned(work: Work, key: str) -> tuple[DefinitionView, dict[str, int]]:
    """The active version, and the active versions of everything it calls, by key: what a new instance is bound to.

    Raises NotFound `definition.unknown` for itself or for one that it calls.
    """
    root = _active(work, key)
    return _view(root), _pins(work, root, {})


def pins(work: Work, definition_id: int, *, keep: Mapping[str, int] | None = None) -> dict[str, int]:
    """What an instance of this version is bound to: what it calls, as in `keep`, else the active versions.

    Raises NotFound `definition.unknown`.
    """
    return _pins(work, work.connection.execute(_CALLS, {"of": definition_id}).one(), keep or {})


def _pins(work: Work, root: Any, keep: Mapping[str, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    open_calls = list(root.calls)
    while open_calls:
        called = open_calls.pop()
        if called not in found and called != root.key:
            known = keep.get(called)
            row = _active(work, called) if known is None else work.connection.execute(_CALLS, {"of": known}).one()
            found[called] = row.id
            open_calls += row.calls
    return found


def read_folder(folder: Path) -> dict[str, bytes]:
    """The files of a definition in a folder, by name. Raises BadDefinition `definition.empty`."""
    if not folder.is_dir():
        raise BadDefinition(
            "definition.empty", f"{folder} is no folder: name the folder of a process", folder=str(folder)
        )
    found = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name.endswith(DEPLOYED)}
    if not any(name.endswith(".bpmn") for name in found):
        raise BadDefinition("definition.empty", f"{folder} holds no .bpmn file", folder=str(folder))
    return found


def digest(contents: Mapping[str, bytes]) -> str:
    """The name of a definition's content: SHA-256 over the names and hashes of its files."""
    whole = hashlib.sha256()
    for name in sorted(contents):
        whole.update(f"{name}\0{hashlib.sha256(contents[name]).hexdigest()}\n".encode())
    return whole.hexdigest()


_COLUMNS = (
    definition.c.id,
    definition.c.key,
    definition.c.version,
    definition.c.sha256,
    definition.c.name,
    definition.c.status,
    definition.c.deployed_at,
    definition.c.deployed_by,
)
_ACTIVE = Statement(
    select(*_COLUMNS, definition.c.calls).where(definition.c.key == bindparam("of"), definition.c.status == "active")
)
_CALLS = select(definition.c.id, definition.c.key, definition.c.calls).where(definition.c.id == bindparam("of"))


def _view(row: Any) -> DefinitionView:
    return DefinitionView(*row[:8])


def _active(work: Work, key: str) -> Any:
    row = work.run(_ACTIVE, {"of": key}).first()
    if row is None:
        raise NotFound("definition.unknown", f"no active version of process '{key}': deploy and activate one", key=key)
    return row


def _row(work: Work, definition_id: int) -> Any:
    row = work.connection.execute(select(*_COLUMNS).where(definition.c.id == definition_id)).first()
    if row is None:
        raise NotFound("definition.unknown", f"there is no version with the id {definition_id}", id=definition_id)
    return row


def _keep(work: Work, identity: Identity, contents: Mapping[str, bytes], actor: int | None, *, watches: bool) -> int:
    sha256 = digest(contents)
    same = select(definition.c.id).where(definition.c.key == identity.key, definition.c.sha256 == sha256)
    known = work.connection.execute(same).scalar()
    if known is not None:
        return int(known)
    latest = select(func.coalesce(func.max(definition.c.version), 0)).where(definition.c.key == identity.key)
    version = work.connection.execute(latest).scalar_one() + 1
    values = {"key": identity.key, "version": version, "sha256": sha256, "name": identity.name, "status": "inactive"}
    made = {"calls": list(identity.calls), "watches": watches, "deployed_at": work.now, "deployed_by": actor}
    insert = definition.insert().returning(definition.c.id)
    definition_id: int = work.connection.execute(insert, {**values, **made}).scalar_one()
    rows = [{"definition_id": definition_id, "name": name, "content": content} for name, content in contents.items()]
    work.connection.execute(definition_file.insert(), rows)
    detail = {"version": version, "sha256": sha256, "files": sorted(contents)}
    audit.append(work, f"definition:{identity.key}", "definition.deployed", actor=actor, detail=detail)
    return definition_id


def _activate(work: Work, definition_id: int, actor: int | None) -> None:
    row = _row(work, definition_id)
    if row.status == "active":
        if not starts.armed(work, definition_id):
            starts.arm(work, definition_id, programs.of_version(work, definition_id))
        return
    others = update(definition).where(definition.c.key == row.key, definition.c.status == "active")
    work.connection.execute(others.values(status="inactive"))
    _set_status(work, definition_id, "active")
    starts.arm(work, definition_id, programs.of_version(work, definition_id))
    audit.append(work, f"definition:{row.key}", "definition.activated", actor=actor, detail={"version": row.version})


def _set_status(work: Work, definition_id: int, status: str) -> None:
    work.connection.execute(update(definition).where(definition.c.id == definition_id).values(status=status))
