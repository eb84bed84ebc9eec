"""Who does a task and until when, as Camunda 7, Flowable and Activiti say it."""

import re
from collections.abc import Iterator

from engine.workflow.spiff.foreign import juel
from engine.workflow.spiff.foreign.juel import Untranslatable
from engine.workflow.spiff.foreign.spot import Spot
from engine.workflow.spiff.reader import BPMN, whole_text

_PERFORMER = re.compile(r"\s*(?:(user|group)\(\s*([^()]+?)\s*\)|([^(),]+))")


def read(spot: Spot) -> None:
    """Assignee, candidates, due date and priority of a user task."""
    assignee, users, groups = spot.take("assignee"), spot.take("candidateUsers"), spot.take("candidateGroups")
    if not spot.has("who"):
        _asked(spot, assignee, [*_listed(users, "person"), *_listed(groups, "role"), *_performers(spot)])
    _due(spot)
    _priority(spot)


def _asked(spot: Spot, assignee: str | None, candidates: list[tuple[str, str]]) -> None:
    if assignee is not None:
        _who(spot, assignee, "person")
        spot.ignore("candidateUsers", "candidateGroups")
        return
    for rule, text in candidates:
        _who(spot, text, rule)
    if candidates:
        _pooled(spot)


def _who(spot: Spot, text: str, rule: str) -> None:
    if juel.is_juel(text) and juel.variable(text) in spot.reading.starters:
        spot.say("who", rule="starter")
        return
    said = spot.attribute(text, "assignee" if rule == "person" else "candidate group")
    if said is None:
        return
    spot.say("who", rule="expression" if said.startswith("=") and rule == "person" else rule, value=said)
    if rule == "role":
        spot.say("who", rule="position", value=said)  # a group there is a role or a post here


def _pooled(spot: Spot) -> None:
    """One of the candidates takes it."""
    if not spot.has("node"):
        spot.say("node", kind="act", mode="CLAIM")


def _listed(text: str | None, rule: str) -> Iterator[tuple[str, str]]:
    """The parts between commas that stand outside `${…}`."""
    if text is None:
        return
    try:
        parts = juel.pieces(text)
    except Untranslatable:
        yield rule, text  # refused where it is read
        return
    whole = "".join(f"${{{one.text}}}".replace(",", "\0") if one.expression else one.text for one in parts)
    yield from ((rule, one.strip().replace("\0", ",")) for one in whole.split(",") if one.strip())


def _performers(spot: Spot) -> Iterator[tuple[str, str]]:
    """BPMN's own `humanPerformer` and `potentialOwner`: `user(lee), group(accounting)`; a bare name is a group."""
    for name, bare in (("humanPerformer", "person"), ("performer", "person"), ("potentialOwner", "role")):
        for one in spot.element.findall(f"{{{BPMN}}}{name}/{{{BPMN}}}resourceAssignmentExpression"):
            text = whole_text(one)
            if juel.is_juel(text):
                yield bare, text
                continue
            for kind, inner, plain in _PERFORMER.findall(text):
                if inner or plain.strip():
                    yield {"user": "person", "group": "role"}.get(kind, bare), (inner or plain).strip()


def _due(spot: Spot) -> None:
    text = spot.take("dueDate")
    if text is None or spot.has("limit"):
        return
    said = spot.attribute(text, "due date")
    if said is not None:
        spot.say("limit", **{"for_" if said.startswith("P") else "until": said})


def _priority(spot: Spot) -> None:
    text = spot.take("priority")
    if text is not None:
        spot.rank(spot.attribute(text, "priority"))
