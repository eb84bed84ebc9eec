"""Home: the steps of a month."""

from webui.i18n import lazy_gettext as _l

WORDS = {
    "cycle.GUIDELINE": _l("Guidelines"),
    "cycle.DRAFT": _l("Drafts begin"),
    "cycle.SUBMIT": _l("Letters handed in"),
    "cycle.COMMITMENTS": _l("Commitments agreed"),
    "cycle.APPROVED": _l("Letters approved"),
    "cycle.SIGNED": _l("Letters signed"),
    "cycle.EFFECTIVE": _l("Letters in force"),
    "cycle.NODE_CHECK": _l("Nodes checked"),
    "cycle.EVIDENCE": _l("Evidence handed in"),
    "cycle.SELF_REPORT": _l("Self-reports"),
    "cycle.DATA": _l("Data confirmed"),
    "cycle.SCORES": _l("Scores by operations"),
    "cycle.LEADER": _l("Scores confirmed by leaders"),
    "cycle.PUBLISH": _l("Results published"),
}
