"""My settings (`ux.md` §4.30): one column of groups, each saved by itself."""

from webui.account import absence, look, notifying, personal, showing
from webui.account.blueprint import blueprint
from webui.family import Family

__all__ = ["FAMILY", "absence", "look", "notifying", "personal", "showing"]

FAMILY = Family(blueprint)
