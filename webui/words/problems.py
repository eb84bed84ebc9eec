"""Refusals of the shell, of sign-in and of the store."""

from webui.i18n import lazy_gettext as _l

WORDS = {
    "form.refused": _l("This entry cannot be accepted: %(sentence)s"),
    "account.wrong": _l("Account or password is wrong"),
    "account.wait": _l("Too many attempts: try again in 5 minutes"),
    "account.must_change": _l("Somebody else set your password: choose a new one under My settings first"),
    "account.taken": _l("The account “%(account)s” is empty or taken: choose another"),
    "password.length": _l("A password has %(min)s to %(max)s characters: choose another"),
    "password.same": _l("The new password is the present one: choose another"),
    "store.full": _l("The disk is full, nothing was changed: free some space and try again"),
    "store.busy": _l("The database is busy, nothing was changed: try again in a moment"),
}
