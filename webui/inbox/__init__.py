"""Inbox and task page: where people read and decide."""

from engine.approvals import inbox as kept
from engine.workflow.engine import Engine
from webui.family import Entry, Family
from webui.i18n import lazy_gettext as _l
from webui.inbox import asking, cards, deciding, filtering, forecast, handing, listing, talking, tasks
from webui.inbox.blueprint import blueprint
from webui.viewer import Viewer

__all__ = ["FAMILY", "asking", "deciding", "filtering", "forecast", "handing", "listing", "talking", "tasks"]


def waiting(engine: Engine, viewer: Viewer) -> int:
    """What calls for this person now: the number beside the entry and in the title."""
    return kept.counts(engine, viewer.id)["todo"]


FAMILY = Family(
    blueprint,
    entries=(
        Entry("inbox", _l("Inbox"), "inbox.index", "inbox", rank=1, count="inbox", phone=True, shortcut="i"),
    ),
    counts={"inbox": waiting},
    cards=(cards.due_today,),
)  # fmt: skip
