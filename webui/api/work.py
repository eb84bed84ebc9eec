"""Work for programs: fetch, extend, complete, fail, throw, give back (`docs/how-to/worker.md`)."""

import threading
from datetime import timedelta
from typing import Any

from engine.people.tokens import Scope
from engine.workflow.outside import working
from engine.workflow.outside.failing import Failure
from engine.workflow.outside.reading import Item
from engine.workflow.outside.working import Holder, Thrown, Wish
from webui.api.blueprint import Call, Resource
from webui.api.instances import OWNERS, plain, require
from webui.api.schemas import work as said

WORK = Resource("work", Scope.WORKER)
LOOK_EVERY = timedelta(milliseconds=500)
_waiting = threading.BoundedSemaphore(4)
"""A program that waits holds a thread of the server: the others are kept for people."""


@WORK.writes("/work/fetch", said.Works(), body=said.Fetch(), keyed=False)
def fetch(call: Call) -> Any:
    """Lease work that is ready, the longest waiting first. For administrators and process owners."""
    require(call, *OWNERS)
    sent = call.body
    wish = Wish(tuple(sent["topics"]), sent["max"], timedelta(seconds=sent["lease"]))
    found = working.fetch(call.engine, _holder(call), wish)
    if not found and sent["wait"]:
        found = _waited(call, wish, timedelta(seconds=sent["wait"]) // LOOK_EVERY)
    return {"items": [_shown(each) for each in found]}


@WORK.writes("/work/<int:task>/extend", said.Leased(), body=said.Extend())
def extend(call: Call, task: int) -> Any:
    """The lease ends later: a heartbeat of work that takes long."""
    require(call, *OWNERS)
    lease = timedelta(seconds=call.body["lease"])
    return {"id": task, "leased_until": working.extend(call.engine, task, _holder(call), lease)}


@WORK.writes("/work/<int:task>/complete", said.Stands(), body=said.Complete())
def complete(call: Call, task: int) -> Any:
    """The work is done; the instance runs on."""
    require(call, *OWNERS)
    step = working.complete(call.engine, task, _holder(call), call.body["variables"])
    return {"id": task, "outcome": step.outcome}


@WORK.writes("/work/<int:task>/fail", said.Failed(), body=said.Fail())
def fail(call: Call, task: int) -> Any:
    """It did not work: given out again after a pause, an incident when the tries are used up."""
    require(call, *OWNERS)
    sent = call.body
    after = timedelta(seconds=sent["after"]) if "after" in sent else None
    failed = working.fail(call.engine, task, _holder(call), Failure(sent["message"], after, sent["final"]))
    return {"id": task, "again_at": failed.again_at, "left": failed.left}


@WORK.writes("/work/<int:task>/error", said.Stands(), body=said.Throw())
def throw(call: Call, task: int) -> Any:
    """End the work with an error that the diagram catches; uncaught it is an incident."""
    require(call, *OWNERS)
    sent = call.body
    thrown = Thrown(sent["code"], sent.get("message", ""), sent["variables"])
    return {"id": task, "outcome": working.throw(call.engine, task, _holder(call), thrown).outcome}


@WORK.writes("/work/<int:task>/release", said.Given(), body=said.Mine())
def release(call: Call, task: int) -> Any:
    """Give work back untouched: no try is used."""
    require(call, *OWNERS)
    working.release(call.engine, task, _holder(call))
    return {"id": task}


def _waited(call: Call, wish: Wish, looks: int) -> tuple[Item, ...]:
    """Look again now and then until there is work; where too many wait already, the answer is nothing at once."""
    if not _waiting.acquire(blocking=False):
        return ()
    try:
        for _ in range(looks):
            threading.Event().wait(LOOK_EVERY.total_seconds())
            found = working.fetch(call.engine, _holder(call), wish)
            if found:
                return found
        return ()
    finally:
        _waiting.release()


def _holder(call: Call) -> Holder:
    return Holder(call.body["worker"], call.viewer.id)


def _shown(each: Item) -> dict[str, Any]:
    of = each.instance
    about = {"instance": of.id, "key": of.key, "business_key": of.business_key, "subject": of.subject}
    return {**vars(each), **about, "variables": plain(each.variables)}
