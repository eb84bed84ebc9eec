"""The organisation on another day: changes since then taken back, coming ones foreseen; and letting them come true."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from engine.kernel import audit
from engine.kernel.errors import InvalidInput
from engine.kernel.work import StartWork, Work
from engine.people import org_changes, orgs
from engine.people.dates import today
from engine.people.org_rows import ControlMode, OrgType
from engine.people.orgs import OrgView

STREAM = "organisation"
A_DAY = timedelta(days=1)


def tree(work: Work, on: date) -> tuple[OrgView, ...]:
    """Every unit in force on that day, with the heads, leaders, modes, names and places of that day."""
    units = {org.id: _own(org) for org in orgs.tree(work, on)}
    now = today(work)
    if on < now:
        for change in org_changes.after(work, on):
            _set(units, change.org, change.before)
    elif on > now:
        for change in org_changes.coming(work, on):
            _set(units, change.org, change.after)
    return orgs.ordered({org: _whole(org, units) for org in units})


def apply_due(start_work: StartWork) -> int:
    """One step: changes whose day has come are written into the units; how many. One that cannot be is told and kept.

    Every change has its own transaction: a circle made by one must not hold up the others.
    """
    with start_work(reading=True) as work:
        due = org_changes.coming(work, today(work))
    return sum(_apply(start_work, change) for change in due)


def _apply(start_work: StartWork, change: org_changes.OrgChange) -> bool:
    with start_work() as work:
        before, _after = orgs.differing(work, change.org, change.after)
        try:
            orgs.place(work, change.org, dict(change.after))
        except InvalidInput as refused:
            # the units above moved meanwhile: an admin sees it in history and plans it again
            org_changes.drop(work, change.id)
            detail = {"org": change.org, "after": dict(change.after), "reason": refused.code}
            audit.append(work, STREAM, "organisation.refused", actor=None, detail=detail)
            work.commit()
            return False
        org_changes.applied(work, change.id, before)
        detail = {"org": change.org, "before": before, "after": dict(change.after)}
        audit.append(work, STREAM, "organisation.changed", actor=change.by, detail=detail)
        work.commit()
    return True


def _own(org: OrgView) -> OrgView:
    """The unit with nothing inherited."""
    return replace(org, leader=org.own_leader)


def _set(units: dict[int, OrgView], org: int, values: Mapping[str, Any]) -> None:
    if org not in units:
        return
    named = {"parent_id": "parent", "head_id": "head", "leader_id": "own_leader", "control_mode": "own_control_mode"}
    taken = {named.get(column, column): value for column, value in values.items()}
    if taken.get("own_control_mode"):
        taken["own_control_mode"] = ControlMode(taken["own_control_mode"])
    if "type" in taken:
        taken["type"] = OrgType(taken["type"])
    if "categories" in taken:
        taken["categories"] = tuple(taken["categories"] or ())
    units[org] = replace(units[org], **taken)


def _whole(org: int, units: Mapping[int, OrgView]) -> OrgView:
    """The unit with its path on that day and what it inherits from above."""
    line = list(_line(org, units))
    leader = next((each.own_leader for each in line if each.own_leader), None)
    mode = next((each.own_control_mode for each in line if each.own_control_mode), ControlMode.STRATEGIC)
    path = tuple(each.id for each in reversed(line))
    return replace(units[org], leader=leader, control_mode=mode, path=path)


def _line(org: int, units: Mapping[int, OrgView]) -> Iterable[OrgView]:
    seen: set[int] = set()
    at: int | None = org
    while at is not None and at in units and at not in seen:
        seen.add(at)
        yield units[at]
        at = units[at].parent
