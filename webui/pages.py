"""Every family of pages; a new family is a new module and one line here (`docs/how-to/page.md`)."""

from webui import account, home, inbox, notices, signin
from webui.family import Family

FAMILIES: tuple[Family, ...] = (
    signin.FAMILY,
    home.FAMILY,
    inbox.FAMILY,
    notices.FAMILY,
    account.FAMILY,
)
