"""From the rules of a node to the persons asked, in the order of `domain.md` §13; 流程预测 uses the same code."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from engine.approvals import who
from engine.approvals.who import Named, Scene, Why
from engine.kernel.work import Work
from engine.people import persons, roles, superiors
from engine.people.roles import Role


@dataclass(frozen=True)
class Candidate:
    """A person who is asked, with every reason; `skipped` passes without being asked, the last reason says why."""

    person: int
    why: tuple[Why, ...]
    weight: Decimal = Decimal(1)
    skipped: bool = False


@dataclass(frozen=True)
class Routed:
    """Who is asked, in order; whom the rules gave but who is not asked, with why; and whether nobody has to be."""

    candidates: tuple[Candidate, ...]
    dropped: tuple[tuple[int, Why], ...] = ()
    passes_empty: bool = False


@dataclass(frozen=True)
class Habits:
    """How a node treats special cases: the attributes `empty`, `self`, `dedup` of `lf:node`, with their defaults.

    `may_skip_empty` is False for letters: they never pass for want of an approver (APR-21).
    """

    empty: str = ""
    self_rule: str = "superior"
    dedup: str = "consecutive"
    decides: bool = True
    may_skip_empty: bool = True

    @staticmethod
    def of(options: Mapping[str, Any], kind: str, subject: str | None) -> "Habits":
        letter = bool(subject) and str(subject).startswith(("letter", "adjustment"))
        return Habits(
            str(options.get("empty") or ""),
            str(options.get("self") or "superior"),
            str(options.get("dedup") or "consecutive"),
            decides=kind == "decide",
            may_skip_empty=not letter,
        )


@dataclass(frozen=True)
class Before:
    """Who already approved: in the node just passed, and anywhere in the instance; empty after a return (APR-23)."""

    consecutive: frozenset[int] = frozenset()
    process: frozenset[int] = field(default_factory=frozenset)


def resolve(work: Work, scene: Scene, habits: Habits, before: Before = Before()) -> Routed:
    """Rule → drop inactive and duplicates → self rule → dedup → empty rule; substitutes see what their principals have.

    Raises BadDefinition for a rule that does not exist.
    """
    given = [each for rule in who.rules(scene) for each in who.named(work, rule, scene)]
    candidates, dropped = _here(work, _once(given))
    if habits.decides:
        candidates, displaced = _not_oneself(work, candidates, scene.starter, habits.self_rule)
        dropped += displaced
        candidates = _not_again(candidates, habits.dedup, before)
    if candidates:
        return Routed(tuple(candidates), tuple(dropped))
    return replace(_nobody(work, habits), dropped=tuple(dropped))


def _once(given: Iterable[Named]) -> list[Candidate]:
    """Each person once, where they were first named, with every reason and their greatest weight."""
    found: dict[int, Candidate] = {}
    for each in given:
        known = found.get(each.person)
        if known is None:
            found[each.person] = Candidate(each.person, (each.why,), each.weight)
        elif each.why not in known.why:
            weight = max(known.weight, each.weight)
            found[each.person] = replace(known, why=(*known.why, each.why), weight=weight)
    return list(found.values())


def _here(work: Work, candidates: Sequence[Candidate]) -> tuple[list[Candidate], list[tuple[int, Why]]]:
    # holders of roles are active already: their query says so, another one would cost a statement per task
    doubtful = [each.person for each in candidates if each.why[0].code != "role"]
    active = persons.active(work, doubtful)
    gone = {person for person in doubtful if person not in active}
    here = [each for each in candidates if each.person not in gone]
    return here, [(each.person, Why("inactive")) for each in candidates if each.person in gone]


def _not_oneself(
    work: Work, candidates: list[Candidate], starter: int | None, rule: str
) -> tuple[list[Candidate], list[tuple[int, Why]]]:
    """APR-22; whoever the diagram asks as starter on purpose stays."""
    own = next((each for each in candidates if each.person == starter), None)
    if own is None or rule == "allow" or own.why[0].code == "starter":
        return candidates, []
    if rule == "skip":
        passed = replace(own, why=(*own.why, Why("self_skip")), skipped=True)
        return [passed if each is own else each for each in candidates], []
    above = superiors.of(work, own.person)
    if above is None:
        top = replace(own, why=(*own.why, Why("self_top")))
        return [top if each is own else each for each in candidates], []
    dropped = [(own.person, Why("self_superior", {"superior": above}))]
    if any(each.person == above for each in candidates):
        return [each for each in candidates if each is not own], dropped
    instead = Candidate(above, (*own.why, Why("self_superior", {"starter": own.person})), own.weight)
    return [instead if each is own else each for each in candidates], dropped


def _not_again(candidates: list[Candidate], rule: str, before: Before) -> list[Candidate]:
    """APR-23: who just approved is not asked again, it passes with a note."""
    seen = {"consecutive": before.consecutive, "process": before.process}.get(rule, frozenset())
    return [
        replace(each, why=(*each.why, Why("dedup", {"rule": rule})), skipped=True) if each.person in seen else each
        for each in candidates
    ]


def _nobody(work: Work, habits: Habits) -> Routed:
    """APR-21: OPS head, then admin, or whom the node names; passing is possible only where the process allows it."""
    if habits.empty == "skip" and habits.may_skip_empty:
        return Routed((), passes_empty=True)
    kind, _, value = habits.empty.partition(":")
    if kind == "person" and value:
        known = persons.find(work, value)
        if known is not None and known.active:
            return Routed((Candidate(known.id, (Why("empty_person"),)),))
    wanted = [value] if kind == "role" and value else []
    for role in (*wanted, Role.OPS_HEAD, Role.ADMIN):
        holders = roles.holders(work, role)
        if holders:
            return Routed(tuple(Candidate(person, (Why("empty_role", {"role": str(role)}),)) for person in holders))
    return Routed(())
