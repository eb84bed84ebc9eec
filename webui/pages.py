"""Every family of pages; a new family is a new module and one line here (`docs/how-to/page.md`)."""

from webui import account, admin, clock, home, inbox, notices, people, processes, signin
from webui.family import Family

FAMILIES: tuple[Family, ...] = (
    signin.FAMILY,
    home.FAMILY,
    inbox.FAMILY,
    processes.FAMILY,
    people.FAMILY,
    admin.FAMILY,
    notices.FAMILY,
    account.FAMILY,
    clock.FAMILY,
)
