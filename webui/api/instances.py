"""Instances: what runs and ran, its tasks, data and history; sending messages; suspending, resuming, cancelling."""

from typing import Any

import orjson

from engine.approvals import sight
from engine.approvals.sight import Wanted
from engine.decisions import feel
from engine.kernel.errors import NotAllowed
from engine.kernel.work import Work
from engine.people import persons
from engine.people.tokens import Scope
from engine.workflow import history, messages, tasks
from engine.workflow import instances as kept
from engine.workflow.views import InstanceView
from webui.api import paging
from webui.api.blueprint import Call, Resource
from webui.api.schemas import instances as said
from webui.api.schemas.base import page_of

INSTANCES = Resource("instances", Scope.START)
ADMIN = Resource("instances", Scope.ADMIN)
MESSAGES = Resource("messages", Scope.START)
OWNERS = ("ADMIN", "PROCESS_OWNER")


@INSTANCES.reads("/instances", page_of(said.Instance), query=said.InstanceQuery())
def index(call: Call) -> Any:
    """Instances that I may see."""
    query, who = call.query, call.viewer
    wanted = Wanted(
        query.get("key"), query.get("status"), query.get("business_key"), query.get("subject"),
        starter=who.id if query["mine"] else None,
    )  # fmt: skip
    after, limit = paging.number(query.get("after")), query["limit"]
    with call.engine.start_work(reading=True) as work:
        found = sight.page(work, who.id, who.roles, wanted, after=after, newest=query["sort"] == "-id", limit=limit + 1)
        people = persons.names(work, {each.starter for each in found if each.starter})
    shown = [_shown(each, people) for each in found[:limit]]
    return {"items": shown, "next": str(found[limit - 1].id) if len(found) > limit else None}


@INSTANCES.reads("/instances/<int:instance>", said.Instance())
def show(call: Call, instance: int) -> Any:
    """One instance."""
    with call.engine.start_work(reading=True) as work:
        found = _visible(call, work, instance)
    return told(call, found)


@INSTANCES.reads("/instances/<int:instance>/tasks", said.OpenTasks())
def tasks_of(call: Call, instance: int) -> Any:
    """Every task it ever had, oldest first."""
    with call.engine.start_work(reading=True) as work:
        _visible(call, work, instance)
        return {"items": tasks.of_instance(call.engine, work, instance)}


@INSTANCES.reads("/instances/<int:instance>/history", page_of(said.Event), query=said.HistoryQuery())
def history_of(call: Call, instance: int) -> Any:
    """What happened in it, oldest first."""
    after, limit = paging.number(call.query.get("after")) or 0, call.query["limit"]
    with call.engine.start_work(reading=True) as work:
        _visible(call, work, instance)
        lines = history.of(work, instance, after=after, limit=limit + 1)
        people = persons.names(work, {each.actor for each in lines if each.actor})
    shown = [{**vars(each), "actor": _ref(each.actor, people)} for each in lines[:limit]]
    return {"items": shown, "next": str(lines[limit - 1].seq) if len(lines) > limit else None}


@INSTANCES.reads("/instances/<int:instance>/data", said.Variables())
def data_of(call: Call, instance: int) -> Any:
    """The process data. For administrators and process owners."""
    with call.engine.start_work(reading=True) as work:
        _visible(call, work, instance)
        require(call, *OWNERS)
        return {"data": plain(kept.look(call.engine, work, instance).data)}


@ADMIN.writes("/instances/<int:instance>/suspend", said.Instance(), body=said.Reason())
def suspend(call: Call, instance: int) -> Any:
    """No act is taken and timers wait until it is resumed. For administrators."""
    require(call, "ADMIN")
    kept.suspend(call.engine, instance, call.viewer.id, call.body["reason"])
    return told(call, kept.view(call.engine, instance))


@ADMIN.writes("/instances/<int:instance>/resume", said.Instance(), body=said.Reason())
def resume(call: Call, instance: int) -> Any:
    """It goes on; what fell due meanwhile happens now. For administrators."""
    require(call, "ADMIN")
    kept.resume(call.engine, instance, call.viewer.id, call.body["reason"])
    return told(call, kept.view(call.engine, instance))


@ADMIN.writes("/instances/<int:instance>/cancel", said.Instance(), body=said.Reason())
def cancel(call: Call, instance: int) -> Any:
    """End it by hand, its open tasks with it. For administrators."""
    require(call, "ADMIN")
    kept.cancel(call.engine, instance, call.viewer.id, call.body["reason"])
    return told(call, kept.view(call.engine, instance))


@MESSAGES.writes("/messages", said.Reached(), body=said.Message())
def send(call: Call) -> Any:
    """Send a message to whoever waits for it. For administrators and process owners."""
    require(call, *OWNERS)
    sent = call.body
    with call.engine.start_work() as work:
        reached = messages.send(call.engine, work, sent["name"], sent.get("key") or None, sent["data"])
        work.commit()
    return {"reached": reached}


def told(call: Call, found: InstanceView) -> dict[str, Any]:
    """An instance as it is answered, its starter with a name."""
    with call.engine.start_work(reading=True) as work:
        return _shown(found, persons.names(work, [found.starter] if found.starter else []))


def plain(data: Any) -> Any:
    """Process data as any JSON reader takes it: dates and durations as text."""
    return orjson.loads(feel.json_text(dict(data)))


def require(call: Call, *roles: str) -> None:
    """Raises NotAllowed unless the person has one of these roles."""
    if not call.viewer.may(*roles):
        raise NotAllowed("api.role", f"this is for {', '.join(roles)}", roles=list(roles))


def _visible(call: Call, work: Work, instance: int) -> InstanceView:
    return sight.instance_for(work, instance, call.viewer.id, call.viewer.roles)


def _shown(found: InstanceView, people: Any) -> dict[str, Any]:
    return {**vars(found), "definition": found.definition_id, "starter": _ref(found.starter, people)}


def _ref(person: int | None, people: Any) -> dict[str, Any] | None:
    return None if person is None else {"id": person, "name": people.get(person, "")}
