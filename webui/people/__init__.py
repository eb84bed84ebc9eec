"""People: the organisation by day, who is who, handing over, and the authority matrix."""

from webui.family import Entry, Family
from webui.i18n import lazy_gettext as _l
from webui.people import authority, changing, handing, orgs, persons
from webui.people.blueprint import blueprint

__all__ = ["FAMILY", "authority", "changing", "handing", "orgs", "persons"]

FAMILY = Family(
    blueprint,
    entries=(
        Entry("orgs", _l("Organisation"), "people.orgs_index", "building-community", group="admin", rank=60),
        Entry(
            "authority", _l("Authority matrix"), "people.authority", "table", group="admin", rank=61,
            roles=frozenset(authority.READERS),
        ),
        Entry("persons", _l("People"), "people.persons_index", "users", group="admin", rank=62),
    ),
)  # fmt: skip
