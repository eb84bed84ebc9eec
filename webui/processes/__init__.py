"""Processes as people read them: what is deployed, what runs, where it hangs."""

from webui.family import Entry, Family
from webui.i18n import lazy_gettext as _l
from webui.processes import acts, definitions, drawing, incidents, instance_page, instances, migration, moving
from webui.processes.blueprint import blueprint

__all__ = ["FAMILY", "acts", "definitions", "drawing", "incidents", "instance_page", "instances", "migration", "moving"]

OVERSEERS = frozenset({"ADMIN", "AUDITOR", "OPS", "OPS_HEAD", "PROCESS_OWNER", "PRESIDENT"})

FAMILY = Family(
    blueprint,
    entries=(
        Entry("processes", _l("Processes"), "processes.index", "sitemap", group="processes", rank=30, shortcut="p"),
        Entry("instances", _l("Instances"), "processes.instances", "player-play", group="processes", rank=31,
              roles=OVERSEERS),
        Entry("incidents", _l("Incidents"), "processes.incidents", "bug", group="processes", rank=32, count="incidents",
              roles=frozenset({"ADMIN", "PROCESS_OWNER"})),
    ),
    counts={"incidents": incidents.count},
    cards=(incidents.card,),
)  # fmt: skip
