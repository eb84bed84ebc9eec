"""Roles, types of units, control modes."""

from webui.i18n import lazy_gettext as _l

WORDS = {
    "role.OPS": _l("Plan operations"),
    "role.OPS_HEAD": _l("Head of plan operations"),
    "role.HR": _l("Human resources"),
    "role.DATA_PROVIDER": _l("Data provider"),
    "role.COMMITTEE": _l("Committee"),
    "role.COMMITTEE_CHAIR": _l("Chair of the committee"),
    "role.ORG_HEAD": _l("Head of unit"),
    "role.LEADER": _l("Leader in charge"),
    "role.PRESIDENT": _l("President"),
    "role.OWNER": _l("Owner"),
    "role.EXECUTOR": _l("Executor"),
    "role.COLLABORATOR": _l("Collaborator"),
    "role.AUDITOR": _l("Auditor"),
    "role.ADMIN": _l("Administrator"),
    "role.PROCESS_OWNER": _l("Process owner"),
    "org.GROUP": _l("Group"),
    "org.SUBSIDIARY": _l("Subsidiary"),
    "org.CENTER": _l("Centre"),
    "org.DEPT": _l("Department"),
    "org.PROJECT": _l("Project"),
    "mode.STRONG": _l("Strong control"),
    "mode.STRATEGIC": _l("Strategic control"),
    "mode.WEAK": _l("Weak control"),
}
