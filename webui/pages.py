"""Every family of pages; a new family is a new module and one line here (`docs/how-to/page.md`)."""

from webui import (
    account,
    admin,
    clock,
    home,
    inbox,
    letters,
    live,
    notices,
    palette,
    paper,
    people,
    processes,
    scores,
    signin,
    tokens,
    tracking,
    watching,
    workbooks,
)
from webui.family import Family

FAMILIES: tuple[Family, ...] = (
    signin.FAMILY,
    home.FAMILY,
    inbox.FAMILY,
    letters.FAMILY,
    paper.FAMILY,
    tracking.FAMILY,
    watching.FAMILY,
    scores.FAMILY,
    processes.FAMILY,
    people.FAMILY,
    admin.FAMILY,
    workbooks.FAMILY,
    live.FAMILY,
    notices.FAMILY,
    palette.FAMILY,
    account.FAMILY,
    tokens.FAMILY,
    clock.FAMILY,
)
