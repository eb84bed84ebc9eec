"""Tracking: the progress sheet and the deliverables of an item (`ux.md` §4.7, §4.9)."""

from webui.family import Entry, Family
from webui.i18n import lazy_gettext as _l
from webui.tracking import bars, deadlines, deliverables, progress  # noqa: F401  (routes)
from webui.tracking.blueprint import blueprint

FAMILY = Family(
    blueprint,
    entries=(
        Entry(
            "progress",
            _l("Progress"),
            "tracking.progress",
            "trending-up",
            group="targets",
            count="progress",
            rank=20,
            shortcut="r",
        ),
        Entry("deadlines", _l("Deadlines"), "tracking.deadlines", "calendar", group="targets", rank=22),
    ),
    cards=(progress.card,),
    counts={"progress": progress.count},
)
