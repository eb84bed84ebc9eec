"""Incidents: what failed, and trying it again."""

from typing import Any

from engine.people.tokens import Scope
from engine.workflow import incidents
from webui.api import paging
from webui.api.blueprint import Call, Resource
from webui.api.instances import OWNERS, require
from webui.api.schemas import instances as said
from webui.api.schemas.base import page_of

INCIDENTS = Resource("incidents", Scope.ADMIN)


@INCIDENTS.reads("/incidents", page_of(said.Incident), query=said.IncidentQuery())
def index(call: Call) -> Any:
    """What waits to be mended, oldest first. For administrators and process owners."""
    require(call, *OWNERS)
    after, limit = paging.number(call.query.get("after")) or 0, call.query["limit"]
    with call.engine.start_work(reading=True) as work:
        found = incidents.open(work, instance_id=call.query.get("instance"), after=after, limit=limit + 1)
    shown = [{**vars(each), "instance": each.instance_id} for each in found[:limit]]
    return {"items": shown, "next": str(found[limit - 1].id) if len(found) > limit else None}


@INCIDENTS.writes("/incidents/<int:incident>/retry", said.Mended())
def retry(call: Call, incident: int) -> Any:
    """Try again what failed. For administrators and process owners."""
    require(call, *OWNERS)
    return {"mended": incidents.retry(call.engine, incident, call.viewer.id)}
