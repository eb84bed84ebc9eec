"""Administration: accounts, calendar, regulation, audit, settings of the installation."""

from webui.admin import audit, calendar, regulations, staff, system, users
from webui.admin.blueprint import blueprint
from webui.family import Entry, Family
from webui.i18n import lazy_gettext as _l

__all__ = ["FAMILY", "audit", "calendar", "regulations", "staff", "system", "users"]

FAMILY = Family(
    blueprint,
    entries=(
        Entry("users", _l("Users"), "admin.users", "user", group="admin", rank=70, roles=frozenset({"ADMIN", "HR"})),
        Entry("calendar", _l("Calendar"), "admin.calendar", "calendar", group="admin", rank=71,
              roles=frozenset({"ADMIN", "OPS", "OPS_HEAD", "HR"})),
        Entry("regulations", _l("Regulation"), "admin.regulation", "book", group="admin", rank=72,
              roles=frozenset(regulations.READERS)),
        Entry("audit", _l("Audit"), "admin.audit", "shield-check", group="admin", rank=73,
              roles=frozenset({"ADMIN", "AUDITOR"})),
        Entry("system", _l("Settings"), "admin.system", "settings", group="admin", rank=74, roles=frozenset({"ADMIN"})),
    ),
    cards=(calendar.card,),
)  # fmt: skip
