"""The `lf:who` rules of a node, evaluated into persons, each with why they are asked (APR-29)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine.kernel.errors import BadDefinition
from engine.kernel.work import Work
from engine.people import orgs, persons, posts, roles, superiors
from engine.people.roles import Role
from engine.workflow.spiff import expressions
from engine.workflow.step import NodeSpec, Ports


@dataclass(frozen=True)
class Why:
    """A reason: `code` names the rule, `fields` what it found; the web words both (流程预测, "为什么是我")."""

    code: str
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Named:
    """A person whom a rule gives, before anything else is looked at."""

    person: int
    why: Why
    weight: Decimal = Decimal(1)


@dataclass(frozen=True)
class Rule:
    """One evaluated `lf:who`: several values or units give the union of what each gives."""

    rule: str
    values: tuple[Any, ...] = ()
    orgs: tuple[int, ...] = ()
    weight: Decimal = Decimal(1)


@dataclass(frozen=True)
class Scene:
    """What rules are looked at in: the node, what its token sees, and who started the instance."""

    node: NodeSpec
    data: Mapping[str, Any]
    starter: int | None
    ports: Ports


def rules(scene: Scene) -> tuple[Rule, ...]:
    """The rules of the node with their FEEL attributes evaluated, tables looked up."""
    found: list[Rule] = []
    for extension in scene.node.extensions:
        if extension.name == "who":
            said = {key: expressions.value(text, scene.data, scene.ports) for key, text in extension.attributes.items()}
            found += _rules(said, scene)
    return tuple(found)


def named(work: Work, rule: Rule, scene: Scene) -> list[Named]:
    """The persons that a rule gives, in its order; inactive ones may be among them. Raises BadDefinition."""
    give = _GIVERS.get(rule.rule)
    if give is None:
        raise BadDefinition(
            "who.rule",
            f"'{scene.node.name or scene.node.id}' asks for rule '{rule.rule}': use {', '.join(_GIVERS)}",
            node=scene.node.id,
            rule=rule.rule,
        )
    return [Named(person, why, rule.weight) for person, why in give(work, rule, scene)]


def _rules(said: Mapping[str, Any], scene: Scene) -> list[Rule]:
    rule = str(said.get("rule") or "expression")
    if rule == "table":
        return _looked_up(scene.ports.decide(str(said.get("value")), said.get("decision"), scene.data), scene)
    weight = Decimal(str(said.get("weight") or 1))
    return [Rule(rule, _many(said.get("value")), tuple(int(org) for org in _many(said.get("org"))), weight)]


def _looked_up(result: Any, scene: Scene) -> list[Rule]:
    """A table may answer with persons (numbers), roles (texts), or contexts that are rules themselves."""
    found: list[Rule] = []
    for each in _many(result):
        if isinstance(each, Mapping):
            found += _rules(each, scene) if "rule" in each else [Rule("expression", tuple(each.values()))]
        else:
            found.append(Rule("role" if isinstance(each, str) and each in Role.__members__ else "person", (each,)))
    return found


def _many(value: Any) -> tuple[Any, ...]:
    if value is None or value == "":
        return ()
    if isinstance(value, (list, tuple, set, frozenset)):
        return tuple(part for each in value for part in _many(each))
    return (value,)


Given = Iterable[tuple[int, Why]]


def _starter(_work: Work, _rule: Rule, scene: Scene) -> Given:
    return [(scene.starter, Why("starter"))] if scene.starter is not None else []


def _person(work: Work, rule: Rule, _scene: Scene) -> Given:
    return [(person, Why("person")) for value in rule.values for person in _ids(work, value)]


def _expression(work: Work, rule: Rule, _scene: Scene) -> Given:
    return [(person, Why("expression")) for value in rule.values for person in _ids(work, value)]


def _role(work: Work, rule: Rule, _scene: Scene) -> Given:
    return [
        (person, Why("role", {"role": str(role), "org": org}))
        for role in rule.values
        for org in rule.orgs or (None,)
        for person in roles.holders(work, str(role), org)
    ]


def _position(work: Work, rule: Rule, _scene: Scene) -> Given:
    return [
        (person, Why("position", {"title": str(title), "org": org}))
        for title in rule.values
        for org in rule.orgs or (None,)
        for person in posts.holders(work, str(title), org)
    ]


def _head(work: Work, rule: Rule, scene: Scene) -> Given:
    """The head of each unit; `value` n climbs n levels first. A unit without a head takes the next one up."""
    levels = int(rule.values[0]) if rule.values else 0
    for org in _units(work, rule, scene):
        line = orgs.ancestors(work, org)
        above = next((unit for unit in line[min(levels, len(line) - 1) :] if unit.head is not None), None)
        if above is not None and above.head is not None:
            yield above.head, Why("head", {"org": above.id, "org_name": above.name})


def _leader(work: Work, rule: Rule, scene: Scene) -> Given:
    known = orgs.many(work, _units(work, rule, scene))
    for unit in known.values():
        if unit.leader is not None:
            yield unit.leader, Why("leader", {"org": unit.id, "org_name": unit.name})


def _superior(work: Work, rule: Rule, scene: Scene) -> Given:
    below = [person for value in rule.values for person in _ids(work, value)]
    for person in below or ([scene.starter] if scene.starter is not None else []):
        above = superiors.of(work, person)
        if above is not None:
            yield above, Why("superior", {"of": person})


def _units(work: Work, rule: Rule, scene: Scene) -> Sequence[int]:
    """The units that the rule names, else the starter's own."""
    if rule.orgs or scene.starter is None:
        return rule.orgs
    own = posts.primary_org(work, scene.starter)
    return () if own is None else (own,)


def _ids(work: Work, value: Any) -> list[int]:
    """A number is a person's id; a text is a 工号, as one writes it into a diagram."""
    if isinstance(value, Mapping):
        return _ids(work, value.get("id"))
    if isinstance(value, str):
        known = persons.find(work, value)
        if known is not None:
            return [known.id]
        return [int(value)] if value.isdigit() else []
    return [] if value is None or isinstance(value, bool) else [int(value)]


_GIVERS = {
    "starter": _starter,
    "person": _person,
    "role": _role,
    "position": _position,
    "head": _head,
    "leader": _leader,
    "superior": _superior,
    "expression": _expression,
}
