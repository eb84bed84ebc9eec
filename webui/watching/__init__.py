"""Where to intervene: the group's wall, warnings by level and age, orders (`ux.md` §4.13)."""

from webui.family import Entry, Family
from webui.i18n import lazy_gettext as _l
from webui.watching import orders, status, warnings  # noqa: F401  (routes)
from webui.watching.blueprint import blueprint

FAMILY = Family(
    blueprint,
    entries=(
        Entry(
            "warnings",
            _l("Warnings"),
            "watching.warnings",
            "alert-triangle",
            group="targets",
            count="warnings",
            rank=30,
            phone=True,
            shortcut="w",
        ),
        Entry("status", _l("Group status"), "watching.status", "target", group="targets", rank=50, shortcut="s"),
    ),
    cards=(status.card,),
    summaries={"warning": warnings.summary},
    counts={"warnings": warnings.count},
    levels=warnings.levels,
)
