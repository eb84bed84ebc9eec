"""Who is asked, who said what, and why it came to me: assignments and acts in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.approvals import record
from engine.approvals.rows import Node
from engine.approvals.seats import Source
from engine.kernel.work import Work
from engine.people import orgs, persons
from engine.people.persons import PersonView
from engine.workflow.views import InstanceView
from webui.current import viewer
from webui.words import word

KINDS = {"RETURN": "return", "REJECT": "reject", "SKIP": "system", "ESCALATE": "timer", "COMMENT": "note"}
HIDDEN = frozenset({"READ"})

People = Mapping[int, PersonView]


@dataclass(frozen=True)
class Mine:
    """Why the task came to me, whom I stand in for, whether I have not opened it yet."""

    why: tuple[str, ...]
    principal: PersonView | None
    unread: bool


@dataclass(frozen=True)
class Voice:
    """One person of the node and how they stand."""

    person: PersonView
    state: str
    source: str | None
    at: datetime | None


@dataclass(frozen=True)
class Opinion:
    """One act on the instance."""

    kind: str
    who: str
    text: str
    opinion: str | None
    at: datetime
    files: tuple[str, ...] = ()


def people(work: Work, node: Node, instance: InstanceView) -> People:
    """Everybody whom the page names."""
    acts = record.of_instance(work, instance.id)
    wanted = (
        {each.person for each in node.assignments}
        | {each.actor for each in acts}
        | {each.on_behalf_of for each in acts}
    )
    wanted |= {each.owner for each in node.assignments} | {instance.starter}
    return persons.many(work, [person for person in wanted if person])


def asked(node: Node, known: People) -> tuple[Voice, ...]:
    """Everybody who has or had a say in the node, in the order of their seats."""
    return tuple(
        Voice(
            known[each.person],
            word(f"assignment.{each.state}"),
            None if each.source is Source.NORMAL else word(f"source.{each.source}"),
            each.decided_at,
        )
        for each in sorted(node.assignments, key=lambda each: (each.position, each.id))
        if each.person in known
    )


def opinions(work: Work, instance_id: int, known: People) -> tuple[Opinion, ...]:
    """What was said and done on the instance, the newest first."""
    return tuple(_opinion(each, known) for each in record.of_instance(work, instance_id) if each.act not in HIDDEN)


def mine(work: Work, node: Node, known: People) -> Mine:
    """The task from this person's side; for a substitute, from the side of whom they stand in for."""
    own = next((each for each in reversed(node.assignments) if each.person == viewer().id), None)
    pending = [each.person for each in node.assignments if each.state.value == "PENDING"]
    principal = None if own or not pending else known.get(pending[0])
    side = viewer().id if own else pending[0] if pending else None
    stored = next((each.why for each in record.reasons(work, node.task_id) if each.person == side), ())
    unread = bool(own and own.state.value in {"PENDING", "POOLED"})
    why = tuple(reason(work, str(each.get("code", "")), each) for each in stored)
    return Mine(why, principal, unread)


def reason(work: Work, code: str, told: Mapping[str, Any]) -> str:
    """Why somebody is asked, as a sentence: the code of the routing with names instead of ids."""
    why = {name: value for name, value in told.items() if name != "code"}
    if isinstance(why.get("org"), int):
        why.setdefault("org_name", next((unit.name for unit in orgs.many(work, [why["org"]]).values()), ""))
    for name in ("by", "from", "of", "late", "starter", "superior"):
        if isinstance(why.get(name), int):
            why[name] = persons.names(work, [why[name]]).get(why[name], "")
    if "role" in why:
        why["role"] = word(f"role.{why['role']}")
    return word(f"why.{code}", **{"org_name": "", **why})


def _opinion(act: record.Act, known: People) -> Opinion:
    actor, principal = known.get(act.actor or 0), known.get(act.on_behalf_of or 0)
    kind = "agent" if principal else KINDS.get(act.act, "act")
    said = word(f"said.{act.act}", **_names(act.detail, known))
    text = f"{said} {word('said.for', name=principal.name)}" if principal else said
    who = actor.name if actor else word("entry.system")
    return Opinion(kind, who, f"{text} {act.name}".strip(), act.opinion, act.at, tuple(act.detail.get("files", ())))


def _names(detail: Mapping[str, Any], known: People) -> dict[str, Any]:
    to = detail.get("to") or detail.get("added") or ()
    listed = to if isinstance(to, list) else [to]
    names = [known[each].name if each in known else str(each) for each in listed if isinstance(each, int)]
    return {"to": "、".join(names), "target": detail.get("target", "")}
