"""Rule 4: one owner, a person who is here and belongs to party B's organisation (REQ-081)."""

from collections.abc import Iterator

from engine.kernel.findings import Finding
from engine.letters.content import Content
from engine.letters.draft_rules.remarks import on_item
from engine.letters.draft_rules.surroundings import Surroundings


def check(content: Content, around: Surroundings) -> Iterator[Finding]:
    """Items without an owner who can be asked."""
    for item in content.scored:
        if item.owner is None:
            yield on_item(content, item, "4.missing", "no owner", "choose one person", field="owner", fix="choose")
            continue
        person = around.people.get(item.owner)
        if person is None or not person.active:
            name = person.name if person else str(item.owner)
            yield on_item(
                content,
                item,
                "4.inactive",
                f"owner {name} is no longer here",
                "choose another",
                field="owner",
                owner=name,
            )
        elif person.org not in around.own_orgs:
            yield on_item(
                content,
                item,
                "4.elsewhere",
                f"owner {person.name} belongs to {person.org_name or 'no organisation'}, not to {content.org.name}",
                "choose somebody of the organisation",
                field="owner",
                owner=person.name,
                org=content.org.name,
            )
