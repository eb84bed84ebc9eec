"""Settings of the installation: periodic steps, channels, acts."""

from webui.i18n import lazy_gettext as _l

WORDS = {
    "periodic.purge": _l("Clearing out what ended long ago"),
    "periodic.audit_anchor": _l("Sealing history"),
    "periodic.recount": _l("Counting deadlines with the calendar"),
    "periodic.conditions": _l("Conditions of diagrams"),
    "periodic.answers.clean": _l("Clearing out kept answers"),
    "periodic.people.clean": _l("Clearing out sessions"),
    "periodic.people.orgs": _l("Planned changes of units"),
    "periodic.approvals.drafts": _l("Clearing out drafts of answers"),
    "periodic.letters.regulation": _l("Regulations coming into force"),
    "periodic.letters.authority": _l("Authority matrices coming into force"),
    "periodic.letters.cycle": _l("Letters of the cycle"),
    "periodic.letters.end": _l("Periods ending"),
    "periodic.letters.warnings": _l("Warnings"),
    "channel.unknown": _l("No channel “%(channel)s” is switched on here"),
    "backup.exists": _l("%(file)s exists: name a new file"),
    "backup.tool": _l("pg_dump is not on this machine: install PostgreSQL's client tools"),
    "backup.failed": _l("The copy failed: see the log"),
    "act.settings.publishing": _l("publishing by two persons switched"),
    "act.backup.asked": _l("a backup asked for"),
    "notice.channel.test": _l("A test: messages of Letterflow reach you here"),
    "mail.refused": _l("The mail server %(server)s did not take the mail"),
    "upgrade.keys": _l("Rows point at rows that are not there; nothing was changed: restore a backup or remove them"),
    "act.channel.tried": _l("a channel tried"),
}
