"""What a migration is asked to do: from which version to which, with which mapping."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.kernel.errors import InvalidInput
from engine.kernel.work import Work
from engine.workflow import definitions
from engine.workflow.engine import Engine
from engine.workflow.programs import Bound
from engine.workflow.spiff.migration import places
from engine.workflow.views import DefinitionView


@dataclass(frozen=True)
class Terms:
    """`mapping` names places of the old version (ids, `key/id` in a called process) and those that take their place.

    Called processes keep the version that each instance is pinned to, or with `latest_called` take the active one.
    """

    before: DefinitionView
    after: DefinitionView
    mapping: Mapping[str, str] = field(default_factory=dict)
    latest_called: bool = False


def read(  # noqa: PLR0913 - what a migration is made of
    engine: Engine,
    work: Work,
    key: str,
    versions: tuple[int, int],
    *,
    mapping: Mapping[str, str] | None = None,
    latest_called: bool = False,
) -> Terms:
    """The terms, checked: both versions exist and differ, and every name in the mapping is a place of its version.

    Raises NotFound `definition.version`, InvalidInput `migration.same_version`, `migration.mapping`.
    """
    before, after = (definitions.numbered(work, key, number) for number in versions)
    if before.id == after.id and not latest_called:
        raise InvalidInput(
            "migration.same_version", f"version {before.version} is where they are already: name another"
        )
    terms = Terms(before, after, dict(mapping or {}), latest_called)
    old, new = bounds(engine, work, terms)
    _known(old, terms.mapping.keys())
    _known(new, terms.mapping.values())
    return terms


def _known(bound: Bound, names: Iterable[str]) -> None:
    there = places.places(bound.program)
    for name in names:
        if name not in there:
            raise InvalidInput("migration.mapping", f"{name} is no node that can be mapped", node=name)


def bounds(engine: Engine, work: Work, terms: Terms) -> tuple[Bound, Bound]:
    """The programs of both versions as instances started now would have them: to look at, not to migrate with."""
    pair = [engine.programs.of(work, each.id, definitions.pins(work, each.id)) for each in (terms.before, terms.after)]
    return pair[0], pair[1]
