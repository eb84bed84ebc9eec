"""The working calendar: what a change can be refused for."""

from webui.i18n import lazy_gettext as _l

WORDS = {
    "calendar.past": _l("This day is over or runs: deadlines have been counted with it"),
    "calendar.reason": _l("Say why this day is changed"),
    "calendar.same": _l("This day is so already: somebody was faster"),
    "calendar.year": _l("The year %(year)s is out of bounds"),
}
