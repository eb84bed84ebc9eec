"""States of what the engine keeps: definitions, instances, tasks, timers, incidents."""

from webui.i18n import lazy_gettext as _l

WORDS = {
    "state.instance.RUNNING": _l("running"),
    "state.instance.SUSPENDED": _l("suspended"),
    "state.instance.COMPLETED": _l("completed"),
    "state.instance.TERMINATED": _l("ended at once"),
    "state.instance.CANCELLED": _l("cancelled"),
    "state.definition.ACTIVE": _l("active"),
    "state.definition.INACTIVE": _l("inactive"),
    "state.definition.RETIRED": _l("retired"),
    "state.task.OPEN": _l("open"),
    "state.task.COMPLETED": _l("completed"),
    "state.task.CANCELLED": _l("cancelled"),
    "state.timer.WAITING": _l("armed"),
    "state.timer.QUEUED": _l("queued"),
    "state.timer.FIRED": _l("fired"),
    "state.timer.CANCELLED": _l("cancelled"),
    "state.incident.OPEN": _l("open"),
    "state.incident.RESOLVED": _l("resolved"),
}
