"""试算: who would be asked for a kind of work of a unit, under the table in force and under another matrix."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.approvals import preview
from engine.approvals.preview import Ahead, Beginning
from engine.kernel.work import Work
from engine.letters import regulations
from engine.letters.matrix import versions
from engine.letters.matrix.vocabulary import ADJUSTMENT, LEVELS, ROUTED
from engine.letters.parameters import Parameters
from engine.people import orgs
from engine.people.authority import Authority
from engine.workflow import definitions, diagrams, programs
from engine.workflow.decision_tables import Tables
from engine.workflow.engine import Engine
from engine.workflow.spiff.programs import Program

LIGHT, WHOLE = 10, 100
"""Affected weight in % of a small adjustment and of a whole letter."""


@dataclass(frozen=True)
class Scene:
    """What is tried: a unit, and what is the case there."""

    org: int
    key: bool = False
    heavy: bool = False  # an adjustment above the regulation's weight
    category: str = ""
    helpers: tuple[int, ...] = ()  # units that promised to help


@dataclass(frozen=True)
class Asked:
    """One stage: its node, how votes count, who is asked and why."""

    node: str
    name: str
    mode: str
    people: tuple[int, ...]
    why: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Route:
    """The stages of a kind of work now and with the other matrix."""

    kind: str
    now: tuple[Asked, ...]
    then: tuple[Asked, ...]

    @property
    def changed(self) -> bool:
        return [(each.node, each.mode, each.people) for each in self.now] != [
            (each.node, each.mode, each.people) for each in self.then
        ]


@dataclass(frozen=True)
class _Trial:
    """The process with one table, run for one unit."""

    engine: Engine
    work: Work
    subject: Mapping[str, Any]
    starter: int
    program: Program
    tables: Tables

    def route(self, kind: str) -> tuple[Asked, ...]:
        level = str(LEVELS.get(kind, LEVELS["MONTH_LETTER"]))
        about = {"kind": "ADJUSTMENT" if kind == ADJUSTMENT else "LETTER", "level": level}
        start = Beginning({"subject": {**self.subject, **about}, "from_stage": 1}, self.starter)
        return tuple(map(_asked, preview.of_program(self.engine, self.work, self.program, self.tables, start)))


def routes(engine: Engine, work: Work, scene: Scene, rows: Iterable[Authority] | None) -> tuple[Route, ...]:
    """The route of every kind of work that approvals follow; with `rows` None both sides are the table in force.

    The drawing itself runs on these tables, with the routing of every day. Raises NotFound, BadDefinition.
    """
    now = _trial(engine, work, scene, definitions.files(work, definitions.current(work, versions.PROCESS).id))
    today = {kind: now.route(kind) for kind in ROUTED}
    if rows is None:
        return tuple(Route(kind, today[kind], today[kind]) for kind in ROUTED)
    then = _trial(engine, work, scene, versions.tables(work, rows))
    return tuple(Route(kind, today[kind], then.route(kind)) for kind in ROUTED)


def _trial(engine: Engine, work: Work, scene: Scene, files: Mapping[str, bytes]) -> _Trial:
    org = orgs.view(work, scene.org)
    program = programs.compile_with(work, diagrams.identify(files, versions.PROCESS), files)
    starter = org.head or _hands_in(work, org)
    return _Trial(engine, work, _subject(work, org, scene), starter, program, Tables(files))


def _hands_in(work: Work, org: orgs.OrgView) -> int:
    """Who would hand in for a unit without a head: the next head above, else its leader (0 for nobody)."""
    above = [unit.head for unit in orgs.ancestors(work, org.id) if unit.head is not None]
    return (above or [org.leader or 0])[0]


def _subject(work: Work, org: orgs.OrgView, scene: Scene) -> dict[str, Any]:
    known = regulations.find_in_force(work, work.now.date())
    finance = (known.parameters if known else Parameters()).drafting.finance_categories
    centres = [
        each.id
        for each in orgs.tree(work)
        if each.is_professional_center and each.id != org.id and scene.category in each.categories
    ]
    return {
        "id": 0,
        "no": "",
        "org": org.id,
        "org_name": org.name,
        "org_type": str(org.type),
        "control_mode": str(org.control_mode),
        "head": org.head,
        "leader": org.leader,
        "submitter": org.head,
        "categories": [scene.category],
        "key_change": scene.key,
        "finance": scene.category in finance,
        "collaborators": list(scene.helpers),
        "centres": centres,
        "affected_weight": WHOLE if scene.heavy else LIGHT,
    }


def _asked(each: Ahead) -> Asked:
    people = tuple(candidate.person for candidate in each.candidates)
    return Asked(each.node, each.name, each.mode, people, tuple(c.why for c in each.candidates))
