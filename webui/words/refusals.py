"""Refusals of rare acts, which any page may have to tell."""

from webui.i18n import lazy_gettext as _l

WORDS = {
    "clock.back": _l("Time does not go back: choose a later moment"),
    "duration.unknown": _l("“%(text)s” is no duration: write 2wd, 4wh, PT1H or P3D"),
    "file.damaged": _l("The content of %(name)s is damaged: tell an administrator to restore a backup"),
    "handover.to": _l("Name somebody else, and say why"),
    "handover.inactive": _l("Who takes over has left: choose somebody else"),
    "instance.moved": _l("The instance moved on meanwhile: look again"),
    "instance.stepping": _l("The instance is in the middle of a step: try again in a moment"),
    "jobs.unreachable": _l("The queue does not answer; nothing was changed: try again in a moment"),
    "operation.contradiction": _l("The database refused what the operation wrote; nothing was changed"),
    "regulation.frozen": _l("Regulation %(no)s can no longer be changed: make a new version of it"),
    "regulation.no_date": _l("The regulation has no day from which it is in force: set one"),
    "regulation.open_period": _l("Parameters change only with a period: choose the first of a month"),
    "regulation.parameters": _l("These parameters are not valid: check them"),
    "regulation.principle": _l("%(parameters)s may change only with a year"),
    "task.page": _l("This is done on its own page: open it there"),
    "authority.type": _l("The kind of work “%(type)s” is not known: add it first"),
    "regulation.state": _l("In its present state the regulation cannot do this: look at it again"),
    "file.unknown": _l("There is nothing here for you."),
    "incident.unknown": _l("There is nothing here for you."),
    "instance.unknown": _l("There is nothing here for you."),
    "notice.unknown": _l("There is nothing here for you."),
    "order.unknown": _l("There is nothing here for you."),
    "outbox.unknown": _l("There is nothing here for you."),
    "regulation.unknown": _l("There is nothing here for you."),
    "submission.unknown": _l("There is nothing here for you."),
    "veto.unknown": _l("There is nothing here for you."),
    "warning.unknown": _l("There is nothing here for you."),
    "outbox.channel": _l("No channel “%(channel)s” is set up here: configure it, or give the parcel up"),
}
