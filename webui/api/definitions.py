"""Definitions: which processes there are, in which versions; starting one; choosing and retiring versions."""

from http import HTTPStatus
from typing import Any

from engine.kernel.errors import NotFound
from engine.people.tokens import Scope
from engine.workflow import definitions, instances
from webui.api.blueprint import Call, Resource
from webui.api.instances import OWNERS, require, told
from webui.api.schemas import instances as said
from webui.api.schemas.base import Paging, page_of

READING = Resource("definitions", Scope.START)
OWNING = Resource("definitions", Scope.ADMIN)


@READING.reads("/definitions", page_of(said.Definition), query=Paging())
def index(call: Call) -> Any:
    """The active version of every process, by key."""
    limit, after = call.query["limit"], call.query.get("after", "")
    with call.engine.start_work(reading=True) as work:
        rest = [each for each in definitions.active(work) if each.key > after]
    return {"items": rest[:limit], "next": rest[limit - 1].key if len(rest) > limit else None}


@READING.reads("/definitions/<key>", said.Definitions())
def versions(call: Call, key: str) -> Any:
    """Every version of a process, newest first."""
    with call.engine.start_work(reading=True) as work:
        found = definitions.versions(work, key)
    if not found:
        raise NotFound("definition.unknown", f"there is no process '{key}'", key=key)
    return {"items": found}


@READING.writes("/definitions/<key>/instances", said.Instance(), body=said.Start(), status=HTTPStatus.CREATED)
def start(call: Call, key: str) -> Any:
    """Start the active version; I am its starter. For administrators and process owners."""
    require(call, *OWNERS)
    sent = dict(call.body)
    born = {name: sent.get(name) or None for name in ("business_key", "title", "subject", "start_event")}
    made = instances.start_one(call.engine, key, data=sent["data"], starter=call.viewer.id, **born)
    return told(call, instances.view(call.engine, made))


@OWNING.writes("/versions/<int:version>/activate", said.Definition())
def activate(call: Call, version: int) -> Any:
    """New instances use this version from now on. For administrators and process owners."""
    require(call, *OWNERS)
    return definitions.activate(call.engine, version, call.viewer.id)


@OWNING.writes("/versions/<int:version>/retire", said.Definition())
def retire(call: Call, version: int) -> Any:
    """No new instance will use this version. For administrators and process owners."""
    require(call, *OWNERS)
    return definitions.retire(call.engine, version, call.viewer.id)
