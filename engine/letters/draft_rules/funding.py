"""Rule 7: what costs money in a project names the fund line that pays it when it falls due (REQ-076)."""

from collections.abc import Iterator

from engine.kernel.findings import Finding
from engine.letters.content import Content
from engine.letters.draft_rules.remarks import on_item
from engine.letters.draft_rules.surroundings import Surroundings
from engine.people.orgs import OrgType


def check(content: Content, around: Surroundings) -> Iterator[Finding]:
    """Items with cost that no fund line covers."""
    if content.org.type is not OrgType.PROJECT:
        return
    for item in content.items:
        if not item.cost:
            continue
        line = around.fund_lines.get(item.fund_line) if item.fund_line is not None else None
        if line is None:
            yield on_item(
                content,
                item,
                "7.missing",
                f"it costs {item.cost} and names no fund line",
                "choose the line that pays it",
                field="fund_line",
                cost=item.cost,
            )
        elif item.due is not None and not line.starts_on <= item.due <= line.ends_on:
            yield on_item(
                content,
                item,
                "7.period",
                f"fund line {line.name} runs {line.starts_on} to {line.ends_on}, due is {item.due}",
                "choose a line that covers the due date",
                field="fund_line",
                line=line.name,
                start=line.starts_on,
                end=line.ends_on,
                due=item.due,
            )
